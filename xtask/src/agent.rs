//! Records what programs say to the kernel and what it answers.
//!
//! It runs in a throw-away kernel, as root, in a network namespace of its own.
//! An `nlmon` device shows it every message to and from the kernel; a socket
//! in all multicast groups tells which of them are events.

use std::{
    fs,
    os::fd::{AsRawFd, OwnedFd},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use netlink_captures::{Capture, Kind, Record};
use netlink_wire::{Header, Messages, NlmFlags, Rtm};
use nix::{
    errno::Errno,
    libc, setsockopt_impl, sockopt_impl,
    sys::{
        socket::{
            AddressFamily, LinkAddr, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind,
            recv, recvfrom, setsockopt, socket, sockopt::RcvBufForce,
        },
        utsname::uname,
    },
};

use crate::{Result, shape};

sockopt_impl!(AddMembership, SetOnly, libc::SOL_NETLINK, libc::NETLINK_ADD_MEMBERSHIP, i32);

/// Group numbers up to this one are tried.
const LAST_GROUP: i32 = 63;

/// `ARPHRD_NETLINK`
const NETLINK: u16 = 824;

/// Runs the commands of a scenario and writes what was recorded to the file
/// `new`; the file `old` may hold an earlier recording.
pub(crate) fn run(scenario: &str, old: &str, new: &str) -> Result {
    let text = fs::read_to_string(scenario)?;
    let mut recorder = Recorder::new()?;
    let mut records = Vec::new();
    for line in crate::scenario::commands(&text) {
        let quiet = line.strip_prefix('-');
        let command = quiet.unwrap_or(line).trim();
        let output = Command::new("sh").args(["-c", command]).stdin(Stdio::null()).output()?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            eprintln!("{scenario}: {command}: {}", error.lines().next().unwrap_or_default());
        }
        // Some events follow a moment later.
        thread::sleep(Duration::from_millis(30));
        let messages = recorder.take()?;
        if quiet.is_none() {
            records.extend(messages.into_iter().map(|(kind, bytes)| Record {
                command: command.to_owned(),
                kind,
                bytes,
            }));
        }
    }
    let mut records = shape::distinct(records);
    let old = Capture::read(&fs::read_to_string(old).unwrap_or_default())?;
    let (all, changed) = (records.len(), shape::keep(old.records, &mut records));
    println!("{scenario}: {all} messages, {changed} of them new");
    let capture = Capture {
        kernel: String::new(),
        scenario: String::new(),
        origin: origin()?,
        big_endian: cfg!(target_endian = "big"),
        records,
    };
    Ok(fs::write(new, capture.to_string())?)
}

fn origin() -> Result<String> {
    let name = uname()?;
    let text = |s: &std::ffi::OsStr| s.to_string_lossy().into_owned();
    let order = if cfg!(target_endian = "big") { "big" } else { "little" };
    let ip = Command::new("ip").arg("-V").output()?.stdout;
    let ip = String::from_utf8_lossy(&ip);
    let ip = ip.split([' ', ',', '\n']).find(|word| word.starts_with("iproute2-"));
    Ok(format!(
        "Linux {} {}, {}, {order}-endian",
        text(name.release()),
        text(name.machine()),
        ip.unwrap_or("iproute2"),
    ))
}

struct Recorder {
    /// Everything.
    tap: OwnedFd,
    /// The events alone.
    events: OwnedFd,
    buf: Vec<u8>,
}

impl Recorder {
    fn new() -> Result<Self> {
        for command in [
            // A high index, so that it is in nobody's way.
            "ip link add name nlmon0 index 1000 type nlmon && ip link set nlmon0 up",
            // What depends on the time or on chance is not to be seen.
            "sysctl -q net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0",
            "sysctl -q net.ipv6.conf.default.router_solicitations=0",
        ] {
            let status = Command::new("sh").args(["-c", command]).status()?;
            if !status.success() {
                return Err(format!("{command}: {status}").into());
            }
        }
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let events =
            socket(AddressFamily::Netlink, SockType::Raw, flags, SockProtocol::NetlinkRoute)?;
        bind(events.as_raw_fd(), &NetlinkAddr::new(0, 0))?;
        for group in 1..=LAST_GROUP {
            // The kernel refuses groups that it does not have.
            let _ = setsockopt(&events, AddMembership, &group);
        }
        let tap = socket(AddressFamily::Packet, SockType::Raw, flags, SockProtocol::EthAll)?;
        for fd in [&events, &tap] {
            setsockopt(fd, RcvBufForce, &(32 << 20))?;
        }
        Ok(Self { tap, events, buf: vec![0; 1 << 20] })
    }

    /// The messages since the last time.
    fn take(&mut self) -> Result<Vec<(Kind, Vec<u8>)>> {
        let mut events = Vec::new();
        while let Some(len) =
            received(recv(self.events.as_raw_fd(), &mut self.buf, MsgFlags::empty()))?
        {
            events.push(self.buf[..len].to_vec());
        }
        let mut messages = Vec::new();
        loop {
            let from = recvfrom::<LinkAddr>(self.tap.as_raw_fd(), &mut self.buf);
            let Some((len, Some(from))) = received(from)? else { break };
            if from.hatype() != NETLINK || from.protocol() != 0 {
                continue;
            }
            let datagram = &self.buf[..len];
            let event = events.iter().position(|event| event == datagram);
            if let Some(at) = event {
                events.remove(at);
            }
            // `ip` sends some requests with a few bytes too many.
            for message in Messages::new(datagram).map_while(Result::ok) {
                let start = message.payload.as_ptr() as usize - datagram.as_ptr() as usize;
                let start = start - size_of::<Header>();
                let end = start + message.header.len as usize;
                let end = end.next_multiple_of(4).min(len);
                let asks = message.header.flags.contains(NlmFlags::REQUEST);
                // The event about a nexthop object repeats the flags of the request.
                let kind = match event {
                    Some(_) => Kind::Event,
                    None if asks => Kind::Request,
                    None => Kind::Reply,
                };
                messages.push((kind, datagram[start..end].to_vec()));
            }
        }
        // The monitor speaks of itself, too.
        messages.retain(|(_, bytes)| !is_monitor(bytes));
        Ok(messages)
    }
}

/// Whether a message is about the monitor's own device.
fn is_monitor(bytes: &[u8]) -> bool {
    let header = Header::of(bytes);
    let index = bytes.get(20..24).map(|b| u32::from_ne_bytes([b[0], b[1], b[2], b[3]]));
    header.is_some_and(|header| header.kind & !3 == Rtm::NEWLINK.0) && index == Some(1000)
}

fn received<T>(result: Result<T, Errno>) -> Result<Option<T>, Errno> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Errno::EAGAIN) => Ok(None),
        Err(error) => Err(error),
    }
}
