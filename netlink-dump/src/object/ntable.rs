//! Tables of neighbours, as `ip ntable` prints them.

use std::time::{SystemTime, UNIX_EPOCH};

use netlink_wire::{
    Attrs, NlmFlags, Rtm, Value,
    neightbl::{NdtConfig, NdtMsg, NdtStats, NeighTbl, NeighTblAttr, NeighTblParmAttr},
};

use super::Context;
use crate::{
    args::Family,
    failure::{Failure, Faults},
    help::Help,
    names::Names,
    out::Out,
    palette::Kind,
    selector::{Word, Words},
    text::{Hex, Text, Timestamp},
};

pub(super) const HELP: Help = Help {
    about: "how neighbours are resolved, by table and link",
    usage: &["ntable [show] [dev DEV|none] [name TABLE]"],
    words: &[
        ("dev DEV|none", "settings of this link, or those that new links get"),
        ("name NTABLE|arp_cache|ndisc_cache", "settings of this table"),
    ],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    words.command("ntable", &HELP, &["show"])?;
    let mut filter = Filter::default();
    while let Some(word) = words.next() {
        if word.is("dev") {
            let name = words.value()?;
            // 0 is the table itself.
            let index = if name.is("none") {
                0
            } else {
                let index = context.names.link_index(name.as_bytes());
                index.ok_or_else(|| name.wrong("\"DEV\" is invalid"))?
            };
            filter.index = Some(index);
        } else if word.is("name") {
            filter.name = Some(words.value()?);
        } else {
            return Err(word.wrong("unknown"));
        }
    }
    // Where the table of one family fills a datagram, the kernel leaves out as much of that of the
    // next one: each is asked for alone.
    let families = match context.args.family {
        None => vec![Family::INET, Family::INET6],
        Some(family) => vec![family],
    };
    context.list(|context| families.iter().try_for_each(|of| show(*of, &filter, context)))
}

/// Shows the tables of a family.
fn show(family: Family, filter: &Filter, context: &mut Context) -> Result<(), Failure> {
    let header = NdtMsg { family: family.0, ..NdtMsg::default() };
    let mut buf = [0; 64];
    let request = NeighTbl::writer(&mut buf, Rtm::GETNEIGHTBL, NlmFlags::DUMP, &header).finish()?;
    let mut seen = Vec::new();
    context.dump(request, Failure::MISSING, |context, message| {
        let Context { args, names, out, faults, .. } = context;
        let table = NeighTbl::parse(message)?;
        // Where a dump goes on in another datagram, the kernel repeats what it said of the table.
        if faults.read(table.get(NeighTblAttr::Config)).is_some() {
            let name = faults.read(table.get(NeighTblAttr::Name));
            let key = (table.header.family, name.map(|name| name.as_bytes().to_vec()));
            if seen.contains(&key) {
                return Ok(());
            }
            seen.push(key);
        }
        let of_family = family == Family::UNSPEC || family.0 == table.header.family;
        if of_family && filter.passes(&table, faults) {
            out.row(|out| print(&table, args.statistics > 0, names, out, faults))?;
        }
        Ok(())
    })
}

/// Which tables are shown.
#[derive(Default)]
struct Filter {
    /// The link whose parameters are shown; 0 for none.
    index: Option<u32>,
    name: Option<Word>,
}

impl Filter {
    fn passes(&self, table: &NeighTbl<'_>, faults: &mut Faults) -> bool {
        let name = faults.read(table.get(NeighTblAttr::Name));
        let parms = faults.read(table.get(NeighTblAttr::Parms));
        let index = parms.and_then(|parms| faults.read(parms.get(NeighTblParmAttr::IfIndex)));
        // A link that is going has no number any more: it is shown, as `*`.
        self.index.is_none_or(|wanted| wanted == index.unwrap_or(0))
            && self
                .name
                .as_ref()
                .is_none_or(|wanted| name.is_some_and(|name| name.as_bytes() == wanted.as_bytes()))
    }
}

fn print(
    table: &NeighTbl<'_>,
    statistics: bool,
    names: &mut Names,
    out: &mut Out,
    faults: &mut Faults,
) {
    out.word("family", ["", " "], Family(table.header.family).words());
    if let Some(name) = faults.read(table.get(NeighTblAttr::Name)) {
        out.word("name", ["", " "], name);
    }
    out.new_line();
    let thresholds = [
        ("thresh1", faults.read(table.get(NeighTblAttr::Thresh1))),
        ("thresh2", faults.read(table.get(NeighTblAttr::Thresh2))),
        ("thresh3", faults.read(table.get(NeighTblAttr::Thresh3))),
    ];
    let interval = faults.read(table.get(NeighTblAttr::GcInterval));
    if interval.is_some() || thresholds.iter().any(|(_, threshold)| threshold.is_some()) {
        out.text("    ");
        for (key, threshold) in thresholds {
            if let Some(threshold) = threshold {
                print_number(out, key, threshold);
            }
        }
        if let Some(interval) = interval {
            out.num("gc_interval", ["gc_int ", " "], interval);
        }
        out.new_line();
    }
    if let Some(config) = faults.read(table.get(NeighTblAttr::Config)).filter(|_| statistics) {
        print_config(&config, out);
    }
    if let Some(parms) = faults.read(table.get(NeighTblAttr::Parms)) {
        print_parms(parms, names, out, faults);
    }
    if let Some(stats) = faults.read(table.get(NeighTblAttr::Stats)).filter(|_| statistics) {
        print_stats(&stats.read(), out);
    }
}

fn print_config(config: &NdtConfig, out: &mut Out) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let ago = |milliseconds: u32| Timestamp(now as i64 - i64::from(milliseconds / 1000));
    out.num("key_length", ["    config key_len ", " "], config.key_len);
    out.num("entry_size", ["entry_size ", " "], config.entry_size);
    out.num("entries", ["entries ", " "], config.entries);
    out.new_line();
    out.word("last_flush", ["        last_flush ", " "], ago(config.last_flush));
    out.word("last_rand", ["last_rand ", " "], ago(config.last_rand));
    out.new_line();
    out.num("hash_rnd", ["        hash_rnd ", " "], config.hash_rnd);
    out.json_word("hash_mask", Hex(config.hash_mask));
    out.text_value(["hash_mask ", " "], format_args!("{:08x}", config.hash_mask));
    out.num("hash_chain_gc", ["hash_chain_gc ", " "], config.hash_chain_gc);
    out.num("proxy_qlen", ["proxy_qlen ", " "], config.proxy_qlen);
    out.new_line();
}

fn print_parms<'a>(
    parms: Attrs<'a, NeighTblParmAttr<'a>>,
    names: &mut Names,
    out: &mut Out,
    faults: &mut Faults,
) {
    use NeighTblParmAttr::*;

    if let Some(index) = faults.read(parms.get(IfIndex)) {
        out.text("    dev ");
        out.paint(Kind::Link, |out| out.word("dev", ["", " "], names.link(index)));
        out.new_line();
    }
    let mut to = Parms { parms, out, faults };
    to.out.text("    ");
    to.number("refcnt", RefCnt);
    to.number("reachable", ReachableTime);
    to.number("base_reachable", BaseReachableTime);
    to.number("retrans", RetransTime);
    to.out.new_line();
    to.out.text("    ");
    to.number("gc_stale", GcStaleTime);
    to.number("delay_probe", DelayProbeTime);
    to.number("queue", QueueLen);
    to.out.new_line();
    to.out.text("    ");
    to.number("app_probes", AppProbes);
    to.number("ucast_probes", UcastProbes);
    to.number("mcast_probes", McastProbes);
    to.number("mcast_reprobes", McastReprobes);
    to.out.new_line();
    to.out.text("    ");
    to.number("anycast_delay", AnycastDelay);
    to.number("proxy_delay", ProxyDelay);
    to.number("proxy_queue", ProxyQlen);
    to.number("locktime", LockTime);
    to.out.new_line();
}

/// Parameters, and where they are printed to.
struct Parms<'a, 'c> {
    parms: Attrs<'a, NeighTblParmAttr<'a>>,
    out: &'c mut Out,
    faults: &'c mut Faults,
}

impl<'a> Parms<'a, '_> {
    fn number<T: Value<'a> + Text>(&mut self, key: &str, attr: fn(T) -> NeighTblParmAttr<'a>) {
        if let Some(number) = self.faults.read(self.parms.get(attr)) {
            print_number(self.out, key, number);
        }
    }
}

fn print_number(out: &mut Out, key: &str, number: impl Text) {
    out.text(key);
    out.num(key, [" ", " "], number);
}

fn print_stats(stats: &NdtStats, out: &mut Out) {
    let lines: [&[(&str, u64)]; 5] = [
        &[("allocs", stats.allocs), ("destroys", stats.destroys), ("hash_grows", stats.hash_grows)],
        &[("res_failed", stats.res_failed), ("lookups", stats.lookups), ("hits", stats.hits)],
        &[
            ("rcv_probes_mcast", stats.rcv_probes_mcast),
            ("rcv_probes_ucast", stats.rcv_probes_ucast),
        ],
        &[("periodic_gc_runs", stats.periodic_gc_runs), ("forced_gc_runs", stats.forced_gc_runs)],
        &[("table_fulls", stats.table_fulls)],
    ];
    let mut start = "    stats ";
    for line in lines {
        out.text(start);
        for &(key, value) in line {
            print_number(out, key, value);
        }
        out.new_line();
        start = "    ";
    }
}
