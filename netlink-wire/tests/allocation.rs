//! Reading and building captured messages takes no memory from an allocator.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    fmt::{self, Write},
};

use netlink_wire::{
    Attribute, Body, Header, Message, Messages, Record, Rtnl,
    walk::{Content, Walk},
};

/// The system's allocator, which counts how often it is asked for memory.
struct Counting;

thread_local! {
    /// How often this thread asked.
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

// Both do what the system's allocator does, with the same arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Takes text, and keeps none of it.
struct Sink;

impl Write for Sink {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        Ok(())
    }
}

/// Reads everything by its type, by its schema, and writes it back.
fn read_and_build(message: Message<'_>, buf: &mut [u8]) -> fmt::Result {
    let rtnl = Rtnl::parse(message);
    write!(Sink, "{rtnl:?}")?;
    show(Walk::rtnl(message))?;
    match rtnl {
        Ok(Rtnl::Link(body)) => build(message.header, body, buf),
        Ok(Rtnl::Addr(body)) => build(message.header, body, buf),
        Ok(Rtnl::Route(body)) => build(message.header, body, buf),
        Ok(Rtnl::Neigh(body)) => build(message.header, body, buf),
        Ok(Rtnl::Rule(body)) => build(message.header, body, buf),
        Ok(Rtnl::Nexthop(body)) => build(message.header, body, buf),
        _ => {}
    }
    Ok(())
}

fn show(attrs: Walk<'_>) -> fmt::Result {
    for entry in attrs.flatten() {
        match entry.content() {
            Content::Value(value) => write!(Sink, "{:?} {value}", entry.name())?,
            Content::Attrs(attrs) => show(attrs)?,
            Content::Headed(head, attrs) => {
                write!(Sink, "{head}")?;
                show(attrs)?;
            }
            Content::Records(records) => {
                for record in records.flatten() {
                    write!(Sink, "{}", record.header)?;
                    show(record.attrs)?;
                }
            }
        }
    }
    Ok(())
}

fn build<'a, H: Record, A: Attribute<'a>>(header: Header, body: Body<'a, H, A>, buf: &mut [u8]) {
    let mut writer = Body::<H, A>::writer(buf, header.kind, header.flags, &body.header);
    for attr in body.attrs.iter().flatten() {
        writer.push(attr);
    }
    assert!(writer.finish().is_ok());
}

#[test]
fn nothing_allocates() {
    let captures = netlink_captures::all();
    let mut buf = vec![0; 1 << 16];
    let mut count = 0;
    for capture in &captures {
        for record in &capture.records {
            let before = ASKED.get();
            for message in Messages::new(&record.bytes).flatten() {
                read_and_build(message, &mut buf).unwrap();
                count += 1;
            }
            let asked = ASKED.get() - before;
            assert_eq!(asked, 0, "{} {}: {}", capture.kernel, capture.scenario, record.command);
        }
    }
    assert!(count > 100, "only {count} messages");
}
