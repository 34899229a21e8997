//! Traffic counters of a link, as `-s` shows them.

use std::fmt;

use netlink_wire::{
    Packed,
    link::{RtnlLinkStats, RtnlLinkStats64},
};

use super::Printer;
use crate::out::Out;

/// The counters, and how often the carrier came or went.
pub(super) struct Stats {
    /// Key of the object.
    key: &'static str,
    counters: RtnlLinkStats64,
    carrier_changes: Option<u32>,
}

impl Stats {
    pub(super) fn new(counters: RtnlLinkStats64, carrier_changes: Option<u32>) -> Self {
        Self { key: "stats64", counters, carrier_changes }
    }

    /// Those of a kernel, or of a driver, that has no others.
    pub(super) fn of_32_bits(counters: RtnlLinkStats, carrier_changes: Option<u32>) -> Self {
        let RtnlLinkStats {
            rx_packets,
            tx_packets,
            rx_bytes,
            tx_bytes,
            rx_errors,
            tx_errors,
            rx_dropped,
            tx_dropped,
            multicast,
            collisions,
            rx_length_errors,
            rx_over_errors,
            rx_crc_errors,
            rx_frame_errors,
            rx_fifo_errors,
            rx_missed_errors,
            tx_aborted_errors,
            tx_carrier_errors,
            tx_fifo_errors,
            tx_heartbeat_errors,
            tx_window_errors,
            rx_compressed,
            tx_compressed,
            rx_nohandler,
        } = counters;
        let counters = RtnlLinkStats64 {
            rx_packets: rx_packets.into(),
            tx_packets: tx_packets.into(),
            rx_bytes: rx_bytes.into(),
            tx_bytes: tx_bytes.into(),
            rx_errors: rx_errors.into(),
            tx_errors: tx_errors.into(),
            rx_dropped: rx_dropped.into(),
            tx_dropped: tx_dropped.into(),
            multicast: multicast.into(),
            collisions: collisions.into(),
            rx_length_errors: rx_length_errors.into(),
            rx_over_errors: rx_over_errors.into(),
            rx_crc_errors: rx_crc_errors.into(),
            rx_frame_errors: rx_frame_errors.into(),
            rx_fifo_errors: rx_fifo_errors.into(),
            rx_missed_errors: rx_missed_errors.into(),
            tx_aborted_errors: tx_aborted_errors.into(),
            tx_carrier_errors: tx_carrier_errors.into(),
            tx_fifo_errors: tx_fifo_errors.into(),
            tx_heartbeat_errors: tx_heartbeat_errors.into(),
            tx_window_errors: tx_window_errors.into(),
            rx_compressed: rx_compressed.into(),
            tx_compressed: tx_compressed.into(),
            rx_nohandler: rx_nohandler.into(),
            rx_otherhost_dropped: 0,
        };
        Self { key: "stats", counters, carrier_changes }
    }

    /// Those of IPv6, which has but few.
    pub(super) fn of_ipv6(counters: Packed<'_, u64>) -> Self {
        let get = |place: usize| counters.get(place).unwrap_or(0);
        // The first is their number. Before Linux 6.8 there was one less, in another order:
        // `IPSTATS_MIB_OUTPKTS`, `_OUTOCTETS`, `_INDISCARDS`, `_OUTDISCARDS`, `_INMCASTPKTS`,
        // `_CSUMERRORS`.
        let places = if get(0) < 38 { [5, 6, 13, 14, 23, 31] } else { [9, 10, 18, 19, 28, 36] };
        let [tx_packets, tx_bytes, rx_errors, tx_errors, multicast, rx_frame_errors] =
            places.map(get);
        let counters = RtnlLinkStats64 {
            rx_packets: get(1),
            rx_bytes: get(2),
            tx_packets,
            tx_bytes,
            rx_errors,
            tx_errors,
            multicast,
            rx_frame_errors,
            ..RtnlLinkStats64::default()
        };
        Self { key: "stats64", counters, carrier_changes: None }
    }

    /// Prints all but the end of the last line.
    pub(super) fn print(&self, to: &mut Printer<'_>) {
        let with_errors = to.args.statistics > 1;
        if to.out.is_json() {
            self.print_json(with_errors, to.out);
        } else {
            self.print_text(with_errors, to);
        }
    }

    fn print_json(&self, with_errors: bool, out: &mut Out) {
        let c = &self.counters;
        out.object(self.key, |out| {
            out.object("rx", |out| {
                out.json_num("bytes", c.rx_bytes);
                out.json_num("packets", c.rx_packets);
                out.json_num("errors", c.rx_errors);
                out.json_num("dropped", c.rx_dropped);
                out.json_num("over_errors", c.rx_over_errors);
                out.json_num("multicast", c.multicast);
                set("compressed", c.rx_compressed, out);
                if with_errors {
                    out.json_num("length_errors", c.rx_length_errors);
                    out.json_num("crc_errors", c.rx_crc_errors);
                    out.json_num("frame_errors", c.rx_frame_errors);
                    out.json_num("fifo_errors", c.rx_fifo_errors);
                    out.json_num("missed_errors", c.rx_missed_errors);
                    set("nohandler", c.rx_nohandler, out);
                    set("otherhost", c.rx_otherhost_dropped, out);
                }
            });
            out.object("tx", |out| {
                out.json_num("bytes", c.tx_bytes);
                out.json_num("packets", c.tx_packets);
                out.json_num("errors", c.tx_errors);
                out.json_num("dropped", c.tx_dropped);
                out.json_num("carrier_errors", c.tx_carrier_errors);
                out.json_num("collisions", c.collisions);
                set("compressed", c.tx_compressed, out);
                if with_errors {
                    out.json_num("aborted_errors", c.tx_aborted_errors);
                    out.json_num("fifo_errors", c.tx_fifo_errors);
                    out.json_num("window_errors", c.tx_window_errors);
                    out.json_num("heartbeat_errors", c.tx_heartbeat_errors);
                    if let Some(changes) = self.carrier_changes {
                        out.json_num("carrier_changes", changes);
                    }
                }
            });
        });
    }

    /// Two lines of numbers, or four, in columns of the same width.
    fn print_text(&self, with_errors: bool, to: &mut Printer<'_>) {
        let c = &self.counters;
        let mut lines = Vec::with_capacity(4);
        let mut rx = Line::new(
            "RX: ",
            [
                ("bytes", c.rx_bytes),
                ("packets", c.rx_packets),
                ("errors", c.rx_errors),
                ("dropped", c.rx_dropped),
                ("missed", c.rx_missed_errors),
                ("mcast", c.multicast),
            ],
        );
        rx.compressed(c.rx_compressed);
        lines.push(rx);
        if with_errors {
            let mut errors = Line::of_errors(
                "RX errors:",
                [
                    ("length", c.rx_length_errors),
                    ("crc", c.rx_crc_errors),
                    ("frame", c.rx_frame_errors),
                    ("fifo", c.rx_fifo_errors),
                    ("overrun", c.rx_over_errors),
                ],
            );
            errors.add_set(6, "nohandler", c.rx_nohandler);
            errors.add_set(7, "otherhost", c.rx_otherhost_dropped);
            lines.push(errors);
        }
        let mut tx = Line::new(
            "TX: ",
            [
                ("bytes", c.tx_bytes),
                ("packets", c.tx_packets),
                ("errors", c.tx_errors),
                ("dropped", c.tx_dropped),
                ("carrier", c.tx_carrier_errors),
                ("collsns", c.collisions),
            ],
        );
        tx.compressed(c.tx_compressed);
        lines.push(tx);
        if with_errors {
            let mut errors = Line::of_errors(
                "TX errors:",
                [
                    ("aborted", c.tx_aborted_errors),
                    ("fifo", c.tx_fifo_errors),
                    ("window", c.tx_window_errors),
                    ("heartbt", c.tx_heartbeat_errors),
                ],
            );
            match self.carrier_changes {
                Some(changes) => errors.add(5, "transns", changes.into()),
                None => errors.columns.push(Column { place: 5, name: "", value: None }),
            }
            lines.push(errors);
        }
        print_lines(&lines, to);
    }
}

/// A line of numbers under a line of their names.
struct Line {
    title: &'static str,
    columns: Vec<Column>,
}

struct Column {
    place: usize,
    name: &'static str,
    /// A column may have neither name nor number, but its place.
    value: Option<u64>,
}

impl Line {
    fn new<const N: usize>(title: &'static str, values: [(&'static str, u64); N]) -> Self {
        let mut line = Self { title, columns: Vec::with_capacity(8) };
        values.into_iter().enumerate().for_each(|(i, (name, value))| line.add(i, name, value));
        line
    }

    /// The title takes the first column.
    fn of_errors<const N: usize>(title: &'static str, values: [(&'static str, u64); N]) -> Self {
        let mut line = Self::new(title, []);
        line.columns.push(Column { place: 0, name: "", value: None });
        values.into_iter().zip(1..).for_each(|((name, value), i)| line.add(i, name, value));
        line
    }

    fn add(&mut self, place: usize, name: &'static str, value: u64) {
        self.columns.push(Column { place, name, value: Some(value) });
    }

    fn add_set(&mut self, place: usize, name: &'static str, value: u64) {
        if value != 0 {
            self.add(place, name, value);
        }
    }

    /// What few devices count: its place is left free.
    fn compressed(&mut self, value: u64) {
        match value {
            0 => self.columns.push(Column { place: 6, name: "", value: None }),
            value => self.add(6, "compressed", value),
        }
    }
}

fn print_lines(lines: &[Line], to: &mut Printer<'_>) {
    let Printer { out, args, .. } = to;
    let text = |value| Number { value, human: args.human, iec: args.iec }.to_string();
    let mut widths = [10, 7, 6, 7, 7, 7, 10, 9];
    let columns = lines.iter().flat_map(|line| &line.columns);
    for Column { place, value, .. } in columns {
        let len = value.map_or(0, |value| text(value).len());
        widths[*place] = len.max(widths[*place]);
    }
    for (i, Line { title, columns }) in lines.iter().enumerate() {
        if i > 0 {
            out.new_line();
        }
        out.text("    ");
        out.text(title);
        for &Column { place, name, .. } in columns {
            let (blank, width) = match place {
                0 => ("", widths[0] - title.len()),
                place => (" ", widths[place]),
            };
            out.text_value([blank, ""], format_args!("{name:>width$}"));
        }
        out.new_line();
        out.text("    ");
        for &Column { place, value, .. } in columns {
            let width = widths[place];
            match value {
                Some(value) => out.text_value(["", " "], format_args!("{:>width$}", text(value))),
                None if place == 0 => out.text_value(["", " "], format_args!("{:width$}", "")),
                None => {}
            }
        }
    }
}

/// A number, or for people about how much it is.
pub(super) struct Number {
    pub(super) value: u64,
    pub(super) human: bool,
    /// Whether a thousand is 1024.
    pub(super) iec: bool,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let &Self { value, human, iec } = self;
        let base: u64 = if iec { 1024 } else { 1000 };
        if !human || value < base {
            return value.fmt(f);
        }
        let mut power: u64 = base;
        let mut prefixes = "kMGTPE".chars().peekable();
        let mut prefix = prefixes.next().unwrap_or_default();
        while value / base >= power {
            let Some(next) = prefixes.next() else { break };
            (power, prefix) = (power * base, next);
        }
        // Three digits, or the whole number.
        let digits = match value / power {
            0..10 => 2,
            10..100 => 1,
            _ => 0,
        };
        let rounded = value as f64 / power as f64;
        write!(f, "{rounded:.digits$}{prefix}{}", if iec { "i" } else { "" })
    }
}

/// A number that is told if it is not 0.
fn set(key: &str, value: u64, out: &mut Out) {
    if value != 0 {
        out.json_num(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_for_people() {
        let text = |value, iec| Number { value, human: true, iec }.to_string();
        assert_eq!(text(999, false), "999");
        assert_eq!(text(1132, false), "1.13k");
        assert_eq!(text(1132, true), "1.11ki");
        assert_eq!(text(45_678, false), "45.7k");
        assert_eq!(text(456_789, false), "457k");
        assert_eq!(text(1_000_000, false), "1.00M");
        assert_eq!(text(u64::MAX, false), "18.4E");
        assert_eq!(text(u64::MAX, true), "16.0Ei");
        assert_eq!(Number { value: 1132, human: false, iec: true }.to_string(), "1132");
    }
}
