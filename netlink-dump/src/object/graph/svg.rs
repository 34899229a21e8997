//! The picture as SVG, which browsers show.

use std::{fs, io};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{
    layout::{self, Layout, Point, Rect, Wire},
    machine::{Machine, Node, What},
};

/// The colors of a kind of link.
#[derive(Clone, Copy)]
pub(super) struct Look {
    head: &'static str,
    pub(super) pale: &'static str,
}

impl Look {
    pub(super) fn of(kind: &str) -> Self {
        let [head, pale] = match kind {
            "bridge" => ["#15803d", "#ecfdf3"],
            "bond" | "team" | "hsr" => ["#0f766e", "#ecfdfb"],
            "vrf" => ["#6d28d9", "#f5f0ff"],
            "veth" | "netkit" | "vxcan" => ["#1d4ed8", "#eef4ff"],
            "vlan" | "macvlan" | "macvtap" | "ipvlan" | "ipvtap" | "macsec" => {
                ["#b45309", "#fff8eb"]
            }
            "vxlan" | "geneve" | "gre" | "gretap" | "erspan" | "ip6gre" | "ip6gretap"
            | "ip6erspan" | "ipip" | "sit" | "ip6tnl" | "vti" | "vti6" | "xfrm" | "wireguard"
            | "gtp" | "bareudp" | "amt" => ["#be185d", "#fff0f6"],
            "tun" => ["#4d7c0f", "#f7fee7"],
            "remote" => ["#831843", "#fdf2f8"],
            "loopback" | "dummy" | "ifb" | "nlmon" => ["#64748b", "#f8fafc"],
            _ => ["#334155", "#f1f5f9"],
        };
        Self { head, pale }
    }
}

/// The colors of a connection, and what it is called.
fn stroke(what: What) -> (&'static str, &'static str) {
    match what {
        What::Peer => ("#2563eb", "two ends"),
        What::Port => ("#16a34a", "port of"),
        What::Over => ("#d97706", "lies over"),
        What::Tunnel => ("#db2777", "tunnel to"),
    }
}

const FONT: &str = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";
/// Width of a character, in parts of the size of its font.
const CHARACTER: f64 = 0.61;
const NAME: f64 = 12.5;
const SMALL: f64 = 10.5;
const LINE: f64 = 14.5;
const HEAD: f64 = 24.0;
const INSIDE: f64 = 9.0;
/// More lines of addresses than these are counted only.
const MANY: usize = 6;
/// A longer line is cut.
const LONG: usize = 50;
/// Around everything, and above it for the title.
const MARGIN: f64 = 24.0;
const TITLE: f64 = 34.0;
const LEGEND: f64 = 30.0;
const FRAME: f64 = 20.0;

/// How wide text is.
fn width(text: &str, size: f64) -> f64 {
    // Characters of East Asia are twice as wide.
    let columns = |char| {
        if matches!(char, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffe6}' | '\u{1f300}'..) {
            2.0
        } else {
            1.0
        }
    };
    text.chars().map(columns).sum::<f64>() * CHARACTER * size
}

/// What stands below the name, and how it looks.
fn lines(node: &Node) -> Vec<(String, &'static str)> {
    let mut lines = Vec::new();
    if let Some(mtu) = node.mtu {
        lines.push((format!("{} mtu {mtu}", node.state), "quiet"));
    }
    lines.extend(node.link_layer.iter().map(|address| (address.clone(), "quiet")));
    lines.extend(node.details.iter().map(|detail| (detail.clone(), "detail")));
    let shown = if node.addresses.len() > MANY { MANY - 1 } else { MANY };
    let addresses = node.addresses.iter().take(shown);
    lines.extend(addresses.map(|address| (address.clone(), "address")));
    if let more @ 1.. = node.addresses.len().saturating_sub(shown) {
        lines.push((format!("and {more} more"), "quiet"));
    }
    lines.extend(node.alias.iter().map(|alias| (format!("\u{201c}{alias}\u{201d}"), "alias")));
    for (line, _) in &mut lines {
        *line = cut(line);
    }
    lines
}

/// A line that is not too long.
fn cut(line: &str) -> String {
    match line.chars().count() > LONG {
        true => line.chars().take(LONG - 1).chain(['\u{2026}']).collect(),
        false => line.to_owned(),
    }
}

/// What stands above the frame of a namespace.
fn frame_title(machine: &Machine, namespace: usize) -> String {
    let name = machine.namespaces[namespace].name.as_deref().unwrap_or_default();
    cut(&format!("netns {name}"))
}

/// How large a node is.
fn size(node: &Node) -> Point {
    let head = width(&node.name, NAME) + width(&node.kind, SMALL) + 2.0 * INSIDE + 28.0;
    let lines = lines(node);
    let widest = lines.iter().map(|(line, _)| width(line, SMALL)).fold(0.0, f64::max);
    let body = if lines.is_empty() { 0.0 } else { LINE * lines.len() as f64 + INSIDE };
    (head.max(widest + 2.0 * INSIDE).max(110.0).ceil(), HEAD + body)
}

/// The text of an SVG file.
pub(super) fn draw(machine: &Machine) -> io::Result<String> {
    let sizes: Vec<Point> = machine.nodes.iter().map(size).collect();
    let titles: Vec<Point> = (0..machine.namespaces.len())
        .map(|at| (width(&frame_title(machine, at), NAME) + INSIDE, FRAME))
        .collect();
    let layout = layout::place(machine, &sizes, &titles);
    let mut svg = Svg { to: Writer::new_with_indent(Vec::new(), b' ', 1) };
    svg.document(machine, &layout)?;
    let mut bytes = svg.to.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// A number without digits that nobody sees.
fn number(value: f64) -> String {
    format!("{}", (value * 10.0).round() / 10.0)
}

struct Svg {
    to: Writer<Vec<u8>>,
}

type Attr<'a> = (&'a str, &'a str);

impl Svg {
    fn empty(&mut self, name: &str, attrs: &[Attr<'_>]) -> io::Result<()> {
        self.to.create_element(name).with_attributes(attrs.iter().copied()).write_empty()?;
        Ok(())
    }

    fn text(&mut self, (x, y): Point, attrs: &[Attr<'_>], text: &str) -> io::Result<()> {
        let (x, y) = (number(x), number(y));
        self.to
            .create_element("text")
            .with_attributes([("x", x.as_str()), ("y", y.as_str())])
            .with_attributes(attrs.iter().copied())
            .write_text_content(BytesText::new(text))?;
        Ok(())
    }

    fn rect(&mut self, rect: Rect, attrs: &[Attr<'_>]) -> io::Result<()> {
        let [x, y, w, h] = [rect.x, rect.y, rect.w, rect.h].map(number);
        self.to
            .create_element("rect")
            .with_attributes([("x", &*x), ("y", &*y), ("width", &*w), ("height", &*h)])
            .with_attributes(attrs.iter().copied())
            .write_empty()?;
        Ok(())
    }

    /// An element with others inside.
    fn group(
        &mut self,
        name: &str,
        attrs: &[Attr<'_>],
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = quick_xml::events::BytesStart::new(name);
        let start = start.with_attributes(attrs.iter().copied());
        let end = start.to_end().into_owned();
        self.to.write_event(Event::Start(start))?;
        inside(self)?;
        self.to.write_event(Event::End(end))
    }

    fn document(&mut self, machine: &Machine, layout: &Layout) -> io::Result<()> {
        self.to.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let legend_width = 760.0;
        let w = layout.size.0.max(legend_width) + 2.0 * MARGIN;
        let h = layout.size.1 + 2.0 * MARGIN + TITLE + LEGEND;
        let view = format!("0 0 {} {}", number(w), number(h));
        let (w, h) = (number(w), number(h));
        let attrs = [
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", w.as_str()),
            ("height", h.as_str()),
            ("viewBox", view.as_str()),
            ("font-family", FONT),
        ];
        self.group("svg", &attrs, |svg| {
            svg.style()?;
            svg.empty("rect", &[("width", "100%"), ("height", "100%"), ("fill", "#ffffff")])?;
            svg.text((MARGIN, MARGIN + 12.0), &[("class", "title")], &title(machine))?;
            let origin = format!("translate({} {})", number(MARGIN), number(MARGIN + TITLE));
            svg.group("g", &[("transform", &origin)], |svg| {
                svg.frames(machine, layout)?;
                for (edge, wire) in machine.edges.iter().zip(&layout.wires) {
                    let ids = (format!("n{}", edge.from), format!("n{}", edge.to));
                    svg.wire(edge.what, wire, &[("data-from", &ids.0), ("data-to", &ids.1)])?;
                }
                for (id, (node, rect)) in machine.nodes.iter().zip(&layout.nodes).enumerate() {
                    svg.node(id, node, *rect)?;
                }
                svg.legend(layout.size.1 + MARGIN)
            })
        })
    }

    fn style(&mut self) -> io::Result<()> {
        let mut style = format!(
            ".title{{font-size:15px;font-weight:bold;fill:#0f172a}}\
             .frame{{font-size:{NAME}px;font-weight:bold;fill:#475569}}\
             .name{{font-size:{NAME}px;font-weight:bold;fill:#fff}}\
             .kind{{font-size:{SMALL}px;fill:#fff;fill-opacity:.85;text-anchor:end}}\
             .quiet,.detail,.address,.alias,.legend{{font-size:{SMALL}px;fill:#64748b;white-space:pre}}\
             .detail{{fill:#92400e}}.address{{fill:#0f172a;font-weight:bold}}.alias{{font-style:italic}}\
             .wire{{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}}"
        );
        for what in What::ALL {
            let color = stroke(what).0;
            let dashes = if what == What::Tunnel { ";stroke-dasharray:5 4" } else { "" };
            style += &format!(".{}{{stroke:{color}{dashes}}}", class(what));
        }
        self.to.create_element("style").write_text_content(BytesText::new(&style))?;
        self.group("defs", &[], |svg| {
            for what in [What::Port, What::Over, What::Tunnel] {
                let attrs = [
                    ("id", class(what)),
                    ("viewBox", "0 0 8 8"),
                    ("refX", "7"),
                    ("refY", "4"),
                    ("markerWidth", "8"),
                    ("markerHeight", "8"),
                    ("markerUnits", "userSpaceOnUse"),
                    ("orient", "auto"),
                ];
                svg.group("marker", &attrs, |svg| {
                    svg.empty("path", &[("d", "M0 0L8 4L0 8Z"), ("fill", stroke(what).0)])
                })?;
            }
            Ok(())
        })
    }

    fn frames(&mut self, machine: &Machine, layout: &Layout) -> io::Result<()> {
        for (namespace, frame) in &layout.frames {
            let name = frame_title(machine, *namespace);
            self.rect(
                *frame,
                &[
                    ("rx", "10"),
                    ("fill", "#f8fafc"),
                    ("stroke", "#cbd5e1"),
                    ("stroke-dasharray", "6 4"),
                ],
            )?;
            self.text((frame.x + 14.0, frame.y + 20.0), &[("class", "frame")], &name)?;
        }
        Ok(())
    }

    fn wire(&mut self, what: What, wire: &Wire, data: &[Attr<'_>]) -> io::Result<()> {
        let classes = format!("wire {}", class(what));
        let arrow = format!("url(#{})", class(what));
        let path = path(wire);
        let mut attrs = vec![("class", classes.as_str()), ("d", &*path)];
        if what != What::Peer {
            attrs.push(("marker-end", &*arrow));
        }
        attrs.extend_from_slice(data);
        self.empty("path", &attrs)?;
        if what == What::Peer {
            let (start, end) = match wire {
                Wire::Bus(points) => (points.first().copied(), points.last().copied()),
                Wire::Curve([start, .., end]) => (Some(*start), Some(*end)),
            };
            for (x, y) in [start, end].into_iter().flatten() {
                let (x, y) = (number(x), number(y));
                let plug = [("cx", &*x), ("cy", &*y), ("r", "3.2"), ("fill", stroke(what).0)];
                self.empty("circle", &plug)?;
            }
        }
        Ok(())
    }

    fn node(&mut self, id: usize, node: &Node, rect: Rect) -> io::Result<()> {
        let id = format!("n{id}");
        let mut attrs = vec![("id", id.as_str())];
        if !node.is_up {
            attrs.push(("opacity", "0.72"));
        }
        self.group("g", &attrs, |svg| {
            svg.to.create_element("title").write_text_content(BytesText::new(&about(node)))?;
            let Look { head, pale } = Look::of(&node.kind);
            let round = if node.index.is_none() { "12" } else { "6" };
            let mut border = vec![("rx", round), ("fill", pale), ("stroke", head)];
            if !node.is_up {
                border.push(("stroke-dasharray", "4 3"));
            }
            svg.rect(rect, &border)?;
            let Rect { x, y, w, h } = rect;
            let lines = lines(node);
            if lines.is_empty() {
                svg.rect(rect, &[("rx", round), ("fill", head)])?;
            } else {
                // Round above, straight below.
                let [left, r] = [x, 6.0].map(number);
                let (across, down) = (number(w - 12.0), number(HEAD - 6.0));
                let path = format!(
                    "M{left} {bottom}v-{down}a{r} {r} 0 0 1 {r}-{r}h{across}a{r} {r} 0 0 1 {r} {r}v{down}z",
                    bottom = number(y + HEAD),
                );
                svg.empty("path", &[("d", &path), ("fill", head)])?;
            }
            let mut name_x = x + INSIDE;
            if node.index.is_some() {
                let light = match (node.is_up, node.has_carrier) {
                    (false, _) => "#ef4444",
                    (true, false) => "#facc15",
                    (true, true) => "#4ade80",
                };
                let (cx, cy) = (number(x + INSIDE + 4.0), number(y + HEAD / 2.0));
                svg.empty(
                    "circle",
                    &[("cx", &cx), ("cy", &cy), ("r", "4.5"), ("fill", light), ("stroke", "#fff")],
                )?;
                name_x += 14.0;
            }
            let base = y + HEAD / 2.0 + 4.3;
            svg.text((name_x, base), &[("class", "name")], &node.name)?;
            svg.text((x + w - INSIDE, base), &[("class", "kind")], &node.kind)?;
            for (number, (line, class)) in (1..).zip(lines) {
                let at = y + HEAD + LINE * f64::from(number);
                debug_assert!(at <= y + h);
                svg.text((x + INSIDE, at), &[("class", class)], &line)?;
            }
            Ok(())
        })
    }

    /// What the colors mean.
    fn legend(&mut self, y: f64) -> io::Result<()> {
        let mut x = 0.0;
        for what in What::ALL {
            let wire = Wire::Bus(vec![(x, y), (x + 34.0, y)]);
            self.wire(what, &wire, &[])?;
            let word = stroke(what).1;
            self.text((x + 42.0, y + 4.0), &[("class", "legend")], word)?;
            x += 62.0 + width(word, SMALL);
        }
        for (light, word) in [("#4ade80", "up"), ("#facc15", "up, no carrier"), ("#ef4444", "down")]
        {
            let (cx, cy) = (number(x + 6.0), number(y));
            let light =
                [("cx", &*cx), ("cy", &*cy), ("r", "4.5"), ("fill", light), ("stroke", "#94a3b8")];
            self.empty("circle", &light)?;
            self.text((x + 16.0, y + 4.0), &[("class", "legend")], word)?;
            x += 36.0 + width(word, SMALL);
        }
        Ok(())
    }
}

fn class(what: What) -> &'static str {
    match what {
        What::Peer => "peer",
        What::Port => "port",
        What::Over => "over",
        What::Tunnel => "tunnel",
    }
}

/// The path of a wire: corners of straight ones are round.
fn path(wire: &Wire) -> String {
    let point = |(x, y): Point| format!("{} {}", number(x), number(y));
    match wire {
        Wire::Curve([start, first, second, end]) => {
            format!("M{}C{} {} {}", point(*start), point(*first), point(*second), point(*end))
        }
        Wire::Bus(points) => {
            let mut path = String::new();
            for (at, &corner) in points.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|at| points.get(at));
                let (Some(&before), Some(&after)) = (before, points.get(at + 1)) else {
                    path += if at == 0 { "M" } else { "L" };
                    path += &point(corner);
                    continue;
                };
                let toward = |(x, y): Point| {
                    let (dx, dy) = (x - corner.0, y - corner.1);
                    let far = (dx * dx + dy * dy).sqrt(); // `hypot` alone would need libm.
                    let part = if far > 0.0 { (far / 2.0).min(7.0) / far } else { 0.0 };
                    (corner.0 + dx * part, corner.1 + dy * part)
                };
                path += &format!(
                    "L{}Q{} {}",
                    point(toward(before)),
                    point(corner),
                    point(toward(after))
                );
            }
            path
        }
    }
}

/// All of a node, which is shown where the pointer is.
fn about(node: &Node) -> String {
    let mut lines = vec![format!("{} ({})", node.name, node.kind)];
    lines.extend(node.index.map(|index| format!("index {index}")));
    if let Some(mtu) = node.mtu {
        lines.push(format!("{} mtu {mtu}", node.state));
    }
    lines.extend(node.link_layer.clone());
    lines.extend(node.details.iter().cloned());
    lines.extend(node.addresses.iter().cloned());
    lines.extend(node.alias.clone());
    lines.join("\n")
}

fn title(machine: &Machine) -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let links = machine.nodes.iter().filter(|node| node.index.is_some()).count();
    let s = |n| if n == 1 { "" } else { "s" };
    let spaces = match machine.namespaces.len() {
        1 => String::new(),
        n => format!(" in {n} namespaces"),
    };
    format!("{}: {links} link{}{spaces}", host.trim(), s(links))
}
