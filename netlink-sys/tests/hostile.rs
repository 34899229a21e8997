//! What the kernel sent, spoilt in any way: whoever reads it gets an error or less, at once,
//! and never more than there was.

mod common;

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use common::*;
use netlink_sys::{
    Event, Events, Protocol, Retry, Socket,
    fake::{Answer, FakeKernel},
    table::Routes,
};
use netlink_wire::{Header, Message, NlmFlags, Rtm, RtnlGrp};

/// A recording that can be read once it was given away.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Numbers that look like chance, and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        ((self.0 >> 33) as usize) % end.max(1)
    }
}

/// How many routes the kernel has.
const ROUTES: u32 = 40;

fn answer(request: Message<'_>, answer: &mut Answer) {
    let mut buf = [0; 64];
    match Rtm(request.header.kind) {
        Rtm::GETROUTE => {
            for n in 0..ROUTES {
                answer.reply(route(&mut buf, Rtm::NEWROUTE, n));
            }
        }
        Rtm::DELROUTE => {
            answer.refuse(netlink_sys::Errno::ESRCH);
            answer.ext_ack(|writer| {
                writer.push(netlink_wire::AckAttr::Msg("no such route".into()));
                writer.push(netlink_wire::AckAttr::Offs(28));
            });
        }
        _ => {
            let mut event = route(&mut buf, Rtm::NEWROUTE, 1).to_vec();
            let header = Header::of(&event).unwrap();
            Header { flags: NlmFlags::default(), ..header }.replace_in(&mut event);
            answer.notify(RtnlGrp::IPV4_ROUTE, &event);
        }
    }
}

/// Asks for all that there is, and returns how many routes and events it got, and whether
/// both the dump and the bulk write claim to be whole. It waits `wait` milliseconds for what
/// does not come.
fn program(mut socket: Socket, kernel: Option<&FakeKernel>, wait: u64) -> (usize, usize, bool) {
    socket.set_timeout(Some(Duration::from_millis(wait)));
    let mut claims = true;
    let mut routes = 0;
    match socket.dump(Routes::ipv4()) {
        Err(_) => claims = false,
        Ok(dump) => match dump.retry(Retry::NEVER).collect(|route| route.destination().is_ok()) {
            Ok(found) => routes = found.entries.len(),
            Err(_) => claims = false,
        },
    }
    if let Ok(mut bulk) = socket.bulk() {
        for n in 0..8 {
            let kind = if n % 2 == 0 { Rtm::NEWROUTE } else { Rtm::DELROUTE };
            let _ = bulk.push(route(&mut [0; 64], kind, n));
        }
        let report = bulk.finish();
        let _ = format!("{report:?}");
        claims &= report.error().is_none() && report.unknown().count() == 0;
    }
    let mut events = Events::from(socket);
    if let Some(kernel) = kernel {
        let event = route(&mut [0; 64], Rtm::NEWROUTE, 7).to_vec();
        (0..5).for_each(|_| kernel.notify(RtnlGrp::IPV4_ROUTE, None, &event));
    }
    let mut heard = 0;
    for _ in 0..1_000 {
        match events.recv() {
            Ok(Event::Message(_)) => heard += 1,
            Ok(Event::Lost { reason }) => drop(reason.to_string()),
            Err(_) => return (routes, heard, claims),
        }
    }
    panic!("events without end");
}

fn open(kernel: &FakeKernel) -> Socket {
    let builder = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_ROUTE);
    builder.on(kernel).open().unwrap()
}

/// Spoils what was received: a bit, a byte, a length, an end, a repetition, an omission, an
/// error of the system.
fn spoil(recording: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = recording.lines().map(str::to_owned).collect();
    for _ in 0..1 + random.below(3) {
        let received: Vec<_> = (0..lines.len()).filter(|at| lines[*at].starts_with('<')).collect();
        let Some(&at) = received.get(random.below(received.len())) else { break };
        let (head, bytes) = lines[at].rsplit_once(' ').unwrap();
        let mut bytes = bytes.as_bytes().to_vec();
        let place = random.below(bytes.len());
        match random.below(7) {
            // The first message's length, type, flags and number more often than the rest.
            0 | 1 if bytes.len() >= 32 => bytes[place % 32] = b"0123456789abcdef"[random.below(16)],
            0..=2 if !bytes.is_empty() => bytes[place] = b"0123456789abcdef"[random.below(16)],
            3 => bytes.truncate(place & !1),
            4 => {
                let copy = lines[at].clone();
                lines.insert(at, copy);
                continue;
            }
            5 => {
                lines.remove(at);
                continue;
            }
            _ => {
                lines[at] = format!("! {}", [105, 4, 11, 12, 90][random.below(5)]);
                continue;
            }
        }
        // The length that is told is that of the bytes, or one that is too long.
        let mut words: Vec<_> = head.split(' ').map(str::to_owned).collect();
        let len = bytes.len() / 2 + if random.below(20) == 0 { 1 << 17 } else { 0 };
        *words.last_mut().unwrap() = len.to_string();
        lines[at] = format!("{} {}", words.join(" "), String::from_utf8(bytes).unwrap());
    }
    lines.join("\n") + "\n"
}

#[test]
fn what_is_spoilt_is_no_more_than_it_was() {
    let (tape, kernel) = (Tape::default(), FakeKernel::new(answer));
    let (routes, heard, claims) = program(open(&kernel).record(tape.clone()), Some(&kernel), 500);
    assert_eq!((routes, claims), (ROUTES as usize, true));
    assert!(heard >= 5, "{heard}");
    let recording = String::from_utf8(tape.0.lock().unwrap().clone()).unwrap();
    let replay = FakeKernel::replay(recording.as_bytes()).unwrap();
    assert_eq!(program(open(&replay), None, 500).0, routes);

    let mut random = Random(77);
    let (mut whole, mut broken) = (0, 0);
    for _ in 0..2_000 {
        let spoilt = spoil(&recording, &mut random);
        let Ok(kernel) = FakeKernel::replay(spoilt.as_bytes()) else { continue };
        let (found, _, claims) = program(open(&kernel), None, 2);
        // Datagrams that are there twice are entries that are there twice.
        assert!(found <= 8 * routes, "{spoilt}");
        *if claims { &mut whole } else { &mut broken } += 1;
    }
    assert!(whole > 50 && broken > 400, "{whole} {broken}");
}
