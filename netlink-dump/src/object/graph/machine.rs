//! What there is to draw: links, and how they are connected.

use std::{
    collections::HashMap,
    fs::{self, File},
    os::unix::fs::MetadataExt,
    path::Path,
};

use netlink_sys::{Netns, Protocol, Socket};
use netlink_wire::{
    NlmFlags, Rtm,
    addr::{AddrAttr, Address, IfAddrMsg},
    link::{
        BondAttr, GeneveAttr, GreAttr, HsrAttr, IfInfoMsg, Iff, InfoAttr, InfoData, Ip6tnlAttr,
        IptunAttr, IpvlanAttr, Link, LinkAttr, MacvlanAttr, RtextFilter, VlanAttr, VrfAttr,
        VtiAttr, VxlanAttr, XfrmAttr,
    },
};

use super::Context;
use crate::{
    failure::{Failure, Faults},
    names,
    text::{LinkLayer, Text},
};

/// Links of one or more network namespaces.
pub(super) struct Machine {
    pub(super) namespaces: Vec<Namespace>,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// A network namespace.
pub(super) struct Namespace {
    /// Nothing for the one that is looked at from.
    pub(super) name: Option<String>,
}

/// A link, or an address that a tunnel leads to.
#[derive(Default)]
pub(super) struct Node {
    pub(super) namespace: usize,
    /// Nothing for an address.
    pub(super) index: Option<u32>,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_up: bool,
    pub(super) has_carrier: bool,
    /// As `ip` says it: `UP`, `LOWERLAYERDOWN`.
    pub(super) state: String,
    pub(super) mtu: Option<u32>,
    pub(super) link_layer: Option<String>,
    /// What is particular to the kind: `id 10`, `mode active-backup`.
    pub(super) details: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) alias: Option<String>,
}

/// How two nodes are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Two ends of one cable.
    Peer,
    /// The first is a port, slave or member of the second.
    Port,
    /// The first lies over the second.
    Over,
    /// The first is a tunnel to the second.
    Tunnel,
}

impl What {
    pub(super) const ALL: [Self; 4] = [Self::Peer, Self::Port, Self::Over, Self::Tunnel];
}

/// A connection of two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) what: What,
}

/// What a link says of others, until all links are known.
#[derive(Default)]
struct Hints {
    master: Option<u32>,
    /// What it lies over, or its other end, and the id of the namespace that is in.
    link: Option<(u32, Option<i32>)>,
    lowers: Vec<u32>,
    remote: Option<String>,
}

/// A namespace while it is read.
struct Source {
    name: Option<String>,
    file: File,
    socket: Socket,
}

impl Machine {
    /// Reads the links of this namespace, or of all if that is wanted.
    pub(super) fn read(context: &mut Context) -> Result<Self, Failure> {
        let mut sources = sources(context)?;
        let mut machine = Self { namespaces: Vec::new(), nodes: Vec::new(), edges: Vec::new() };
        let mut hints = Vec::new();
        // Which namespace an id of another one means.
        let mut ids = HashMap::new();
        for at in 0..sources.len() {
            machine.read_links(context, &mut sources[at].socket, at, &mut hints)?;
            machine.read_addresses(context, &mut sources[at].socket, at)?;
            for of in 0..sources.len() {
                let file = sources[of].file.try_clone()?;
                if let Some(id) = names::netns_id(&mut sources[at].socket, &file) {
                    ids.insert((at, id), of);
                }
            }
        }
        machine.namespaces =
            sources.into_iter().map(|Source { name, .. }| Namespace { name }).collect();
        machine.connect(&hints, &ids, context);
        Ok(machine)
    }

    fn read_links(
        &mut self,
        context: &mut Context,
        socket: &mut Socket,
        namespace: usize,
        hints: &mut Vec<Hints>,
    ) -> Result<(), Failure> {
        let mut buf = [0; 64];
        let mut request =
            Link::writer(&mut buf, Rtm::GETLINK, NlmFlags::DUMP, &IfInfoMsg::default());
        request.push(LinkAttr::ExtMask(RtextFilter::SKIP_STATS));
        context.dump_over(socket, request.finish()?, Failure::MISSING, |context, message| {
            let (node, hint) = link(&Link::parse(message)?, namespace, &mut context.faults);
            self.nodes.push(node);
            hints.push(hint);
            Ok(())
        })
    }

    fn read_addresses(
        &mut self,
        context: &mut Context,
        socket: &mut Socket,
        namespace: usize,
    ) -> Result<(), Failure> {
        let links = self.links();
        let mut buf = [0; 64];
        let header = IfAddrMsg::default();
        let request = Address::writer(&mut buf, Rtm::GETADDR, NlmFlags::DUMP, &header).finish()?;
        context.dump_over(socket, request, Failure::MISSING, |context, message| {
            let address = Address::parse(message)?;
            let mut read = |attr| context.faults.read(attr);
            let ip = read(address.get(AddrAttr::Local));
            let Some(ip) = ip.or_else(|| read(address.get(AddrAttr::Address))) else {
                return Ok(());
            };
            let at = links.get(&(namespace, address.header.index));
            if let Some(node) = at.and_then(|&at| self.nodes.get_mut(at)) {
                node.addresses.push(format!("{}/{}", text(ip), address.header.prefixlen));
            }
            Ok(())
        })
    }

    /// Where each link is, by its namespace and index.
    fn links(&self) -> HashMap<(usize, u32), usize> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter_map(|(at, node)| Some(((node.namespace, node.index?), at))).collect()
    }

    /// Makes the edges: each connection once, though both ends tell of some.
    fn connect(&mut self, hints: &[Hints], ids: &HashMap<(usize, i32), usize>, context: &Context) {
        let links = self.links();
        for (from, hint) in hints.iter().enumerate() {
            let namespace = self.nodes[from].namespace;
            let here = |index: u32| links.get(&(namespace, index)).copied();
            if let Some(to) = hint.master.and_then(here) {
                self.add(Edge { from, to, what: What::Port });
            }
            // Those of another namespace have numbers of that one.
            let lowers =
                hint.lowers.iter().filter(|_| hint.link.is_none_or(|(_, id)| id.is_none()));
            for to in lowers.filter_map(|&lower| here(lower)).filter(|&to| to != from) {
                self.add(Edge { from, to, what: What::Over });
            }
            if let Some((index, id)) = hint.link {
                let is_peer = is_pair(&self.nodes[from].kind);
                let what = if is_peer { What::Peer } else { What::Over };
                let of = match id {
                    None => Some(namespace),
                    Some(id) => ids.get(&(namespace, id)).copied(),
                };
                match of.and_then(|of| links.get(&(of, index))) {
                    Some(&to) if to != from => self.add(Edge { from, to, what }),
                    Some(_) => {}
                    None => {
                        let name = id.filter(|_| namespace == 0);
                        let name = name.and_then(|id| context.names.netns(id));
                        let whose = match (name, id) {
                            (Some(name), _) => {
                                format!(" in {}", printable(name.as_encoded_bytes()))
                            }
                            (None, Some(id)) if id >= 0 => format!(" in namespace {id}"),
                            (None, Some(_)) => " in another namespace".to_owned(),
                            (None, None) => String::new(),
                        };
                        let what = if is_peer { "peer" } else { "over" };
                        self.nodes[from].details.push(format!("{what} if{index}{whose}"));
                    }
                }
            }
            if let Some(remote) = &hint.remote {
                let to = self.end(from, remote);
                self.add(Edge { from, to, what: What::Tunnel });
            }
        }
    }

    /// Adds an edge, unless there is one of the kind between the two.
    fn add(&mut self, edge: Edge) {
        let Edge { from, to, what } = edge;
        let turned = Edge { from: to, to: from, what };
        let is_known = |known: &Edge| *known == edge || what == What::Peer && *known == turned;
        if !self.edges.iter().any(is_known) {
            self.edges.push(edge);
        }
    }

    /// The node that a tunnel leads to: a link of another namespace that has the address, or else
    /// the address itself.
    fn end(&mut self, tunnel: usize, remote: &str) -> usize {
        let namespace = self.nodes[tunnel].namespace;
        let has = |node: &Node| node.addresses.iter().any(|a| a.split('/').next() == Some(remote));
        let other = |node: &Node| node.index.is_some() && node.namespace != namespace && has(node);
        let known = |node: &Node| {
            node.index.is_none() && node.namespace == namespace && node.name == remote
        };
        let found = self.nodes.iter().position(other);
        found.or_else(|| self.nodes.iter().position(known)).unwrap_or_else(|| {
            let name = remote.to_owned();
            let kind = "remote".to_owned();
            self.nodes.push(Node { namespace, name, kind, is_up: true, ..Node::default() });
            self.nodes.len() - 1
        })
    }
}

/// The namespaces to read: the one that is looked at from comes first.
fn sources(context: &mut Context) -> Result<Vec<Source>, Failure> {
    let here = File::open("/proc/thread-self/ns/net")?;
    let mut sources = Vec::new();
    if context.args.all {
        let mut names: Vec<_> = match fs::read_dir("/run/netns") {
            Ok(folder) => folder.flatten().map(|entry| entry.file_name()).collect(),
            Err(_) => Vec::new(),
        };
        names.sort();
        for name in names {
            let file = File::open(Path::new("/run/netns").join(&name))?;
            let netns = Netns::from(std::os::fd::OwnedFd::from(file.try_clone()?));
            let name = printable(name.as_encoded_bytes());
            let opened = Socket::builder(Protocol::ROUTE).netns(netns).open();
            match opened {
                Ok(socket) => sources.push(Source { name: Some(name), file, socket }),
                // A name whose namespace was never mounted, or is gone.
                Err(error) => {
                    context.faults.tell(format_args!("netlink-dump: namespace {name}: {error}"));
                }
            }
        }
    }
    let inode = |file: &File| file.metadata().map(|m| (m.dev(), m.ino())).ok();
    let named = sources.iter().position(|source| inode(&source.file) == inode(&here));
    let first = match named {
        Some(at) => sources.remove(at),
        None => Source { name: None, file: here, socket: context.open()? },
    };
    sources.insert(0, first);
    Ok(sources)
}

/// Whether the other link that one tells of is its other end, and none below it.
fn is_pair(kind: &str) -> bool {
    matches!(kind, "veth" | "netkit" | "vxcan")
}

/// Reads a link.
fn link(link: &Link<'_>, namespace: usize, faults: &mut Faults) -> (Node, Hints) {
    let IfInfoMsg { index, flags, kind: arphrd, .. } = link.header;
    let index = index as u32;
    let info = faults.read(link.get(LinkAttr::LinkInfo));
    let kind = info.and_then(|info| faults.read(info.get(InfoAttr::Kind)));
    let kind = match kind {
        Some(kind) => printable(kind.as_bytes()),
        None if flags.contains(Iff::LOOPBACK) => "loopback".to_owned(),
        None => arphrd.to_string(),
    };
    let name = faults.read(link.get(LinkAttr::IfName));
    let link_layer = faults.read(link.get(LinkAttr::Address));
    let link_layer = link_layer.filter(|address| address.0.iter().any(|&byte| byte != 0));
    let state = faults.read(link.get(LinkAttr::OperState));
    let mut node = Node {
        namespace,
        index: Some(index),
        name: name.map_or_else(|| format!("if{index}"), |name| printable(name.as_bytes())),
        kind,
        is_up: flags.contains(Iff::UP),
        has_carrier: flags.contains(Iff::LOWER_UP),
        state: state.map_or_else(String::new, |state| state.to_string()),
        mtu: faults.read(link.get(LinkAttr::Mtu)),
        link_layer: link_layer.map(|address| text(LinkLayer(address, arphrd))),
        alias: faults.read(link.get(LinkAttr::IfAlias)).map(|a| printable(a.as_bytes())),
        ..Node::default()
    };
    let netns_id = faults.read(link.get(LinkAttr::LinkNetnsId));
    let below = faults.read(link.get(LinkAttr::Link));
    let below = below.filter(|&below| below != 0 && (below != index || netns_id.is_some()));
    let mut hints = Hints {
        master: faults.read(link.get(LinkAttr::Master)),
        link: below.map(|below| (below, netns_id)),
        ..Hints::default()
    };
    if let Some(data) = info.and_then(|info| faults.read(InfoData::of(info))) {
        settings(data, &mut node.details, &mut hints, faults);
    }
    (node, hints)
}

/// What is worth showing of the settings of a kind.
fn settings(data: InfoData<'_>, details: &mut Vec<String>, hints: &mut Hints, faults: &mut Faults) {
    let Hints { lowers, remote: far, .. } = hints;
    let mut ends = |local: Option<String>, remote: Option<String>, details: &mut Vec<String>| {
        let is_set = |end: &String| !matches!(end.as_str(), "0.0.0.0" | "::");
        if let Some(local) = local.filter(is_set) {
            details.push(format!("local {local}"));
        }
        if let Some(remote) = remote.filter(is_set) {
            details.push(format!("remote {remote}"));
            *far = Some(remote);
        }
    };
    match data {
        InfoData::Vlan(vlan) => {
            details.extend(faults.read(vlan.get(VlanAttr::Id)).map(|id| format!("id {id}")));
        }
        InfoData::Vrf(vrf) => {
            details.extend(faults.read(vrf.get(VrfAttr::Table)).map(|t| format!("table {t}")));
        }
        InfoData::Bond(bond) => {
            details.extend(faults.read(bond.get(BondAttr::Mode)).map(|mode| mode.to_string()));
        }
        InfoData::Macvlan(macvlan) | InfoData::Macvtap(macvlan) => {
            details.extend(faults.read(macvlan.get(MacvlanAttr::Mode)).map(|m| m.to_string()));
        }
        InfoData::Ipvlan(ipvlan) | InfoData::Ipvtap(ipvlan) => {
            details.extend(faults.read(ipvlan.get(IpvlanAttr::Mode)).map(|m| m.to_string()));
        }
        InfoData::Xfrm(xfrm) => {
            details
                .extend(faults.read(xfrm.get(XfrmAttr::IfId)).map(|id| format!("if_id {id:#x}")));
        }
        InfoData::Hsr(hsr) => {
            for attr in [HsrAttr::Slave1, HsrAttr::Slave2, HsrAttr::Interlink] {
                lowers.extend(faults.read(hsr.get(attr)));
            }
        }
        InfoData::Vxlan(vxlan) => {
            lowers.extend(faults.read(vxlan.get(VxlanAttr::Link)));
            details.extend(faults.read(vxlan.get(VxlanAttr::Id)).map(|id| format!("vni {id}")));
            let local = faults.read(vxlan.get(VxlanAttr::Local)).map(text);
            let local = local.or_else(|| faults.read(vxlan.get(VxlanAttr::Local6)).map(text));
            let remote = faults.read(vxlan.get(VxlanAttr::Group)).map(text);
            let remote = remote.or_else(|| faults.read(vxlan.get(VxlanAttr::Group6)).map(text));
            ends(local, remote, details);
        }
        InfoData::Geneve(geneve) => {
            details.extend(faults.read(geneve.get(GeneveAttr::Id)).map(|id| format!("vni {id}")));
            let remote = faults.read(geneve.get(GeneveAttr::Remote)).map(text);
            let remote = remote.or_else(|| faults.read(geneve.get(GeneveAttr::Remote6)).map(text));
            ends(None, remote, details);
        }
        InfoData::Gre(gre)
        | InfoData::Gretap(gre)
        | InfoData::Erspan(gre)
        | InfoData::Ip6gre(gre)
        | InfoData::Ip6gretap(gre)
        | InfoData::Ip6erspan(gre) => {
            lowers.extend(faults.read(gre.get(GreAttr::Link)));
            let local = faults.read(gre.get(GreAttr::Local)).map(text);
            let remote = faults.read(gre.get(GreAttr::Remote)).map(text);
            ends(local, remote, details);
        }
        InfoData::Ipip(tunnel) | InfoData::Sit(tunnel) => {
            lowers.extend(faults.read(tunnel.get(IptunAttr::Link)));
            let local = faults.read(tunnel.get(IptunAttr::Local)).map(text);
            let remote = faults.read(tunnel.get(IptunAttr::Remote)).map(text);
            ends(local, remote, details);
        }
        InfoData::Ip6tnl(tunnel) => {
            lowers.extend(faults.read(tunnel.get(Ip6tnlAttr::Link)));
            let local = faults.read(tunnel.get(Ip6tnlAttr::Local)).map(text);
            let remote = faults.read(tunnel.get(Ip6tnlAttr::Remote)).map(text);
            ends(local, remote, details);
        }
        InfoData::Vti(vti) | InfoData::Vti6(vti) => {
            lowers.extend(faults.read(vti.get(VtiAttr::Link)));
            let local = faults.read(vti.get(VtiAttr::Local)).map(text);
            let remote = faults.read(vti.get(VtiAttr::Remote)).map(text);
            ends(local, remote, details);
        }
        _ => {}
    }
}

fn text(value: impl Text) -> String {
    let mut bytes = Vec::new();
    value.append(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Bytes as text that can be drawn: those that are no UTF-8 and control characters as `\xff`.
fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            // Those that are none by Unicode's own word, and no XML may hold.
            let is_none = matches!(char, '\u{fffe}' | '\u{ffff}');
            match char.is_control() || is_none {
                true => text.extend(char.escape_default()),
                false => text.push(char),
            }
        }
        chunk.invalid().iter().for_each(|byte| text += &format!("\\x{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn any_bytes_can_be_drawn() {
        assert_eq!(printable("ä\"<b>&'\\".as_bytes()), "ä\"<b>&'\\");
        assert_eq!(printable(b"a\xff\x01\x1b\n"), "a\\xff\\u{1}\\u{1b}\\n");
    }
}
