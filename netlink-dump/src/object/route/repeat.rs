//! Rows that repeat the one before in all but their destination, as most of a large table do.

use std::{io::Write, ops::Range};

use netlink_wire::{
    Addr, Nla,
    route::{Route, RouteAddr, RouteAttr, RtMsg},
};

use crate::out::Out;

/// A row that was printed, and what of.
#[derive(Default)]
pub(super) struct Repeat {
    /// Header of the route, but for the length of the destination.
    header: RtMsg,
    attrs: Vec<u8>,
    /// Where in the attributes the destination lies; nowhere as long as there is no row.
    dst: Range<usize>,
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Repeat {
    /// The destination of a route that has nothing else of its own.
    pub(super) fn destination<'a>(&self, route: &Route<'a>) -> Option<RouteAddr<'a>> {
        let attrs = route.attrs.as_bytes();
        let dst = attrs.get(self.dst.clone()).filter(|dst| !dst.is_empty())?;
        let same = attrs.len() == self.attrs.len()
            && attrs[..self.dst.start] == self.attrs[..self.dst.start]
            && attrs[self.dst.end..] == self.attrs[self.dst.end..]
            && header(route) == self.header;
        same.then(|| RouteAddr::Addr(Addr::new(dst)))
    }

    /// Writes what stands before the destination.
    pub(super) fn before<W: Write>(&self, out: &mut Out<W>) {
        out.again(&self.before);
    }

    /// Writes what stands after it.
    pub(super) fn after<W: Write>(&self, out: &mut Out<W>) {
        out.again(&self.after);
    }

    /// Keeps a route, and what stands before and after its destination in the row.
    pub(super) fn keep(&mut self, route: &Route<'_>, before: &[u8], after: &[u8]) {
        let mut nlas = route.attrs.raw().map_while(Result::ok).peekable();
        let first = nlas.peek().map_or(0, |nla| nla.offset());
        self.dst = 0..0;
        for (nla, attr) in nlas.zip(route.attrs) {
            if let Ok(RouteAttr::Dst(RouteAddr::Addr(_))) = attr {
                let start = (nla.offset() - first) as usize + Nla::HEADER_LEN;
                self.dst = start..start + nla.payload().len();
            }
        }
        self.header = header(route);
        for (kept, bytes) in [
            (&mut self.attrs, route.attrs.as_bytes()),
            (&mut self.before, before),
            (&mut self.after, after),
        ] {
            kept.clear();
            kept.extend_from_slice(bytes);
        }
    }
}

fn header(route: &Route<'_>) -> RtMsg {
    RtMsg { dst_len: 0, ..route.header }
}
