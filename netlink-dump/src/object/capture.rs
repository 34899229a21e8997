//! What the kernel sends, as a file that Wireshark opens.

use std::{
    fs::File,
    io::{self, IsTerminal},
    os::fd::AsFd,
};

use netlink_sys::{Event, Events};
use netlink_wire::{Header, Message, Pod};
use pcap_file::{
    DataLink, PcapError,
    pcap::{PcapHeader, PcapPacket, PcapWriter},
};

use super::{
    Context,
    event::{self, Subjects},
};
use crate::{
    failure::{Failure, complain},
    help::Help,
    selector::Words,
};

pub(super) const HELP: Help = Help {
    about: "events as a file that Wireshark and `decode` read",
    usage: &["capture [-w FILE] [-c NUMBER] [all|OBJECTS]"],
    words: &[
        ("-w FILE", "where to; `-`, or nothing, is standard output, unless that is a terminal"),
        ("-c NUMBER", "end after so many messages"),
        ("-rcvbuf SIZE", "the same as before the object"),
        ("all", "all objects, which are those of `monitor`"),
    ],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut subjects = Subjects::default();
    let (mut file, mut count) = (None, None);
    while let Some(word) = words.next() {
        if word.is("-w") {
            file = Some(words.value()?);
        } else if word.is("-c") {
            count = Some(words.value()?.number::<u64>("invalid count")?);
        } else if word.begins("help") {
            return Err(Failure::usage(&HELP));
        } else if !word.is("all")
            && !subjects.take(&word)
            && !event::take_option(&word, words, context)?
        {
            return Err(event::unknown(&word, "capture"));
        }
    }
    let to = match file.filter(|file| !file.is("-")) {
        Some(file) => File::create(file.to_path())
            .map_err(|error| Failure::new(1, format_args!("Cannot write \"{file}\": {error}")))?,
        None if io::stdout().is_terminal() => {
            let message = "Packets are nothing for a terminal: name a file, `-w FILE`.";
            return Err(Failure::new(Failure::USAGE, message));
        }
        None => File::from(io::stdout().as_fd().try_clone_to_owned()?),
    };
    let mut events = Events::from(event::open(context, false)?);
    subjects.join(context.args.family, &mut events)?;
    capture(&mut events, count, to).map_err(|failure| match failure {
        Stop::Pcap(PcapError::IoError(error)) => error.into(),
        Stop::Pcap(error) => Failure::new(1, format_args!("netlink-dump: {error}")),
        Stop::Events(error) => error.into(),
    })
}

/// Writes each message as a packet, at once: what is read stays whole however this ends.
fn capture(events: &mut Events, count: Option<u64>, to: File) -> Result<(), Stop> {
    let header =
        PcapHeader { snaplen: LONGEST, datalink: DataLink::NETLINK, ..PcapHeader::default() };
    let mut file = PcapWriter::with_header(to, header)?;
    let mut written = 0;
    while count.is_none_or(|count| written < count) {
        match events.recv()? {
            Event::Message(event) => {
                let packet = packet(event.message);
                let len = packet.len() as u32;
                file.write_packet(&PcapPacket::new(event::now(), len, &packet))?;
                written += 1;
            }
            Event::Lost { reason } => complain(format_args!("netlink-dump: {reason}")),
        }
    }
    Ok(())
}

/// Bytes of the longest packet.
const LONGEST: u32 = 1 << 20;
/// What stands before a message: it was sent to a program (`PACKET_USER`), by a netlink device
/// (`ARPHRD_NETLINK`), over `NETLINK_ROUTE`; numbers are in network order.
const COOKED: [u8; 16] = [0, 6, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

fn packet(message: Message<'_>) -> Vec<u8> {
    let mut bytes = COOKED.to_vec();
    bytes.resize(COOKED.len() + <Header as Pod>::LEN, 0);
    message.header.replace_in(&mut bytes[COOKED.len()..]);
    bytes.extend_from_slice(message.payload);
    bytes
}

/// Why there is no more.
enum Stop {
    Pcap(PcapError),
    Events(netlink_sys::Error),
}

impl From<PcapError> for Stop {
    fn from(error: PcapError) -> Self {
        Self::Pcap(error)
    }
}

impl From<netlink_sys::Error> for Stop {
    fn from(error: netlink_sys::Error) -> Self {
        Self::Events(error)
    }
}
