//! Follows a dump and hears events in one loop, without a runtime:
//! `cargo run --example with_epoll`.

use std::error::Error;

use netlink_sys::{Event, Protocol, Socket};
use netlink_wire::{
    Ack, Exchange, NlmFlags, Rtm, Rtnl, RtnlGrp, Step,
    rule::{FibRuleHdr, Rule},
};
use nix::{
    errno::Errno,
    sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout},
};

const EVENTS: u64 = 1;
const REPLIES: u64 = 2;

/// Tells the rules that there are, and what happens to them, as long as it is asked to.
pub(crate) fn watch(mut tell: impl FnMut(String) -> bool) -> Result<(), Box<dyn Error>> {
    let mut events = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_RULE).listen()?;
    let mut socket = Socket::open(Protocol::ROUTE)?;

    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    epoll.add(&events, EpollEvent::new(EpollFlags::EPOLLIN, EVENTS))?;
    epoll.add(&socket, EpollEvent::new(EpollFlags::EPOLLIN, REPLIES))?;

    let mut request = [0; 64];
    let header = FibRuleHdr { family: 2, ..FibRuleHdr::default() };
    let request = Rule::writer(&mut request, Rtm::GETRULE, NlmFlags::DUMP, &header).finish()?;
    let mut exchange = Exchange::start(request, 1, 0);
    socket.send(request)?;
    exchange.set_port(socket.port()?); // Chosen when it was sent.

    let mut buf = vec![0; 64 * 1024]; // The kernel fills as much of it as it can.
    loop {
        let mut ready = [EpollEvent::empty(); 2];
        let count = match epoll.wait(&mut ready, EpollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            waited => waited?,
        };
        for event in &ready[..count] {
            if event.data() == EVENTS {
                while let Some(event) = events.try_recv()? {
                    let line = match event {
                        Event::Message(event) => format!("{:?}", Rtnl::parse(event.message)?),
                        Event::Lost { reason } => format!("{reason}: read the rules again"),
                    };
                    if !tell(line) {
                        return Ok(());
                    }
                }
                continue;
            }
            while let Some(datagram) = socket.try_recv_into(&mut buf)? {
                if !exchange.takes(datagram.sender, datagram.group) {
                    continue;
                }
                loop {
                    let step = exchange.step(&buf[..datagram.len])?;
                    let Some(message) = step.message(&buf) else { break };
                    let line = match step {
                        Step::Reply(..) => format!("{:?}", Rule::parse(message)?),
                        _ => match Ack::parse(message)?.errno() {
                            None if exchange.is_interrupted() => "disturbed".to_owned(),
                            None => "that is all".to_owned(),
                            Some(errno) => return Err(format!("refused: {errno}").into()),
                        },
                    };
                    if !tell(line) {
                        return Ok(());
                    }
                }
            }
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    watch(|line| {
        println!("{line}");
        true
    })
}
