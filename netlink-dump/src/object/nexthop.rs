//! Nexthop objects and the buckets of resilient groups, as `ip nexthop` prints them.

use std::{collections::HashMap, rc::Rc};

use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    Addr, Attrs, Header, Message, NlmFlags, Packed, Rtm, Whole, Writer,
    nexthop::{
        GroupStatsAttr, GroupStatsEntryAttr, Nexthop, NexthopAttr, NexthopGrp, NexthopGrpType,
        NhMsg, NhaOpFlags, ResBucketAttr, ResGroupAttr,
    },
    route::{Encap, RtProt, RtScope},
};

use super::{
    Context,
    route::{Printer, print_flags},
};
use crate::{
    args::{Args, Family},
    failure::{Failure, Faults, NoRow},
    help::Help,
    names::{File, Names},
    out::Out,
    selector::{Word, Words},
    text::{Plain, Significant},
};

pub(super) const HELP: Help = Help {
    about: "nexthop objects, and the buckets of resilient groups",
    usage: &[
        "nexthop [show] [WORDS]",
        "nexthop get id ID",
        "nexthop bucket [show] [WORDS]",
        "nexthop bucket get id ID index INDEX",
    ],
    words: &[
        ("id ID", "the one with this id; buckets of this group"),
        ("dev DEV", "those that leave through this link"),
        ("master DEV", "those that leave through a port of a bridge, bond, .."),
        ("vrf DEV", "those in this VRF"),
        ("groups", "groups alone"),
        ("fdb", "those that forwarding entries use"),
        ("protocol NUMBER", "those that this protocol set"),
        ("nhid ID", "buckets that use this nexthop"),
    ],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    match words.command("nexthop", &HELP, &["show", "get", "bucket"])? {
        "get" => get(context, words),
        "bucket" => match words.command("nexthop", &HELP, &["show", "get"])? {
            "get" => get_bucket(context, words),
            _ => show_buckets(context, words),
        },
        _ => show(context, words),
    }
}

/// Which nexthop objects, or buckets of them, are shown. What is not told may be anything.
#[derive(Debug, Default)]
struct Selection {
    id: Option<u32>,
    oif: Option<u32>,
    master: Option<u32>,
    groups: bool,
    fdb: bool,
    /// Nexthop object of a bucket.
    nh_id: Option<u32>,
}

impl Selection {
    /// Reads a keyword that nexthop objects and buckets share.
    fn parse(&mut self, word: &Word, words: &mut Words, names: &mut Names) -> Result<(), Failure> {
        let mut link = |names: &mut Names| {
            let name = words.value()?;
            let index = names.link_index(name.as_bytes());
            index.ok_or_else(|| name.wrong("Device does not exist")).map(Some)
        };
        if word.begins("dev") {
            self.oif = link(names)?;
        } else if word.begins("master") {
            self.master = link(names)?;
        } else if word.begins("vrf") {
            let name = words.value()?;
            let index = names.vrf_index(name.as_bytes());
            self.master = Some(index.ok_or_else(|| name.wrong("Invalid VRF"))?);
        } else if word.begins("help") {
            return Err(Failure::usage(&HELP));
        } else {
            return Err(word.wrong(""));
        }
        Ok(())
    }

    /// The request, which has the kernel leave out the others.
    fn request<'b>(
        &self,
        buf: &'b mut [u8],
        kind: Rtm,
        args: &Args,
    ) -> Result<&'b mut [u8], Failure> {
        let mut request = Nexthop::writer(buf, kind, NlmFlags::DUMP, &header(args));
        if let Some(index) = self.oif {
            request.push(NexthopAttr::Oif(index));
        }
        if self.groups {
            request.push(NexthopAttr::Groups(()));
        }
        if let Some(index) = self.master {
            request.push(NexthopAttr::Master(index));
        }
        if self.fdb {
            request.push(NexthopAttr::Fdb(()));
        }
        if kind == Rtm::GETNEXTHOP {
            push_op_flags(&mut request, args.statistics);
        }
        if let Some(id) = self.id {
            request.push(NexthopAttr::Id(id));
        }
        if let Some(id) = self.nh_id {
            request.nest(NexthopAttr::ResBucket, |bucket| {
                bucket.push(ResBucketAttr::NhId(id));
            });
        }
        Ok(request.finish()?)
    }
}

fn header(args: &Args) -> NhMsg {
    NhMsg { family: args.family.unwrap_or(Family::UNSPEC).0, ..NhMsg::default() }
}

/// Asks for counters. Without any, nothing is pushed: kernels before 6.9 would refuse it.
fn push_op_flags(request: &mut Writer<'_, NexthopAttr<'static>, Whole>, statistics: u8) {
    match statistics {
        0 => {}
        1 => drop(request.push(NexthopAttr::OpFlags(NhaOpFlags::DUMP_STATS))),
        _ => {
            let flags = NhaOpFlags::DUMP_STATS | NhaOpFlags::DUMP_HW_STATS;
            request.push(NexthopAttr::OpFlags(flags));
        }
    }
}

fn show(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut selection = Selection::default();
    let mut protocol = 0;
    while let Some(word) = words.next() {
        if word.begins("groups") {
            selection.groups = true;
        } else if word.is("id") {
            let id = words.value()?.number("invalid id value")?;
            return show_one(context, id);
        } else if word.begins("protocol") {
            protocol = words.value()?.number("invalid protocol value")?;
        } else if word.begins("fdb") {
            selection.fdb = true;
        } else {
            selection.parse(&word, words, &mut context.names)?;
        }
    }
    let mut buf = [0; 64];
    let request = selection.request(&mut buf, Rtm::GETNEXTHOP, &context.args)?;
    context.list(|context| {
        context.dump(request, Failure::KERNEL, |context, message| {
            let nexthop = Nexthop::parse(message)?;
            match protocol {
                0 => row(context, &nexthop),
                wanted if wanted == u32::from(nexthop.header.protocol.0) => row(context, &nexthop),
                _ => Ok(()),
            }
        })
    })
}

fn row(context: &mut Context, nexthop: &Nexthop<'_>) -> Result<(), NoRow> {
    let Context { args, names, out, faults, .. } = context;
    let mut nexthops = NexthopCache::default();
    let mut printer = Printer::new(args, names, faults, &mut nexthops);
    Ok(out.row(|out| printer.nexthop(nexthop, out))?)
}

fn bucket_row(context: &mut Context, message: Message<'_>) -> Result<(), NoRow> {
    let Context { out, faults, .. } = context;
    let bucket = Nexthop::parse(message)?;
    Ok(out.row(|out| print_bucket(&bucket, faults, out))?)
}

fn get(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut id = 0;
    while let Some(word) = words.next() {
        if !word.is("id") {
            return Err(Failure::usage(&HELP));
        }
        id = words.value()?.number("invalid id value")?;
    }
    if id == 0 { Err(Failure::usage(&HELP)) } else { show_one(context, id) }
}

fn show_one(context: &mut Context, id: u32) -> Result<(), Failure> {
    let mut buf = [0; 64];
    let request = request_one(&mut buf, id, context.args.statistics)?;
    context.ask(request, |context, message| row(context, &Nexthop::parse(message)?))
}

fn request_one(buf: &mut [u8], id: u32, statistics: u8) -> Result<&mut [u8], Failure> {
    let flags = NlmFlags::default();
    let mut request = Nexthop::writer(buf, Rtm::GETNEXTHOP, flags, &NhMsg::default());
    request.push(NexthopAttr::Id(id));
    push_op_flags(&mut request, statistics);
    Ok(request.finish()?)
}

fn show_buckets(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut selection = Selection::default();
    while let Some(word) = words.next() {
        if word.is("id") {
            selection.id = Some(words.value()?.number("invalid id value")?);
        } else if word.is("nhid") {
            selection.nh_id = Some(words.value()?.number("invalid id value")?);
        } else {
            selection.parse(&word, words, &mut context.names)?;
        }
    }
    let mut buf = [0; 64];
    let request = selection.request(&mut buf, Rtm::GETNEXTHOPBUCKET, &context.args)?;
    context.list(|context| context.dump(request, Failure::KERNEL, bucket_row))
}

fn get_bucket(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let (mut id, mut index) = (0, None);
    while let Some(word) = words.next() {
        if word.is("id") {
            id = words.value()?.number("invalid id value")?;
        } else if word.is("index") {
            index = Some(words.value()?.number("invalid bucket index value")?);
        } else {
            return Err(Failure::usage(&HELP));
        }
    }
    let (1.., Some(index)) = (id, index) else { return Err(Failure::usage(&HELP)) };
    let mut buf = [0; 64];
    let (flags, header) = (NlmFlags::default(), header(&context.args));
    let mut request = Nexthop::writer(&mut buf, Rtm::GETNEXTHOPBUCKET, flags, &header);
    request.push(NexthopAttr::Id(id)).nest(NexthopAttr::ResBucket, |bucket| {
        bucket.push(ResBucketAttr::Index(index));
    });
    context.ask(request.finish()?, bucket_row)
}

/// The attributes of a nexthop object, read in one pass.
#[derive(Default)]
struct Fields<'a> {
    id: u32,
    group: Option<Packed<'a, NexthopGrp>>,
    group_type: NexthopGrpType,
    blackhole: bool,
    oif: Option<u32>,
    gateway: Option<Addr<'a>>,
    encap: Option<Encap<'a>>,
    fdb: bool,
    res_group: Option<Attrs<'a, ResGroupAttr<'a>>>,
    stats: Option<Attrs<'a, GroupStatsAttr<'a>>>,
    hw_stats_enable: Option<u32>,
    hw_stats_used: u32,
}

impl<'a> Fields<'a> {
    fn read(nexthop: &Nexthop<'a>, faults: &mut Faults) -> Self {
        let mut fields = Self::default();
        for attr in nexthop.attrs {
            match attr {
                Ok(NexthopAttr::Id(id)) => fields.id = id,
                Ok(NexthopAttr::Group(group)) => fields.group = Some(group),
                Ok(NexthopAttr::GroupType(kind)) => fields.group_type = kind,
                Ok(NexthopAttr::Blackhole(())) => fields.blackhole = true,
                Ok(NexthopAttr::Oif(index)) => fields.oif = Some(index),
                Ok(NexthopAttr::Gateway(gateway)) => fields.gateway = Some(gateway),
                Ok(NexthopAttr::Encap(_)) => fields.encap = faults.read(nexthop.encap()),
                Ok(NexthopAttr::Fdb(())) => fields.fdb = true,
                Ok(NexthopAttr::ResGroup(args)) => fields.res_group = Some(args),
                Ok(NexthopAttr::GroupStats(stats)) => fields.stats = Some(stats),
                Ok(NexthopAttr::HwStatsEnable(enable)) => fields.hw_stats_enable = Some(enable),
                Ok(NexthopAttr::HwStatsUsed(used)) => fields.hw_stats_used = used,
                Ok(_) => {}
                Err(error) => faults.note(error),
            }
        }
        fields
    }
}

impl Printer<'_> {
    /// A nexthop object.
    pub(super) fn nexthop(&mut self, nexthop: &Nexthop<'_>, out: &mut Out) {
        let NhMsg { scope, protocol, flags, .. } = nexthop.header;
        let fields = Fields::read(nexthop, self.faults);
        out.num("id", ["id ", " "], fields.id);
        if let Some(group) = fields.group {
            print_group(group, out);
        }
        if fields.group_type != NexthopGrpType::MPATH {
            out.word("type", ["type ", " "], Plain(fields.group_type));
        }
        if let Some(args) = fields.res_group {
            self.resilient_args(args, out);
        }
        if let Some(encap) = fields.encap {
            self.encap(encap, out);
        }
        if let Some(gateway) = fields.gateway {
            self.gateway(nexthop.header.family, gateway, out);
        }
        if let Some(index) = fields.oif {
            self.link("dev", "dev ", index, out);
        }
        if scope != RtScope::UNIVERSE || self.details {
            out.word("scope", ["scope ", " "], self.names.named(File::Scopes, scope.0));
        }
        if fields.blackhole {
            out.mark("blackhole", "blackhole ");
        }
        if protocol != RtProt::UNSPEC || self.details {
            out.word("protocol", ["proto ", " "], self.names.named(File::Protocols, protocol.0));
        }
        print_flags(flags.0, out);
        if fields.fdb {
            out.mark("fdb", "fdb");
        }
        if let Some(enable) = fields.hw_stats_enable {
            if self.details || self.statistics > 0 {
                out.object("hw_stats", |out| {
                    print_switch("enabled", "hw_stats ", enable != 0, out);
                    print_switch("used", "used ", fields.hw_stats_used != 0, out);
                });
            }
        }
        if let Some(stats) = fields.stats.filter(|_| self.statistics > 0) {
            self.group_stats(stats, out);
        }
    }

    fn resilient_args(&mut self, args: Attrs<'_, ResGroupAttr<'_>>, out: &mut Out) {
        let buckets = self.faults.read(args.get(ResGroupAttr::Buckets)).unwrap_or(0);
        let idle = self.faults.read(args.get(ResGroupAttr::IdleTimer)).unwrap_or(0);
        let timer = self.faults.read(args.get(ResGroupAttr::UnbalancedTimer)).unwrap_or(0);
        let time = self.faults.read(args.get(ResGroupAttr::UnbalancedTime)).unwrap_or(0);
        out.object("resilient_args", |out| {
            out.num("buckets", ["buckets ", " "], buckets);
            out.num("idle_timer", ["idle_timer ", " "], seconds(idle.into()));
            out.num("unbalanced_timer", ["unbalanced_timer ", " "], seconds(timer.into()));
            out.num("unbalanced_time", ["unbalanced_time ", " "], seconds(time));
        });
    }

    fn group_stats(&mut self, stats: Attrs<'_, GroupStatsAttr<'_>>, out: &mut Out) {
        out.new_line();
        out.text("  stats:");
        out.array("group_stats", |out| {
            for entry in stats.all(GroupStatsAttr::Entry) {
                let Some(entry) = self.faults.read(entry.map(Some)) else { continue };
                let id = self.faults.read(entry.get(GroupStatsEntryAttr::Id));
                let packets = self.faults.read(entry.get(GroupStatsEntryAttr::Packets));
                let hw = self.faults.read(entry.get(GroupStatsEntryAttr::PacketsHw));
                out.new_line();
                out.item_object(|out| {
                    out.num("id", ["    id ", ""], id.unwrap_or(0));
                    out.num("packets", [" packets ", ""], packets.map_or(0, |n| n.0));
                    if self.statistics > 1 {
                        out.num("packets_hw", [" packets_hw ", ""], hw.map_or(0, |n| n.0));
                    }
                });
            }
        });
    }

    /// What the nexthop object of a route is like.
    pub(in crate::object) fn nexthop_info(&mut self, id: u32, out: &mut Out) {
        let message = match self.nexthops.get(id, self.statistics) {
            Ok(message) => message,
            Err(failure) => return self.faults.tell(failure.message),
        };
        let (header, payload) = (message.0, &*message.1);
        match Nexthop::parse(Message { header, payload }) {
            Ok(nexthop) => {
                out.text("\n\tnh_info ");
                out.object("nh_info", |out| self.nexthop(&nexthop, out));
            }
            Err(error) => self.faults.note(error),
        }
    }
}

/// A message that is kept.
type Reply = Rc<(Header, Box<[u8]>)>;

/// Nexthop objects, asked for one by one when they are needed.
#[derive(Default)]
pub(super) struct NexthopCache {
    known: HashMap<u32, Reply>,
    /// A socket of its own: the other one is in the middle of a dump.
    socket: Option<Socket>,
}

impl NexthopCache {
    /// Notes what an event says of a nexthop object.
    pub(super) fn note(&mut self, id: u32, message: Message<'_>) {
        match Rtm(message.header.kind) {
            Rtm::DELNEXTHOP => drop(self.known.remove(&id)),
            _ => {
                let reply = Rc::new((message.header, message.payload.into()));
                drop(self.known.insert(id, reply));
            }
        }
    }

    fn get(&mut self, id: u32, statistics: u8) -> Result<Reply, Failure> {
        if let Some(known) = self.known.get(&id) {
            return Ok(Rc::clone(known));
        }
        let socket = match &mut self.socket {
            Some(socket) => socket,
            none => none.insert(Socket::open(Protocol::ROUTE)?),
        };
        let mut buf = [0; 64];
        let mut replies = socket.request(request_one(&mut buf, id, statistics)?)?;
        let Some(Message { header, payload }) = replies.recv()? else {
            return Err(Failure::new(
                Failure::KERNEL,
                format_args!("netlink-dump: the kernel said nothing of nexthop {id}"),
            ));
        };
        let message = Rc::new((header, payload.into()));
        self.known.insert(id, Rc::clone(&message));
        Ok(message)
    }
}

fn print_group(group: Packed<'_, NexthopGrp>, out: &mut Out) {
    out.text("group ");
    out.array("group", |out| {
        for (i, member) in group.iter().enumerate() {
            out.text(if i > 0 { "/" } else { "" });
            out.item_object(|out| {
                out.num("id", ["", ""], member.id);
                if member.weight() > 1 {
                    out.num("weight", [",", ""], member.weight());
                }
            });
        }
    });
    out.text(" ");
}

/// Prints a bucket of a resilient group.
pub(super) fn print_bucket(nexthop: &Nexthop<'_>, faults: &mut Faults, out: &mut Out) {
    if let Some(id) = faults.read(nexthop.get(NexthopAttr::Id)) {
        out.num("id", ["id ", " "], id);
    }
    if let Some(bucket) = faults.read(nexthop.get(NexthopAttr::ResBucket)) {
        out.object("bucket", |out| {
            if let Some(index) = faults.read(bucket.get(ResBucketAttr::Index)) {
                out.num("index", ["index ", " "], index);
            }
            if let Some(ticks) = faults.read(bucket.get(ResBucketAttr::IdleTime)) {
                out.num("idle_time", ["idle_time ", " "], seconds(ticks));
            }
            if let Some(id) = faults.read(bucket.get(ResBucketAttr::NhId)) {
                out.num("nhid", ["nhid ", " "], id);
            }
        });
    }
    print_flags(nexthop.header.flags.0, out);
}

fn print_switch(key: &str, before: &str, on: bool, out: &mut Out) {
    out.text(before);
    out.truth(key, if on { "on " } else { "off " }, on);
}

/// Clock ticks, of which there are a hundred a second.
fn seconds(ticks: u64) -> Significant {
    Significant(ticks as f64 / 100.0, 6)
}
