//! What happens, as `ip monitor` prints it.

use std::{fs, io, time::Duration};

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};
use netlink_sys::{Errno, Event, Events, Lost, mirror::Table};
use netlink_wire::{Header, Message, Messages, Rtm, Rtnl, link::Link};

use super::{
    Context,
    event::{self, Rows, Style, Subjects, Topic},
    link::{self, Printer},
};
use crate::{
    args::Family,
    failure::{Failure, NoRow, complain},
    help::Help,
    out::Out,
    selector::{Word, Words},
};

pub(super) const HELP: Help = Help {
    about: "events, as the kernel tells them",
    usage: &["monitor [all|OBJECTS] [WORDS]", "monitor file FILE [WORDS]"],
    words: &[
        ("address", "addresses of links"),
        ("link", "links"),
        ("mroute", "multicast routes"),
        ("maddress", "multicast addresses that are listened to"),
        ("acaddress", "anycast addresses"),
        ("neigh", "neighbours, and forwarding databases of bridges"),
        ("netconf", "settings of address families"),
        ("nexthop", "nexthop objects"),
        ("nsid", "ids of network namespaces"),
        ("prefix", "prefixes that routers advertise"),
        ("route", "routes"),
        ("rule", "rules"),
        ("stats", "whether the hardware counts"),
        ("all", "all of these, each line with its label, such as [ROUTE]"),
        ("label", "each line with its label"),
        ("all-nsid", "also events of the namespaces that have an id here"),
        ("dev DEV", "events about this link"),
        ("file FILE", "events that were recorded: messages, one after the other"),
        ("-j", "the same as before the object"),
        ("-rcvbuf SIZE", "the same as before the object"),
    ],
    notes: "\
With -t or -ts, the time stands before each event. With -j, each is an object on a line of its own:
  event       new, del, miss (a neighbour that programs are asked for), or lost, with the reason
  object      what it is about; its keys are those of the command that shows it
  family      of a route or a rule
  nsid        with all-nsid: the id of the namespace, null for one's own; of an event about an
              nsid it is source_nsid
  ts          seconds since 1970",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut subjects = Subjects::default();
    let (mut file, mut label, mut all_nsid, mut device) = (None, false, false, None);
    while let Some(word) = words.next() {
        if word.begins("file") {
            file = Some(words.value()?);
        } else if word.begins("label") || word.is("all") {
            label = true;
        } else if subjects.take(&word) || event::take_option(&word, words, context)? {
        } else if word.begins("all-nsid") {
            all_nsid = true;
        } else if word.begins("help") {
            return Err(Failure::usage(&HELP));
        } else if word.is("dev") {
            let name = words.value()?;
            let index = context.names.link_index(name.as_bytes());
            device = Some(index.ok_or_else(|| name.wrong("Device does not exist"))?);
        } else {
            return Err(event::unknown(&word, "monitor"));
        }
    }
    let rows = Rows::about(device);
    let mut monitor = Monitor { label, all_nsid, recorded: None, is_file: file.is_some(), rows };
    match file {
        Some(file) => monitor.play(&file, context),
        None => monitor.listen(&subjects, context),
    }
}

struct Monitor {
    label: bool,
    all_nsid: bool,
    /// Whether the events come from a file, and when the last of them was.
    is_file: bool,
    recorded: Option<Duration>,
    rows: Rows,
}

impl Monitor {
    /// Prints events as they come. What came at once is written at once.
    fn listen(&mut self, subjects: &Subjects, context: &mut Context) -> Result<(), Failure> {
        let mut events = Events::from(event::open(context, self.all_nsid)?);
        subjects.join(context.args.family, &mut events)?;
        learn_links(context)?;
        loop {
            let mut next = Some(events.recv()?);
            while let Some(event) = next {
                match event {
                    Event::Message(event) => self.event(event.message, event.nsid, context)?,
                    Event::Lost { reason } => self.lost(reason, context)?,
                }
                next = events.try_recv()?;
            }
            context.out.flush()?;
        }
    }

    /// Prints the messages of a file.
    fn play(&mut self, file: &Word, context: &mut Context) -> Result<(), Failure> {
        let bytes = fs::read(file.to_path()).map_err(|error| {
            let why = Errno(error.raw_os_error().unwrap_or_default()).desc();
            Failure::new(Failure::USAGE, format_args!("Cannot fopen: {why}"))
        })?;
        for message in Messages::new(&bytes) {
            let Ok(message) = message else {
                context.out.flush()?;
                let message = "rtnl-from_file: truncated message";
                return Err(Failure::new(Failure::MISSING, message));
            };
            self.event(message, None, context)?;
        }
        Ok(context.out.flush()?)
    }

    fn event(
        &mut self,
        message: Message<'_>,
        nsid: Option<i32>,
        context: &mut Context,
    ) -> io::Result<()> {
        match message.header.kind {
            TSTAMP => return self.recorded(message, &mut context.out),
            Header::NOOP | Header::ERROR | Header::DONE => return Ok(()),
            _ => {}
        }
        context.names.turn_to(nsid);
        self.rows.learn(message, context);
        let row = self.row(message, nsid, context);
        self.rows.learn_after(message, context);
        event::noted(row, &mut context.faults)
    }

    fn row(
        &mut self,
        message: Message<'_>,
        nsid: Option<i32>,
        context: &mut Context,
    ) -> Result<(), NoRow> {
        let rtnl = Rtnl::parse(message)?;
        let Some(topic) = Topic::of(&rtnl) else {
            context.out.flush()?;
            let Header { len, kind, flags, .. } = message.header;
            complain(format_args!(
                "Unknown message: type={kind:#010x}({kind}) flags={:#010x}({}) len={len:#010x}({len})",
                flags.0, flags.0
            ));
            return Ok(());
        };
        let is_hidden = event::is_cloned(&rtnl) || is_of_other_family(&rtnl, context.args.family);
        if is_hidden || !self.rows.has(&rtnl, &mut context.faults) {
            return Ok(());
        }
        let Context { args, names, out, faults, .. } = context;
        let style = Style::Monitor { all_nsid: self.all_nsid };
        let ends_line = !out.is_json();
        out.line(|out| {
            self.head(topic, message, nsid, args.timestamp, out);
            if let Some(family) = event::family(&rtnl) {
                out.json_word("family", family);
            }
            self.rows.print(&rtnl, style, &mut Printer { out, names, faults, args });
            if ends_line {
                return;
            }
            if self.all_nsid {
                let key = if topic.object == "nsid" { "source_nsid" } else { "nsid" };
                print_nsid(key, nsid, out);
            }
            self.ts(out);
        })?;
        Ok(())
    }

    /// What stands before an event.
    fn head(
        &self,
        topic: Topic,
        message: Message<'_>,
        nsid: Option<i32>,
        timestamp: u8,
        out: &mut Out,
    ) {
        let (event, text) = match Rtm(message.header.kind) {
            Rtm::GETNEIGH => ("miss", "miss "),
            _ if event::is_deleted(message) => ("del", "Deleted "),
            _ => ("new", ""),
        };
        out.json_word("event", event);
        out.json_word("object", topic.object);
        if out.is_json() {
            return;
        }
        print_time(timestamp, out);
        if self.all_nsid {
            match nsid {
                Some(nsid) => out.text_value(["[nsid ", "]"], nsid),
                None => out.text("[nsid current]"),
            }
        }
        out.text(if self.label { topic.label } else { "" });
        out.text(text);
    }

    /// When an event was, in JSON. Files need not tell.
    fn ts(&self, out: &mut Out) {
        if let Some(time) = if self.is_file { self.recorded } else { Some(event::now()) } {
            out.json_num("ts", Seconds(time));
        }
    }

    /// Tells that events are missing here.
    fn lost(&mut self, reason: Lost, context: &mut Context) -> Result<(), Failure> {
        // Names may be out of date as well.
        context.names.turn_to(None);
        context.names.forget_links();
        learn_links(context)?;
        if context.out.is_json() {
            return Ok(event::lost_line(reason, &mut context.out, |out| self.ts(out))?);
        }
        context.out.flush()?;
        match reason {
            Lost::Overflow => {
                let errno = Errno::ENOBUFS;
                complain(format_args!("netlink receive error {} ({})", errno.desc(), errno.0));
            }
            reason => complain(format_args!("netlink-dump: {reason}")),
        }
        Ok(())
    }

    /// The time of the events that follow in a file.
    fn recorded(&mut self, message: Message<'_>, out: &mut Out) -> io::Result<()> {
        let number = |at| {
            let bytes = message.payload.get(at..)?.first_chunk()?;
            Some(u32::from_ne_bytes(*bytes))
        };
        let (Some(seconds), Some(micros)) = (number(0), number(4)) else { return Ok(()) };
        let time = Duration::new(seconds.into(), 0) + Duration::from_micros(micros.into());
        self.recorded = Some(time);
        if !out.is_json() {
            let time = local(Duration::from_secs(seconds.into()));
            out.page(&format!("Timestamp: {} {micros} us\n", time.strftime(ASCTIME)))?;
        }
        Ok(())
    }
}

/// A time, in files of events.
const TSTAMP: u16 = 15;

/// Learns the names of all links, for what they are called when they are gone.
fn learn_links(context: &mut Context) -> Result<(), Failure> {
    let mut request = Table::Links.request()?;
    context.dump(&mut request, Failure::MISSING, |context, message| {
        link::note_event(&Link::parse(message)?, context);
        Ok(())
    })
}

/// Neighbours of all families are told of by one group.
fn is_of_other_family(rtnl: &Rtnl<'_>, family: Option<Family>) -> bool {
    match (rtnl, family) {
        (Rtnl::Neigh(neigh), Some(family)) => family.0 != neigh.header.family,
        _ => false,
    }
}

fn print_nsid(key: &str, nsid: Option<i32>, out: &mut Out) {
    match nsid {
        Some(nsid) => out.json_num(key, nsid),
        None => out.mark(key, ""),
    }
}

/// As C's `asctime` writes it.
const ASCTIME: &str = "%a %b %e %H:%M:%S %Y";

/// Prints the time, as often as `-t` was given.
fn print_time(timestamp: u8, out: &mut Out) {
    if timestamp == 0 {
        return;
    }
    let now = event::now();
    let (time, micros) = (local(now), now.subsec_micros());
    match timestamp {
        1 => out.text(&format!("Timestamp: {} {micros} usec\n", time.strftime(ASCTIME))),
        _ => out.text(&format!("[{}.{micros:06}] ", time.strftime("%Y-%m-%dT%H:%M:%S"))),
    }
}

/// A time in the zone of this machine.
fn local(time: Duration) -> ZonedDateTime {
    let time = Timestamp::from_second(time.as_secs() as i64).unwrap_or_default();
    time.to_zoned_datetime(TimeZone::system())
}

/// Seconds since 1970, with microseconds.
struct Seconds(Duration);

impl crate::text::Text for Seconds {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        format_args!("{}.{:06}", self.0.as_secs(), self.0.subsec_micros()).append(to);
    }
}
