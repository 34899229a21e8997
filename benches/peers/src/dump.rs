//! The routes of the running kernel, dumped by each in the way that its documentation shows, and summed up.

use std::io::ErrorKind;

use futures_util::TryStreamExt;
use neli::{
    consts::{nl::NlmF, rtnl as neli_consts, socket::NlFamily},
    nl::NlPayload,
    router::synchronous::NlRouter,
    rtnl::{Rtmsg, RtmsgBuilder},
    utils::Groups,
};
pub use netlink_benches::Result;
use netlink_benches::{
    floor::{Floor, request},
    loops,
};
use netlink_bindings::rt_route::{self, RouteAttrs};
use netlink_packet_core::{
    NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::{
    AddressFamily, RouteNetlinkMessage,
    route::{RouteHeader, RouteMessage},
};
use netlink_sys::{
    Protocol, Socket,
    mirror::{Change, Mirror, Table},
    table::Routes,
};
use netlink_wire::route::RtTable;
use peer_netlink_sys::{SocketAddr, protocols::NETLINK_ROUTE};

use crate::{ip, parse};

/// What a dump came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many routes.
    pub routes: u64,
    /// The values of all of them.
    pub values: u64,
}

impl Sum {
    fn add(&mut self, values: u64) {
        self.routes += 1;
        self.values = self.values.wrapping_add(values);
    }
}

/// How one of them dumps.
pub type Dump = fn() -> Result<Sum>;

/// All of them, the floor and ourselves first. The floor sums up nothing.
pub const ALL: [(&str, Dump); 10] = [
    ("floor", floor),
    ("netlink-sys", ours),
    ("netlink-sys, read ahead", ahead),
    ("netlink-sys, in any order", unordered),
    ("netlink-sys, first snapshot of a mirror", mirror),
    ("netlink-bindings", bindings),
    ("nlink", nlink),
    ("netlink-packet-route", packet_route),
    ("neli", neli),
    ("rtnetlink", rtnetlink),
];

fn floor() -> Result<Sum> {
    Floor::open()?.receive()?;
    Ok(Sum::default())
}

fn ours() -> Result<Sum> {
    in_order(Socket::open(Protocol::ROUTE)?)
}

/// A thread receives while this one looks at what came before.
fn ahead() -> Result<Sum> {
    in_order(Socket::builder(Protocol::ROUTE).read_ahead(true).open()?)
}

fn in_order(mut socket: Socket) -> Result<Sum> {
    let mut sum = Sum::default();
    let mut replies = socket.request(request(&mut [0; 64]))?;
    while let Some(message) = replies.recv()? {
        sum.add(loops::route(message));
    }
    Ok(sum)
}

/// By as many threads as the machine runs at once. The table is known to be whole.
fn unordered() -> Result<Sum> {
    let mut sum = Sum::default();
    let threads = std::thread::available_parallelism()?.get();
    let table = Routes::ipv4().table(RtTable::MAIN);
    let mut routes = Socket::builder(Protocol::ROUTE).dump_unordered(table, threads)?;
    while let Some(route) = routes.recv()? {
        sum.add(loops::values(route));
    }
    Ok(sum)
}

/// Every route is kept, and the table is known to be whole.
fn mirror() -> Result<Sum> {
    let mut sum = Sum::default();
    let mut mirror = Mirror::builder().table(Table::Ipv4Routes).open()?;
    while !matches!(mirror.recv()?, Change::Synced { .. }) {}
    for object in mirror.iter(Table::Ipv4Routes) {
        if object.route().is_some_and(|route| route.table() == Ok(RtTable::MAIN)) {
            sum.add(loops::route(object.message()));
        }
    }
    Ok(sum)
}

fn bindings() -> Result<Sum> {
    let mut sum = Sum::default();
    let mut socket = netlink_socket2::NetlinkSocket::new();
    let header = rt_route::Rtmsg { rtm_family: 2, rtm_table: 254, ..Default::default() };
    let request = rt_route::Request::new().op_getroute_dump(&header);
    let mut replies = socket.request(&request)?;
    while let Some((header, attrs)) = replies.recv().transpose()? {
        let mut table = 0;
        let mut values = u64::from(header.rtm_dst_len);
        for attr in attrs {
            values = values.wrapping_add(match attr? {
                RouteAttrs::Dst(to) | RouteAttrs::Gateway(to) | RouteAttrs::Prefsrc(to) => ip(to),
                RouteAttrs::Oif(n) | RouteAttrs::Priority(n) => n.into(),
                RouteAttrs::Table(n) => {
                    table = n;
                    n.into()
                }
                _ => 0,
            });
        }
        if table == 254 {
            sum.add(values);
        }
    }
    Ok(sum)
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn nlink() -> Result<Sum> {
    runtime()?.block_on(async {
        let mut sum = Sum::default();
        let connection = nlink::Connection::<nlink::Route>::new()?;
        let mut routes = connection.stream_routes().await?;
        while let Some(route) = routes.try_next().await? {
            if route.is_ipv4() && route.table_id() == 254 {
                sum.add(parse::nlink_one(&route));
            }
        }
        Ok(sum)
    })
}

fn packet_route_request() -> RouteMessage {
    let mut header = RouteHeader::default();
    (header.address_family, header.table) = (AddressFamily::Inet, 254);
    let mut message = RouteMessage::default();
    message.header = header;
    message
}

/// `netlink-packet-route` over the blocking socket of `netlink-sys` 0.9.
fn packet_route() -> Result<Sum> {
    let mut sum = Sum::default();
    let mut socket = peer_netlink_sys::Socket::new(NETLINK_ROUTE)?;
    socket.bind_auto()?;
    socket.connect(&SocketAddr::new(0, 0))?;
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_DUMP | NLM_F_REQUEST;
    let payload = RouteNetlinkMessage::GetRoute(packet_route_request());
    let mut message = NetlinkMessage::new(header, NetlinkPayload::from(payload));
    message.finalize();
    let mut buf = vec![0; message.buffer_len()];
    message.serialize(&mut buf);
    socket.send(&buf, 0)?;
    let mut buf = vec![0; 64 << 10];
    loop {
        let len = match socket.recv(&mut &mut buf[..], 0) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            len => len?,
        };
        let mut rest = &buf[..len];
        while !rest.is_empty() {
            let message = NetlinkMessage::<RouteNetlinkMessage>::deserialize(rest)?;
            rest = &rest[message.header.length as usize..];
            match message.payload {
                NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewRoute(route)) => {
                    if route.header.table == 254 {
                        sum.add(parse::packet_route_one(&route));
                    }
                }
                NetlinkPayload::Done(_) => return Ok(sum),
                other => return Err(format!("{other:?}").into()),
            }
        }
    }
}

fn neli() -> Result<Sum> {
    let mut sum = Sum::default();
    let (socket, _) = NlRouter::connect(NlFamily::Route, None, Groups::empty())?;
    let header = RtmsgBuilder::default()
        .rtm_family(neli_consts::RtAddrFamily::Inet)
        .rtm_dst_len(0)
        .rtm_src_len(0)
        .rtm_tos(0)
        .rtm_table(neli_consts::RtTable::Main)
        .rtm_protocol(neli_consts::Rtprot::Unspec)
        .rtm_scope(neli_consts::RtScope::Universe)
        .rtm_type(neli_consts::Rtn::Unspec)
        .build()?;
    let replies = socket.send::<_, _, u16, Rtmsg>(
        neli_consts::Rtm::Getroute,
        NlmF::DUMP,
        NlPayload::Payload(header),
    )?;
    for reply in replies {
        if let NlPayload::Payload(route) = reply?.nl_payload()
            && route.rtm_table() == &neli_consts::RtTable::Main
        {
            sum.add(parse::neli_one(route));
        }
    }
    Ok(sum)
}

fn rtnetlink() -> Result<Sum> {
    runtime()?.block_on(async {
        let mut sum = Sum::default();
        let (connection, handle, _) = rtnetlink::new_connection()?;
        tokio::spawn(connection);
        let mut routes = handle.route().get(packet_route_request()).execute();
        while let Some(route) = routes.try_next().await? {
            if route.header.table == 254 {
                sum.add(parse::packet_route_one(&route));
            }
        }
        Ok(sum)
    })
}
