//! The table of the parsers: time and allocations a message.

use std::{alloc::System, hint::black_box, time::Instant};

use netlink_benches::count;
use netlink_peers::{dump::Result, parse};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often each is measured; the fastest counts, for nothing makes it faster than it is.
const ROUNDS: u32 = 50;

pub(crate) fn table() -> Result<()> {
    let dump = parse::routes();
    let messages = count(&dump);
    let mut rows = Vec::new();
    for (name, read) in parse::ALL {
        let Some(read) = read else {
            eprintln!("{name}: NOT RUN: there was no compiler");
            continue;
        };
        let region = Region::new(ALLOCATOR);
        black_box(read(black_box(&dump)));
        let allocations = region.change().allocations as f64 / messages as f64;
        rows.push((name, read, f64::INFINITY, allocations));
    }
    for _ in 0..ROUNDS {
        for (_, read, best, _) in &mut rows {
            let start = Instant::now();
            black_box(read(black_box(&dump)));
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / messages as f64);
        }
    }
    let ours = rows[0].2;
    println!("\n| {messages} routes in memory | ns a route | x ours | allocations a route |");
    println!("|---|---:|---:|---:|");
    for (name, _, best, allocations) in rows {
        println!("| {name} | {best:.1} | {:.2} | {allocations:.1} |", best / ours);
    }
    Ok(())
}
