//! `graph` draws every link and every connection, once.

use std::{
    collections::BTreeMap,
    env,
    process::{Command, Stdio},
};

use quick_xml::{Reader, events::Event};
use serde_json::Value;

/// Links of many kinds in two namespaces, with all that a name can be made of.
const SETUP: &str = r#"
    mount -t tmpfs none /run
    ip link set lo up
    name=$(printf 'q"<&>\047\\')
    ip link add "$name" type veth peer name "$(printf 'b\377\001\033')"
    ip link set "$name" up alias "$(printf '<svg> "x" & \300\033 --> ]]>')"
    ip addr add 192.0.2.1/24 dev "$name"
    ip link add br0 type bridge
    ip link set "$name" master br0
    ip link add mv0 link br0 type macvlan mode bridge
    ip netns add 'far "&<'
    ip link add v0 type veth peer name v1 netns 'far "&<'
    ip link set v0 master br0
    ip -n 'far "&<' addr add 198.51.100.7/24 dev v1
    ip link add vx0 type vxlan id 7 dev br0 remote 198.51.100.7 dstport 4789
    ip link add vx1 type vxlan id 8 remote 198.51.100.9 dstport 4790
    ip link add vx2 type vxlan id 9 remote 198.51.100.9 dstport 4791
    for i in $(seq 1 40); do ip link add p$i type veth peer name e$i; ip link set p$i master br0; done
"#;

/// What a line of `graph` prints in a namespace of its own; nothing where that is refused.
fn graph(lines: &[&str]) -> Option<Vec<String>> {
    let runs: String = lines
        .iter()
        .map(|line| format!("'{}' {line}\nprintf '\\000'\n", env!("CARGO_BIN_EXE_netlink-dump")))
        .collect();
    let script = format!("set -e\n{SETUP}\n{runs}");
    let run = |options: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(options).args(["--", "sh", "-c", &script]).stdin(Stdio::null());
        command.output().unwrap()
    };
    let mut output = run(&["-nm"]);
    if !output.status.success() {
        // As root of a namespace of users.
        output = run(&["-Urnm"]);
    }
    if !output.status.success() {
        let promised = env::var_os("NETLINK_LIVE").is_some_and(|live| live == "1");
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!promised, "NETLINK_LIVE=1, but: {why}");
        eprintln!("NOT RUN: this system refuses network namespaces, or lacks links: {why}");
        return None;
    }
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.split_terminator('\0').map(str::to_owned).collect())
}

/// Each connection, by the names of both ends, and how often it is there.
type Edges = BTreeMap<(String, String), usize>;

/// The connections that JSON tells of.
fn edges_of_json(links: &[Value]) -> Edges {
    let mut edges = Edges::new();
    let name = |of: &Value| {
        let word = |key: &str| of[key].as_str().unwrap_or_default().to_owned();
        word("netns") + "/" + &word("ifname") + &word("address")
    };
    for link in links {
        for edge in link["edges"].as_array().unwrap() {
            *edges.entry((name(link), name(edge))).or_default() += 1;
        }
    }
    edges
}

/// The numbers of nodes, and those of the ends of each wire, of a picture that is well-formed.
fn svg_parts(svg: &str) -> (Vec<String>, Vec<(String, String)>, String) {
    let mut reader = Reader::from_str(svg);
    let (mut nodes, mut wires, mut text) = (Vec::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Text(more) => text += &more.decode().unwrap(),
            Event::GeneralRef(reference) => {
                text += match &*reference.decode().unwrap() {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("&{other};"),
                }
            }
            Event::Start(element) | Event::Empty(element) => {
                let attr = |name: &str| {
                    let value = element.try_get_attribute(name).unwrap()?;
                    Some(String::from_utf8(value.value.into_owned()).unwrap())
                };
                match element.name().as_ref() {
                    b"g" => nodes.extend(attr("id")),
                    b"path" => wires.extend(attr("data-from").zip(attr("data-to"))),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    assert!(svg.chars().all(|char| char == '\n' || !char.is_control()), "no XML may hold these");
    (nodes, wires, text)
}

#[test]
fn every_link_and_every_edge_once() {
    let lines =
        ["graph", "graph svg", "-j graph", "-a graph --dot", "-a graph --svg", "-a -j graph"];
    let Some(printed) = graph(&lines) else { return };
    for (pictures, all) in printed.chunks(3).zip([false, true]) {
        let [dot, svg, json] = pictures else { panic!("{} pictures", printed.len()) };
        let links: Vec<Value> = serde_json::from_str(json).unwrap();
        let edges = edges_of_json(&links);
        assert!(edges.values().all(|&count| count == 1), "{edges:?}");

        // lo, the odd pair, br0, mv0, v0, three VXLANs, 40 pairs; lo and v1 elsewhere. Some
        // kernels put links of their own into each namespace.
        let named =
            |link: &&Value| !["sit0", "tunl0", "gre0"].contains(&link["ifname"].as_str().unwrap());
        assert!(links.iter().filter(named).count() >= 89 + if all { 2 } else { 0 });
        let ends = |name: &str| edges.keys().filter(|(from, _)| from.ends_with(name)).count();
        assert_eq!(ends("/p7") + ends("/e7"), 2, "a port of br0, and a cable");
        assert_eq!([ends("/mv0"), ends("/vx0"), ends("/vx1")], [1, 2, 1]);
        assert_eq!(ends("/v0"), if all { 2 } else { 1 });
        assert_eq!(edges.len(), 88 + if all { 1 } else { 0 });

        // The end that two tunnels lead to is there once; with all namespaces, the other end is a
        // link of one.
        let remotes = if all { 1 } else { 2 };
        let (nodes, wires, text) = svg_parts(svg);
        assert_eq!(nodes.len(), links.len() + remotes);
        assert_eq!(wires.len(), edges.len());
        let is_node = |node: &String| nodes.contains(node);
        assert!(wires.iter().all(|(from, to)| is_node(from) && is_node(to)));
        for what in [
            "q\"<&>'\\",
            "b\\xff\\u{1}\\u{1b}",
            "<svg> \"x\" & \\xc0\\u{1b} --> ]]>",
            "192.0.2.1/24",
        ] {
            assert!(text.contains(what), "{what} is missing");
        }
        assert_eq!(all, text.contains("netns far \"&<"));

        let lines = |is: fn(&&str) -> bool| dot.lines().filter(is).count();
        assert_eq!(lines(|line| line.contains(" -> ")), edges.len());
        assert_eq!(lines(|line| line.contains("[label=")), nodes.len());
        assert_eq!(lines(|line| line.ends_with('{')), lines(|line| line.trim() == "}"));
        assert!(dot.contains(r#"q\"<&>'\\ (veth)\n"#), "{dot}");
        // Quotes come in pairs: those inside of strings have a backslash before them.
        let quotes = dot.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        assert_eq!(quotes % 2, 0);
    }
}

#[test]
fn files_and_mistakes() {
    let command = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_netlink-dump")).args(args).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let folder = env::temp_dir().join(format!("netlink-dump-graph-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    for (name, begins) in [("a.svg", "<?xml"), ("a.gv", "digraph"), ("a", "digraph")] {
        let file = folder.join(name);
        let path = file.to_str().unwrap();
        assert_eq!(command(&["graph", path]), (Some(0), String::new()));
        assert!(std::fs::read_to_string(&file).unwrap().starts_with(begins));
    }
    let file = folder.join("b.dot");
    let path = file.to_str().unwrap();
    assert_eq!(command(&["graph", "svg", "-o", path]).0, Some(0));
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("<?xml"));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(command(&["graph", "/nonexistent/a.svg"]).0, Some(1));
    assert_eq!(command(&["graph", "a", "b"]).0, Some(255));
    assert_eq!(command(&["graph", "help"]).0, Some(255));
}
