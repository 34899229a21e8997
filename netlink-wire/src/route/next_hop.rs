//! Next hops: those of `RTA_MULTIPATH`, and the one that is in a route itself.

use core::{fmt, net::IpAddr};

use super::{Encap, Route, RouteAttr, Rtn};
use crate::{
    attrs::{Attribute, Attrs},
    error::{ErrorKind, Result},
    netaddr::Addr,
    nla::{Nla, align},
    scalar::Reader,
    schema::{self, Type},
    value::{Nest, Pod, Record, Value},
    writer::{Buffer, Writer},
};

/// One next hop of a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextHop<'a> {
    /// Flags, weight and interface.
    pub header: RtNextHop,
    /// Its attributes; of a route with a single next hop, those of the route.
    pub attrs: Attrs<'a, RouteAttr<'a>>,
}

impl<'a> NextHop<'a> {
    /// The gateway, be it `RTA_GATEWAY` or `RTA_VIA`; none if the destination is
    /// on the link, or if the gateway is told by its link-layer address.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    pub fn gateway(&self) -> Result<Option<IpAddr>> {
        if let Some(ip) = self.attrs.get(RouteAttr::Gateway)? {
            return Ok(ip.ip());
        }
        Ok(self.attrs.get(RouteAttr::Via)?.and_then(Via::ip))
    }

    /// How packets are encapsulated.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    pub fn encap(&self) -> Result<Option<Encap<'a>>> {
        Encap::of(self.attrs)
    }

    /// Share of the packets that it gets, from 1 to 256. A next hop of a
    /// multicast route has a TTL threshold in its place.
    pub fn weight(&self) -> u16 {
        u16::from(self.header.hops) + 1
    }
}

wire_struct! {
    /// What starts a [`NextHop`].
    pub struct RtNextHop in "rtnexthop" {
        /// Length in bytes, attributes included. [`Writer::hop`] sets it.
        pub len: u16,
        /// Flags.
        pub flags: RtnhFlags,
        /// Weight, less one. In a multicast route: TTL that packets must have.
        pub hops: u8,
        /// Index of the output interface.
        pub ifindex: i32,
    }
}

flags! {
    /// State of a next hop, and how to use it: `RTNH_F_*`.
    pub struct RtnhFlags(u8) in "RTNH_F_" {
        /// Not used: its interface is down.
        DEAD = 0x1, "dead";
        /// The gateway is looked up recursively.
        PERVASIVE = 0x2, "pervasive";
        /// The gateway is on the link, whatever its address says.
        ONLINK = 0x4, "onlink";
        /// The hardware has it.
        OFFLOAD = 0x8, "offload";
        /// Its interface has no carrier.
        LINKDOWN = 0x10, "linkdown";
        /// The multicast route waits for its daemon.
        UNRESOLVED = 0x20, "unresolved";
        /// The hardware sends its packets to the kernel. Since Linux 5.6.
        TRAP = 0x40, "trap";
    }
}

/// The next hops in [`RouteAttr::Multipath`]: `struct rtnexthop`, each with
/// attributes of its own.
#[derive(Clone, Copy, PartialEq)]
pub struct NextHops<'a> {
    /// Only a place to keep bytes, offset and family: no attributes.
    records: Attrs<'a, Nla<'a>>,
}

impl<'a> NextHops<'a> {
    /// The next hops.
    pub const fn iter(&self) -> NextHopIter<'a> {
        NextHopIter { single: None, records: self.records }
    }
}

impl fmt::Debug for NextHops<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> Value<'a> for NextHops<'a> {
    const PROBE: Self = NextHops { records: Attrs::of(Nla::new(0, &[])) };
    const TYPE: Type = Type::Records(RtNextHop::LAYOUT, schema::of::<RouteAttr<'static>>);

    fn flags(&self) -> u16 {
        self.records.flags()
    }

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(NextHops { records: Attrs::of(nla) })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.records.as_bytes());
    }
}

impl<'a> Nest<'a> for NextHops<'a> {
    type Set = NextHops<'static>;
}

impl Writer<'_, NextHops<'static>> {
    /// Appends a next hop, the attributes of which `fill` pushes.
    pub fn hop(
        &mut self,
        header: &RtNextHop,
        fill: impl FnOnce(&mut Writer<'_, RouteAttr<'static>>),
    ) -> &mut Self {
        self.out.measured(|out| {
            header.put(out);
            out.nested(fill);
        });
        self
    }
}

/// Iterator over next hops.
///
/// It ends after the first error: past a broken length there is no telling
/// where the next one starts. Like the kernel, it ignores what is left at the
/// end if it is less than a next hop.
#[derive(Clone, Debug)]
pub struct NextHopIter<'a> {
    single: Option<NextHop<'a>>,
    records: Attrs<'a, Nla<'a>>,
}

impl<'a> NextHopIter<'a> {
    /// The next hop in the route itself, if there is one.
    pub(super) fn within(route: &Route<'a>) -> Result<Self> {
        let attrs = route.attrs;
        let none = Self { single: None, records: Attrs::new(&[], 0) };
        // IPv6 lets such routes lead to the loopback interface.
        if matches!(
            route.header.kind,
            Rtn::BLACKHOLE | Rtn::UNREACHABLE | Rtn::PROHIBIT | Rtn::THROW
        ) {
            return Ok(none);
        }
        let oif = attrs.get(RouteAttr::Oif)?;
        let ifindex = oif.unwrap_or_default() as i32;
        let flags = route.header.flags.next_hop();
        let header = RtNextHop { flags, ifindex, ..RtNextHop::default() };
        let mut has_hop = oif.is_some();
        for attr in [
            RouteAttr::Gateway(Addr::PROBE),
            RouteAttr::Via(Via::PROBE),
            RouteAttr::NhId(u32::PROBE),
        ] {
            has_hop = has_hop || attrs.last(attr.code())?.is_some();
        }
        Ok(Self { single: has_hop.then_some(NextHop { header, attrs }), ..none })
    }
}

impl<'a> Iterator for NextHopIter<'a> {
    type Item = Result<NextHop<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        const LEN: usize = RtNextHop::LEN;
        if let Some(hop) = self.single.take() {
            return Some(Ok(hop));
        }
        let records = self.records;
        let bytes = records.as_bytes();
        let header = RtNextHop::read(&mut Reader::new(bytes.get(..LEN)?));
        let len = usize::from(header.len);
        let Some(attrs) = records.slice(LEN, len) else {
            self.records = records.skip(bytes.len());
            let kind = if len < LEN { ErrorKind::Short(len as u32) } else { ErrorKind::Truncated };
            return Some(Err(kind.at("rtnexthop", records.offset())));
        };
        self.records = records.skip(align(len));
        Some(Ok(NextHop { header, attrs: attrs.cast() }))
    }
}

/// `struct rtvia`: a router of another address family than the route's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via<'a> {
    /// `AF_INET`, `AF_INET6`, or `AF_PACKET` for a link-layer address.
    pub family: u16,
    /// The address, of a length that the family tells.
    pub addr: &'a [u8],
}

impl Via<'_> {
    /// The address, if it is an IP address.
    pub fn ip(self) -> Option<IpAddr> {
        match (self.family, Addr::new(self.addr).ip()) {
            (2, ip @ Some(IpAddr::V4(_))) | (10, ip @ Some(IpAddr::V6(_))) => ip,
            _ => None,
        }
    }
}

impl<'a> Value<'a> for Via<'a> {
    const PROBE: Self = Via { family: 0, addr: &[] };
    const TYPE: Type = Type::Other("rtvia");

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        let Some((family, addr)) = nla.payload().split_at_checked(2) else {
            return Err(ErrorKind::Length(nla.payload().len() as u32));
        };
        Ok(Via { family: u16::read(&mut Reader::new(family)), addr })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        self.family.put(out);
        out.put(self.addr);
    }
}
