//! Metrics of a route: what TCP is told about the way there.

use netlink_wire::{Attrs, Nla, Str, Value, route::MetricAttr};

use crate::{failure::Faults, out::Out, text::Significant};

/// Names of `RTAX_*`, by their numbers.
const NAMES: [&str; 18] = [
    "",
    "lock",
    "mtu",
    "window",
    "rtt",
    "rttvar",
    "ssthresh",
    "cwnd",
    "advmss",
    "reordering",
    "hoplimit",
    "initcwnd",
    "features",
    "rto_min",
    "initrwnd",
    "quickack",
    "congctl",
    "fastopen_no_cookie",
];
const LOCK: usize = 1;
const RTT: usize = 4;
const RTTVAR: usize = 5;
const HOPLIMIT: usize = 10;
const FEATURES: usize = 12;
const RTO_MIN: usize = 13;
const CC_ALGO: usize = 16;

/// `RTAX_FEATURE_*` that have a name.
const FEATURE_NAMES: [(u32, &str, &str); 2] =
    [(1 << 0, "ecn", "ecn "), (1 << 4, "tcp_usec_ts", "tcp_usec_ts ")];

/// Prints them in the order of their numbers. One that is locked without a value counts as 0.
pub(super) fn print(metrics: Attrs<'_, MetricAttr<'_>>, faults: &mut Faults, out: &mut Out) {
    let mut values = [None; NAMES.len()];
    for nla in metrics.raw() {
        match nla {
            Ok(nla) => {
                if let Some(value) = values.get_mut(usize::from(nla.code())) {
                    *value = Some(nla);
                }
            }
            Err(error) => faults.note(error),
        }
    }
    let mut number = |index: usize, nla: Nla<'_>| {
        faults.read(u32::parse(nla).map(Some).map_err(|kind| nla.error(NAMES[index], kind)))
    };
    let lock = values[LOCK].and_then(|nla| number(LOCK, nla)).unwrap_or(0);
    out.array("metrics", |out| {
        out.item_object(|out| {
            for (index, name) in NAMES.into_iter().enumerate().skip(2) {
                let locked = lock & 1 << index != 0;
                let nla = values[index];
                if nla.is_none() && !locked {
                    continue;
                }
                if index == CC_ALGO {
                    let name = nla.map_or(Str::from(""), |nla| Str::exact(nla.payload()));
                    print_name(index, locked, out);
                    out.word("congestion", ["", " "], name);
                    continue;
                }
                let value = match nla {
                    Some(nla) => match number(index, nla) {
                        Some(value) => value,
                        None => continue,
                    },
                    None => 0,
                };
                if index == HOPLIMIT && value == u32::MAX {
                    continue;
                }
                print_name(index, locked, out);
                match index {
                    FEATURES => print_features(value, out),
                    RTT => print_time(name, value / 8, out),
                    RTTVAR => print_time(name, value / 4, out),
                    RTO_MIN => print_time(name, value, out),
                    _ => out.num(name, ["", " "], value),
                }
            }
        });
    });
}

fn print_name(index: usize, locked: bool, out: &mut Out) {
    out.text(NAMES[index]);
    out.text(if locked { " lock " } else { " " });
}

fn print_features(features: u32, out: &mut Out) {
    let mut rest = features;
    for (feature, key, text) in FEATURE_NAMES {
        if rest & feature != 0 {
            out.mark(key, text);
            rest &= !feature;
        }
    }
    if rest != 0 {
        out.word("features", ["", " "], format_args!("{features:#x}"));
    }
}

/// Milliseconds; in text a second and more are seconds.
fn print_time(key: &str, millis: u32, out: &mut Out) {
    out.json_num(key, millis);
    if millis < 1000 {
        out.text_value(["", "ms "], millis);
    } else {
        out.text_value(["", "s "], Significant(f64::from(millis) / 1000.0, 6));
    }
}
