//! One link: its attributes, and the lines that `ip link` and `ip address` make of them.

use std::os::unix::ffi::OsStrExt;

use netlink_wire::{
    Attrs, LlAddr, Str, Struct,
    link::{
        AfSpec, AfSpecAttr, IfInfoMsg, IfLinkMode, IfOper, Iff, IflaEvent, Inet6Attr, InfoAttr,
        Link, LinkAttr, PropAttr, ProtInfo, ProtoDownReasonAttr, RtnlLinkStats, RtnlLinkStats64,
        VfInfoAttr, XdpAttr,
    },
};

use super::{Printer, Show, kind, stats::Stats, vf, xdp};
use crate::{
    failure::Faults,
    names::File,
    out::Out,
    palette::Kind,
    text::{Bytes, Hex, LinkLayer, Plain, Text as _},
};

/// What one message says of a link.
#[derive(Default)]
pub(crate) struct Row<'a> {
    pub(crate) header: IfInfoMsg,
    pub(crate) name: Option<Str<'a>>,
    address: Option<LlAddr<'a>>,
    broadcast: Option<LlAddr<'a>>,
    perm_address: Option<LlAddr<'a>>,
    mtu: Option<u32>,
    link: Option<u32>,
    link_netns_id: Option<i32>,
    qdisc: Option<Str<'a>>,
    pub(crate) master: Option<u32>,
    txq_len: Option<u32>,
    oper_state: Option<IfOper>,
    link_mode: Option<IfLinkMode>,
    pub(crate) group: Option<u32>,
    pub(crate) info: Option<Attrs<'a, InfoAttr<'a>>>,
    alias: Option<Str<'a>>,
    proto_down: Option<u8>,
    proto_down_reason: Option<Attrs<'a, ProtoDownReasonAttr<'a>>>,
    props: Option<Attrs<'a, PropAttr<'a>>>,
    promiscuity: Option<u32>,
    all_multi: Option<u32>,
    min_mtu: Option<u32>,
    max_mtu: Option<u32>,
    netns_immutable: Option<u8>,
    af_spec: Option<AfSpec<'a>>,
    /// What IPv6 tells of the link, if it was asked.
    inet6: Option<Attrs<'a, Inet6Attr<'a>>>,
    num_tx_queues: Option<u32>,
    num_rx_queues: Option<u32>,
    gso_max_size: Option<u32>,
    gso_max_segs: Option<u32>,
    tso_max_size: Option<u32>,
    tso_max_segs: Option<u32>,
    gro_max_size: Option<u32>,
    gso_ipv4_max_size: Option<u32>,
    gro_ipv4_max_size: Option<u32>,
    phys_port_name: Option<Str<'a>>,
    phys_port_id: Option<&'a [u8]>,
    phys_switch_id: Option<&'a [u8]>,
    parent_bus: Option<Str<'a>>,
    parent_dev: Option<Str<'a>>,
    stats: Option<Struct<'a, RtnlLinkStats>>,
    stats64: Option<Struct<'a, RtnlLinkStats64>>,
    carrier_changes: Option<u32>,
    event: Option<IflaEvent>,
    new_netns_id: Option<i32>,
    new_index: Option<i32>,
    num_vf: Option<u32>,
    vfs: Option<Attrs<'a, VfInfoAttr<'a>>>,
    xdp: Option<Attrs<'a, XdpAttr<'a>>>,
}

impl<'a> Row<'a> {
    /// Reads the attributes in one pass.
    pub(crate) fn read(link: &Link<'a>, faults: &mut Faults) -> Self {
        let mut row = Row { header: link.header, ..Row::default() };
        for attr in link.attrs {
            match attr {
                Ok(attr) => row.take(attr),
                Err(error) => faults.note(error),
            }
        }
        row
    }

    fn take(&mut self, attr: LinkAttr<'a>) {
        match attr {
            LinkAttr::IfName(name) => self.name = Some(name),
            LinkAttr::Address(address) => self.address = Some(address),
            LinkAttr::Broadcast(address) => self.broadcast = Some(address),
            LinkAttr::PermAddress(address) => self.perm_address = Some(address),
            LinkAttr::Mtu(mtu) => self.mtu = Some(mtu),
            LinkAttr::Link(index) => self.link = Some(index),
            LinkAttr::LinkNetnsId(id) => self.link_netns_id = Some(id),
            LinkAttr::Qdisc(name) => self.qdisc = Some(name),
            LinkAttr::Master(index) => self.master = Some(index),
            LinkAttr::TxqLen(len) => self.txq_len = Some(len),
            LinkAttr::OperState(state) => self.oper_state = Some(state),
            LinkAttr::LinkMode(mode) => self.link_mode = Some(mode),
            LinkAttr::Group(group) => self.group = Some(group),
            LinkAttr::LinkInfo(info) => self.info = Some(info),
            LinkAttr::IfAlias(alias) => self.alias = Some(alias),
            LinkAttr::ProtoDown(down) => self.proto_down = Some(down),
            LinkAttr::ProtoDownReason(reason) => self.proto_down_reason = Some(reason),
            LinkAttr::PropList(props) => self.props = Some(props),
            LinkAttr::Promiscuity(count) => self.promiscuity = Some(count),
            LinkAttr::AllMulti(count) => self.all_multi = Some(count),
            LinkAttr::MinMtu(mtu) => self.min_mtu = Some(mtu),
            LinkAttr::MaxMtu(mtu) => self.max_mtu = Some(mtu),
            LinkAttr::NetnsImmutable(immutable) => self.netns_immutable = Some(immutable),
            LinkAttr::AfSpec(families) => self.af_spec = Some(families),
            LinkAttr::ProtInfo(ProtInfo::Inet6(inet6)) => self.inet6 = Some(inet6),
            LinkAttr::NumTxQueues(count) => self.num_tx_queues = Some(count),
            LinkAttr::NumRxQueues(count) => self.num_rx_queues = Some(count),
            LinkAttr::GsoMaxSize(size) => self.gso_max_size = Some(size),
            LinkAttr::GsoMaxSegs(count) => self.gso_max_segs = Some(count),
            LinkAttr::TsoMaxSize(size) => self.tso_max_size = Some(size),
            LinkAttr::TsoMaxSegs(count) => self.tso_max_segs = Some(count),
            LinkAttr::GroMaxSize(size) => self.gro_max_size = Some(size),
            LinkAttr::GsoIpv4MaxSize(size) => self.gso_ipv4_max_size = Some(size),
            LinkAttr::GroIpv4MaxSize(size) => self.gro_ipv4_max_size = Some(size),
            LinkAttr::PhysPortName(name) => self.phys_port_name = Some(name),
            LinkAttr::PhysPortId(id) => self.phys_port_id = Some(id),
            LinkAttr::PhysSwitchId(id) => self.phys_switch_id = Some(id),
            LinkAttr::ParentDevBusName(name) => self.parent_bus = Some(name),
            LinkAttr::ParentDevName(name) => self.parent_dev = Some(name),
            LinkAttr::Stats(stats) => self.stats = Some(stats),
            LinkAttr::Stats64(stats) => self.stats64 = Some(stats),
            LinkAttr::CarrierChanges(count) => self.carrier_changes = Some(count),
            LinkAttr::Event(event) => self.event = Some(event),
            LinkAttr::NewNetnsId(id) => self.new_netns_id = Some(id),
            LinkAttr::NewIfIndex(index) => self.new_index = Some(index),
            LinkAttr::NumVf(count) => self.num_vf = Some(count),
            LinkAttr::VfInfoList(vfs) => self.vfs = Some(vfs),
            LinkAttr::Xdp(xdp) => self.xdp = Some(xdp),
            _ => {}
        }
    }

    /// Index of the link.
    pub(crate) fn index(&self) -> u32 {
        self.header.index as u32
    }

    /// Prints what is wanted of it, all but the end of the last line.
    pub(crate) fn show(&self, show: &Show, to: &mut Printer<'_>) {
        match to.args.brief {
            true => self.print_brief(show, to),
            false => self.print(show, to),
        }
    }

    fn print(&self, show: &Show, to: &mut Printer<'_>) {
        let Self { header, .. } = self;
        to.out.num("ifindex", ["", ": "], header.index);
        let lower_is_down = self.print_name(false, to);
        print_flags(header.flags, lower_is_down, to.out);
        if let Some(mtu) = self.mtu {
            to.out.num("mtu", ["mtu ", " "], mtu);
        }
        if let Some(xdp) = self.xdp {
            xdp::print_mark(xdp, !show.link, to);
        }
        if let Some(qdisc) = self.qdisc {
            to.out.word("qdisc", ["qdisc ", " "], qdisc);
        }
        if let Some(index) = self.master {
            to.out.word("master", ["master ", " "], to.names.link(index));
        }
        if let Some(state) = self.oper_state {
            to.out.text("state ");
            print_state(state, 0, to.out);
        }
        if let Some(mode) = self.link_mode.filter(|_| show.link) {
            match mode {
                IfLinkMode::DEFAULT | IfLinkMode::DORMANT => {
                    to.out.word("linkmode", ["mode ", " "], Plain(mode));
                }
                other => to.out.num("linkmode_index", ["mode ", " "], other.0),
            }
        }
        if let Some(group) = self.group {
            to.out.word("group", ["group ", " "], to.names.named(File::Groups, group));
        }
        if let Some(len) = self.txq_len.filter(|_| show.queue) {
            to.out.num("txqlen", ["qlen ", ""], len as i32);
        }
        if let Some(event) = self.event {
            to.out.word("link_event", ["event ", " "], Plain(event));
        }
        if show.link_layer {
            self.print_link_layer(to);
        }
        self.print_link_netns(show, to);
        self.print_proto_down(to);
        let details = to.args.details > 0;
        if details {
            self.print_details(show, to);
        }
        if let Some(alias) = self.alias.filter(|_| show.link || details) {
            to.out.new_line();
            to.out.word("ifalias", ["    alias ", ""], alias);
        }
        if let Some(xdp) = self.xdp.filter(|_| show.link || details) {
            xdp::print_programs(xdp, to);
        }
        if show.link && to.args.statistics > 0 {
            to.out.new_line();
            self.print_stats(to);
        }
        if show.link || details {
            self.print_vfs(to);
        }
        self.print_alt_names(to);
    }

    /// The traffic counters, all but the end of the last line.
    pub(crate) fn print_stats(&self, to: &mut Printer<'_>) {
        let stats = match (self.stats64, self.stats) {
            (Some(stats), _) => Stats::new(stats.read(), self.carrier_changes),
            (None, Some(stats)) => Stats::of_32_bits(stats.read(), self.carrier_changes),
            (None, None) => {
                let counters = self.inet6.and_then(|inet6| to.get(inet6, Inet6Attr::Stats));
                let Some(counters) = counters else { return };
                Stats::of_ipv6(counters)
            }
        };
        stats.print(to);
    }

    fn print_details(&self, show: &Show, to: &mut Printer<'_>) {
        to.num(self.promiscuity, "promiscuity", [" promiscuity ", " "]);
        to.num(self.all_multi, "allmulti", ["allmulti ", " "]);
        to.num(self.min_mtu, "min_mtu", ["minmtu ", " "]);
        to.num(self.max_mtu, "max_mtu", ["maxmtu ", " "]);
        if self.netns_immutable.is_some_and(|immutable| immutable != 0) {
            to.out.truth("netns-immutable", "netns-immutable ", true);
        }
        if let Some(info) = self.info {
            kind::print(info, to);
        }
        if show.link {
            self.print_addr_gen_mode(to);
        }
        to.num(self.num_tx_queues, "num_tx_queues", ["numtxqueues ", " "]);
        to.num(self.num_rx_queues, "num_rx_queues", ["numrxqueues ", " "]);
        to.num(self.gso_max_size, "gso_max_size", ["gso_max_size ", " "]);
        to.num(self.gso_max_segs, "gso_max_segs", ["gso_max_segs ", " "]);
        to.num(self.tso_max_size, "tso_max_size", ["tso_max_size ", " "]);
        to.num(self.tso_max_segs, "tso_max_segs", ["tso_max_segs ", " "]);
        to.num(self.gro_max_size, "gro_max_size", ["gro_max_size ", " "]);
        to.num(self.gso_ipv4_max_size, "gso_ipv4_max_size", ["gso_ipv4_max_size ", " "]);
        to.num(self.gro_ipv4_max_size, "gro_ipv4_max_size", ["gro_ipv4_max_size ", " "]);
        to.word(self.phys_port_name, "phys_port_name", ["portname ", " "]);
        to.word(self.phys_port_id.map(Bytes), "phys_port_id", ["portid ", " "]);
        to.word(self.phys_switch_id.map(Bytes), "phys_switch_id", ["switchid ", " "]);
        to.word(self.parent_bus, "parentbus", ["parentbus ", " "]);
        to.word(self.parent_dev, "parentdev", ["parentdev ", " "]);
    }

    fn print_addr_gen_mode(&self, to: &mut Printer<'_>) {
        let Some(AfSpec::Families(families)) = self.af_spec else { return };
        let Some(inet6) = to.get(families, AfSpecAttr::Inet6) else { return };
        let Some(mode) = to.get(inet6, Inet6Attr::AddrGenMode) else { return };
        let (key, text) = ("inet6_addr_gen_mode", ["addrgenmode ", " "]);
        match mode.word() {
            Some(word) => to.out.word(key, text, word),
            None => to.out.word(key, text, format_args!("{:#04x}", mode.0)),
        }
    }

    fn print_vfs(&self, to: &mut Printer<'_>) {
        let (Some(count), Some(vfs)) = (self.num_vf, self.vfs) else { return };
        let printed = vf::print(vfs, &self.header, to);
        if printed != count as usize {
            // The list is cut off where an attribute can be no longer.
            let name = self.name.map(Str::as_bytes).unwrap_or_default();
            let name = String::from_utf8_lossy(name);
            to.faults.tell(format_args!("Truncated VF list: {name}"));
        }
    }

    /// Prints the most important on one line, all but its end.
    fn print_brief(&self, show: &Show, to: &mut Printer<'_>) {
        let lower_is_down = self.print_name(true, to);
        if let Some(state) = self.oper_state {
            print_state(state, 14, to.out);
        }
        if !show.link {
            return;
        }
        if let Some(address) = self.address {
            let address = LinkLayer(address, self.header.kind);
            to.out.paint(Kind::LlAddr, |out| out.word("address", ["", " "], address));
        }
        print_flags(self.header.flags, lower_is_down, to.out);
    }

    /// The name, and that of the link below. Tells whether that one is down.
    fn print_name(&self, brief: bool, to: &mut Printer<'_>) -> bool {
        let name = self.name.unwrap_or("<nil>".into());
        let mut text = name.as_bytes().to_vec();
        let mut lower_is_down = false;
        match (self.link, self.link_netns_id) {
            (None, _) => {}
            (Some(0), _) => {
                to.out.mark("link", "");
                text.extend(b"@NONE");
            }
            (Some(index), Some(_)) => {
                to.out.json_num("link_index", index);
                text.extend(b"@if");
                index.append(&mut text);
            }
            (Some(index), None) => {
                lower_is_down = !to.names.link_is_up(index);
                let link = to.names.link(index);
                to.out.json_word("link", link);
                text.push(b'@');
                text.extend(link);
            }
        }
        to.out.json_word("ifname", name);
        to.out.paint(Kind::Link, |out| match brief {
            true => out.text_column(16, text.as_slice()),
            false => out.text_value(["", ": "], text.as_slice()),
        });
        lower_is_down
    }

    fn print_link_layer(&self, to: &mut Printer<'_>) {
        let IfInfoMsg { kind, flags, .. } = self.header;
        let out = &mut *to.out;
        out.new_line();
        match kind.word().filter(|_| !to.names.are_numbers()) {
            Some(word) => out.word("link_type", ["    link/", " "], word),
            None => out.word("link_type", ["    link/", " "], format_args!("[{}]", kind.0)),
        }
        if let Some(address) = self.address {
            let address = LinkLayer(address, kind);
            out.paint(Kind::LlAddr, |out| out.word("address", [""; 2], address));
        }
        if let Some(broadcast) = self.broadcast {
            let broadcast = LinkLayer(broadcast, kind);
            if flags.contains(Iff::POINTOPOINT) {
                out.text(" peer ");
                out.json_truth("link_pointtopoint", true);
            } else {
                out.text(" brd ");
            }
            out.paint(Kind::LlAddr, |out| out.word("broadcast", [""; 2], broadcast));
        }
        if let Some(address) = self.perm_address.filter(|_| self.perm_address != self.address) {
            out.text(" permaddr ");
            let address = LinkLayer(address, kind);
            out.paint(Kind::LlAddr, |out| out.word("permaddr", [""; 2], address));
        }
    }

    /// Where the link below is, and where the link itself has gone.
    fn print_link_netns(&self, show: &Show, to: &mut Printer<'_>) {
        if let Some(id) = self.link_netns_id {
            to.out.json_num("link_netnsid", id);
            match to.names.netns(id).filter(|_| show.netns_names) {
                _ if id < 0 => to.out.text(" link-netnsid unknown"),
                Some(name) => to.out.text_value([" link-netns ", ""], name.as_bytes()),
                None => to.out.text_value([" link-netnsid ", ""], id),
            }
        }
        if let Some(id) = self.new_netns_id {
            to.out.json_num("new_netnsid", id);
            match to.names.netns(id) {
                Some(name) => to.out.text_value([" new-netns ", ""], name.as_bytes()),
                None => to.out.text_value([" new-netnsid ", ""], id),
            }
        }
        if let Some(index) = self.new_index {
            to.out.num("new_ifindex", [" new-ifindex ", ""], index);
        }
    }

    fn print_proto_down(&self, to: &mut Printer<'_>) {
        if self.proto_down.is_some_and(|down| down != 0) {
            to.out.truth("proto_down", " protodown on ", true);
        }
        let Some(reasons) = self.proto_down_reason else { return };
        let bits = to.get(reasons, ProtoDownReasonAttr::Value).unwrap_or(0);
        if bits == 0 {
            return;
        }
        let names = &*to.names;
        to.out.array("proto_down_reason", |out| {
            out.text("protodown_reason <");
            let mut comma = "";
            for bit in (0..u32::BITS).filter(|bit| bits & (1 << bit) != 0) {
                out.item([comma, ""], names.named(File::ProtoDownReasons, bit));
                comma = ",";
            }
            out.text(">");
        });
    }

    fn print_alt_names(&self, to: &mut Printer<'_>) {
        let Some(props) = self.props else { return };
        let Printer { out, faults, .. } = to;
        let mut names = Vec::new();
        for name in props.all(PropAttr::AltIfName) {
            match name {
                Ok(name) => names.push(name.as_bytes()),
                Err(error) => faults.note(error),
            }
        }
        out.json_names("altnames", names.iter().copied());
        for name in names {
            if !out.is_json() {
                out.new_line();
                out.text_value(["    altname ", ""], name);
            }
        }
    }
}

/// Whether the link can pass packets; in text at least `width` bytes.
fn print_state(state: IfOper, width: usize, out: &mut Out) {
    match state.word() {
        Some(word) => {
            out.paint(Kind::of_state(word), |out| out.column("operstate", width, word));
        }
        None if out.is_json() => out.json_num("operstate_index", state.0),
        None => out.text_value([""; 2], Hex(state.0)),
    }
}

/// The flags, in the order in which `ip` has them.
const FLAGS: [Iff; 18] = [
    Iff::LOOPBACK,
    Iff::BROADCAST,
    Iff::POINTOPOINT,
    Iff::MULTICAST,
    Iff::NOARP,
    Iff::ALLMULTI,
    Iff::PROMISC,
    Iff::MASTER,
    Iff::SLAVE,
    Iff::DEBUG,
    Iff::DYNAMIC,
    Iff::AUTOMEDIA,
    Iff::PORTSEL,
    Iff::NOTRAILERS,
    Iff::UP,
    Iff::LOWER_UP,
    Iff::DORMANT,
    Iff::ECHO,
];

/// The flags in angle brackets. RUNNING is never there, but its absence is told.
fn print_flags(flags: Iff, lower_is_down: bool, out: &mut Out) {
    out.array("flags", |out| {
        out.text("<");
        let mut comma = "";
        if flags.contains(Iff::UP) && !flags.contains(Iff::RUNNING) {
            out.item([comma, ""], "NO-CARRIER");
            comma = ",";
        }
        let mut rest = flags.without(Iff::RUNNING);
        for flag in FLAGS.into_iter().filter(|&flag| flags.contains(flag)) {
            out.item([comma, ""], Plain(flag));
            comma = ",";
            rest = rest.without(flag);
        }
        if !rest.is_empty() {
            out.item([comma, ""], format_args!("{:x}", rest.0));
        }
        if lower_is_down {
            out.item([",", ""], "M-DOWN");
        }
        out.text("> ");
    });
}
