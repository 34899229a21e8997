//! The picture in the language of Graphviz.

use std::fmt::{self, Write as _};

use super::machine::{Machine, Node, What};

/// The text of a file for `dot`.
pub(super) fn draw(machine: &Machine) -> String {
    let mut dot = String::from(
        "digraph links {\n  rankdir=BT; ranksep=0.5; nodesep=0.3;\n  \
         node [shape=box, style=\"rounded,filled\", fontname=\"monospace\", fontsize=10];\n  \
         edge [fontname=\"monospace\", fontsize=9];\n",
    );
    for (at, namespace) in machine.namespaces.iter().enumerate() {
        let has_frame = machine.namespaces.len() > 1;
        if has_frame {
            let name = namespace.name.as_deref().unwrap_or("this namespace");
            let _ = writeln!(
                dot,
                "  subgraph cluster_{at} {{\n    label={}; style=\"rounded,dashed\"; \
                 fontname=\"monospace\";",
                Quoted(name)
            );
        }
        for (id, node) in machine.nodes.iter().enumerate().filter(|(_, n)| n.namespace == at) {
            let _ = writeln!(
                dot,
                "    n{id} [label={}, fillcolor={}, color={}{}];",
                Quoted(&label(node)),
                Quoted(fill(&node.kind)),
                Quoted(if node.is_up { "#334155" } else { "#dc2626" }),
                if node.index.is_none() { ", shape=ellipse" } else { "" },
            );
        }
        if has_frame {
            dot.push_str("  }\n");
        }
    }
    for edge in &machine.edges {
        let style = match edge.what {
            What::Peer => "dir=none, color=\"#2563eb\", penwidth=2",
            What::Port => "color=\"#16a34a\"",
            What::Over => "color=\"#d97706\"",
            What::Tunnel => "color=\"#db2777\", style=dashed, constraint=false",
        };
        let _ = writeln!(dot, "  n{} -> n{} [{style}];", edge.from, edge.to);
    }
    dot.push_str("}\n");
    dot
}

/// What stands in a node.
fn label(node: &Node) -> String {
    let mut lines = vec![format!("{} ({})", node.name, node.kind)];
    if let Some(mtu) = node.mtu {
        lines.push(format!("{} mtu {mtu}", node.state));
    }
    lines.extend(node.link_layer.clone());
    lines.extend(node.details.iter().cloned());
    lines.extend(node.addresses.iter().cloned());
    lines.extend(node.alias.as_ref().map(|alias| format!("\u{201c}{alias}\u{201d}")));
    lines.join("\n")
}

fn fill(kind: &str) -> &'static str {
    super::svg::Look::of(kind).pale
}

/// A string as DOT has it; its lines are centered.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for char in self.0.chars() {
            match char {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                char => f.write_char(char)?,
            }
        }
        f.write_char('"')
    }
}
