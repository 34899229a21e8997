//! The table of events: how many a second each takes, which is what a burst may last at without a loss.

use std::{error::Error, time::Instant};

use netlink_benches::{floor, loops, namespace};
use netlink_peers::dump::Result;
use netlink_sys::{
    Event, Protocol, Socket,
    mirror::{Change, Mirror, Table},
};
use netlink_wire::RtnlGrp;

/// How many routes are added.
const CHANGES: u32 = 100_000;

/// Room for the events of all of them.
const ROOM: usize = 1 << 30;

/// Takes the events of so many changes.
type Drain = Box<dyn FnMut() -> Result<u64>>;

/// How each begins to listen.
const READERS: [(&str, fn() -> Result<Drain>); 3] =
    [("a loop that only receives", bare), ("netlink-sys, typed", typed), ("a mirror", mirror)];

pub(crate) fn table() -> Result<()> {
    println!("\n| {CHANGES} routes are added | events a second | x the first |");
    println!("|---|---:|---:|");
    let mut first = None;
    for (name, listen) in READERS {
        namespace::enter()?;
        // Only links.
        namespace::routes(0)?;
        let mut drain = listen()?;
        let written = Instant::now();
        namespace::routes(CHANGES)?;
        let written = written.elapsed().as_secs_f64();
        let start = Instant::now();
        let count = drain()?;
        let each = start.elapsed().as_secs_f64() / f64::from(CHANGES);
        if count != u64::from(CHANGES) {
            return Err(format!("{name} heard of {count} changes").into());
        }
        let first = *first.get_or_insert_with(|| {
            let rate = f64::from(CHANGES) / written;
            println!("| who adds them, one by one | {rate:.0} | |");
            each
        });
        println!("| {name} | {:.0} | {:.2} |", 1.0 / each, first / each);
    }
    Ok(())
}

fn socket() -> netlink_sys::Builder {
    Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_ROUTE).receive_buffer(ROOM)
}

fn bare() -> Result<Drain> {
    let socket = socket().open()?;
    Ok(Box::new(move || Ok(floor::drain(&socket)?)))
}

fn typed() -> Result<Drain> {
    let mut events = socket().listen()?;
    Ok(Box::new(move || {
        let (mut count, mut sum) = (0, 0u64);
        while let Some(event) = events.try_recv()? {
            let Event::Message(event) = event else { return Err(lost()) };
            sum = sum.wrapping_add(loops::route(event.message));
            count += 1;
        }
        std::hint::black_box(sum);
        Ok(count)
    }))
}

/// Every change is told, and the table kept.
fn mirror() -> Result<Drain> {
    let mut mirror =
        Mirror::builder().table(Table::Ipv4Routes).receive_buffer(ROOM, ROOM).open()?;
    while !matches!(mirror.recv()?, Change::Synced { .. }) {}
    let before = mirror.len(Table::Ipv4Routes);
    Ok(Box::new(move || {
        while mirror.len(Table::Ipv4Routes) < before + CHANGES as usize {
            mirror.recv()?;
        }
        if mirror.stats().losses > 0 {
            return Err(lost());
        }
        Ok((mirror.len(Table::Ipv4Routes) - before) as u64)
    }))
}

fn lost() -> Box<dyn Error> {
    "events were lost".into()
}
