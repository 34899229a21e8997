//! Sockets of IPv4 and IPv6, as `ss` lists them: `SOCK_DIAG_BY_FAMILY`, `SOCK_DESTROY`.
//!
//! Source: `include/uapi/linux/inet_diag.h`, `sock_diag.h`, `tcp.h`, `tls.h` and `mptcp_pm.h`, as
//! of Linux 7.2.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    attrs::Attrs,
    message::Body,
    scalar::Be,
    value::{Multi, Str, Struct},
};

/// The protocol's number: `NETLINK_SOCK_DIAG`.
pub const NETLINK_SOCK_DIAG: i32 = 4;

/// Type of requests for sockets and of the replies.
pub const SOCK_DIAG_BY_FAMILY: u16 = 20;

/// Type of requests to close sockets, if the kernel is built to.
pub const SOCK_DESTROY: u16 = 21;

/// A socket of TCP, UDP and the like: state, addresses, and what was asked for beside.
pub type InetDiag<'a> = Body<'a, InetDiagMsg, InetDiagAttr<'a>>;

/// A request for sockets.
///
/// ```
/// use netlink_wire::{
///     NlmFlags,
///     sock_diag::{InetDiagReqV2, InetDiagRequest, SOCK_DIAG_BY_FAMILY, TcpStates},
/// };
///
/// // Asks for all TCP sockets of IPv4 that listen.
/// let header = InetDiagReqV2 {
///     family: 2,
///     protocol: 6,
///     states: TcpStates::LISTEN,
///     ..InetDiagReqV2::default()
/// };
/// let mut buf = [0; 128];
/// let request =
///     InetDiagRequest::writer(&mut buf, SOCK_DIAG_BY_FAMILY, NlmFlags::DUMP, &header).finish()?;
/// assert_eq!(request.len(), 72);
/// # Ok::<(), netlink_wire::Error>(())
/// ```
pub type InetDiagRequest<'a> = Body<'a, InetDiagReqV2, InetDiagReqAttr<'a>>;

impl InetDiag<'_> {
    /// Address and port of this end.
    pub fn local(&self) -> (IpAddr, u16) {
        (ip(self.header.family, self.header.id.src), self.header.id.sport.get())
    }

    /// Address and port of the other end; all zero if there is none.
    pub fn remote(&self) -> (IpAddr, u16) {
        (ip(self.header.family, self.header.id.dst), self.header.id.dport.get())
    }
}

fn ip(family: u8, octets: [u8; 16]) -> IpAddr {
    let [a, b, c, d, ..] = octets;
    match family {
        2 => Ipv4Addr::new(a, b, c, d).into(),
        _ => Ipv6Addr::from(octets).into(),
    }
}

wire_struct! {
    /// The fixed header of an [`InetDiagRequest`].
    pub struct InetDiagReqV2 in "inet_diag_req_v2" {
        /// `AF_INET` or `AF_INET6`.
        pub family: u8,
        /// `IPPROTO_TCP`, `IPPROTO_UDP` and so on.
        pub protocol: u8,
        /// Which attributes the reply shall have.
        pub ext: InetDiagExt,
        /// Of raw sockets: the protocol. Of others 0.
        pub raw_protocol: u8,
        /// In which states sockets shall be.
        pub states: TcpStates,
        /// Which socket is asked for; in a dump, ports other than 0 are those of the sockets.
        pub id: InetDiagSockId,
    }
}

wire_struct! {
    /// What tells a socket from others.
    pub struct InetDiagSockId in "inet_diag_sockid" {
        /// Port of this end.
        pub sport: Be<u16>,
        /// Port of the other end.
        pub dport: Be<u16>,
        /// Address of this end, in as many bytes as it has.
        pub src: [u8; 16],
        /// Address of the other end, in as many bytes as it has.
        pub dst: [u8; 16],
        /// Index of the link that the socket is bound to; 0 is none.
        pub ifindex: u32,
        /// Number of the socket, low half first; [`NO_COOKIE`](Self::NO_COOKIE) in a request asks
        /// for whatever the addresses tell.
        pub cookie: [u32; 2],
    }
}

impl InetDiagSockId {
    /// No number: `INET_DIAG_NOCOOKIE`.
    pub const NO_COOKIE: [u32; 2] = [u32::MAX; 2];
}

wire_struct! {
    /// The fixed header of an [`InetDiag`].
    pub struct InetDiagMsg in "inet_diag_msg" {
        /// `AF_INET` or `AF_INET6`.
        pub family: u8,
        /// State; of sockets other than TCP's, `ESTABLISHED` or `CLOSE`.
        pub state: TcpState,
        /// Which timer runs.
        pub timer: InetDiagTimer,
        /// How often something has been sent anew without an answer.
        pub retrans: u8,
        /// Addresses, ports and number; [`InetDiag::local`] and [`InetDiag::remote`] read them.
        pub id: InetDiagSockId,
        /// Until the timer ends, in milliseconds.
        pub expires: u32,
        /// Bytes that wait to be read; of a socket that listens, connections to be accepted.
        pub rqueue: u32,
        /// Bytes that the other end has not confirmed; of a socket that listens, how many
        /// connections may wait.
        pub wqueue: u32,
        /// User that the socket belongs to.
        pub uid: u32,
        /// Inode of the socket, by which `/proc` tells its processes; 0 is none.
        pub inode: u32,
    }
}

constants! {
    /// State of a TCP socket: `TCP_*`.
    pub struct TcpState(u8) in "TCP_" {
        /// Connected.
        ESTABLISHED = 1, "ESTAB";
        /// It asked for a connection.
        SYN_SENT = 2, "SYN-SENT";
        /// It was asked for a connection, and has agreed.
        SYN_RECV = 3, "SYN-RECV";
        /// It has said that it sends no more.
        FIN_WAIT1 = 4, "FIN-WAIT-1";
        /// That has been confirmed.
        FIN_WAIT2 = 5, "FIN-WAIT-2";
        /// Closed, and kept in case that late packets come.
        TIME_WAIT = 6, "TIME-WAIT";
        /// Not connected.
        CLOSE = 7, "UNCONN";
        /// The other end sends no more.
        CLOSE_WAIT = 8, "CLOSE-WAIT";
        /// Neither end sends any more; the other one has yet to confirm it.
        LAST_ACK = 9, "LAST-ACK";
        /// It waits for connections.
        LISTEN = 10, "LISTEN";
        /// Both ends said at a time that they send no more.
        CLOSING = 11, "CLOSING";
        /// As `SYN_RECV`, before it has a socket of its own.
        NEW_SYN_RECV = 12, "NEW-SYN-RECV";
        /// Bound, and neither connected nor waiting for connections. Since Linux 6.8.
        BOUND_INACTIVE = 13, "BOUND-INACTIVE";
    }
}

flags! {
    /// States of TCP sockets: `TCPF_*`.
    pub struct TcpStates(u32) in "TCPF_" {
        /// [`TcpState::ESTABLISHED`]
        ESTABLISHED = 0x2, "ESTAB";
        /// [`TcpState::SYN_SENT`]
        SYN_SENT = 0x4, "SYN-SENT";
        /// [`TcpState::SYN_RECV`]
        SYN_RECV = 0x8, "SYN-RECV";
        /// [`TcpState::FIN_WAIT1`]
        FIN_WAIT1 = 0x10, "FIN-WAIT-1";
        /// [`TcpState::FIN_WAIT2`]
        FIN_WAIT2 = 0x20, "FIN-WAIT-2";
        /// [`TcpState::TIME_WAIT`]
        TIME_WAIT = 0x40, "TIME-WAIT";
        /// [`TcpState::CLOSE`]
        CLOSE = 0x80, "UNCONN";
        /// [`TcpState::CLOSE_WAIT`]
        CLOSE_WAIT = 0x100, "CLOSE-WAIT";
        /// [`TcpState::LAST_ACK`]
        LAST_ACK = 0x200, "LAST-ACK";
        /// [`TcpState::LISTEN`]
        LISTEN = 0x400, "LISTEN";
        /// [`TcpState::CLOSING`]
        CLOSING = 0x800, "CLOSING";
        /// [`TcpState::NEW_SYN_RECV`]
        NEW_SYN_RECV = 0x1000, "NEW-SYN-RECV";
        /// [`TcpState::BOUND_INACTIVE`]
        BOUND_INACTIVE = 0x2000, "BOUND-INACTIVE";
    }
}

impl TcpStates {
    /// All that there are.
    pub const ALL: Self = Self(0x3ffe);
}

constants! {
    /// Which timer of a socket runs: `IDIAG_TIMER_*`, which the kernel names since Linux 6.16.
    pub struct InetDiagTimer(u8) in "IDIAG_TIMER_" {
        /// None.
        OFF = 0, "off";
        /// The one to send anew.
        ON = 1, "on";
        /// The one to see whether the other end is still there.
        KEEPALIVE = 2, "keepalive";
        /// The one until it is forgotten.
        TIMEWAIT = 3, "timewait";
        /// The one to see whether the other end has room again.
        PROBE0 = 4, "persist";
        /// The one to confirm what came in. Since Linux 6.16.
        DELACK = 5, "delack";
    }
}

flags! {
    /// Which attributes a reply shall have: a bit for each of the first eight.
    pub struct InetDiagExt(u8) in "INET_DIAG_" {
        /// [`InetDiagAttr::MemInfo`]
        MEMINFO = 0x01, "meminfo";
        /// [`InetDiagAttr::Info`]
        INFO = 0x02, "info";
        /// [`InetDiagAttr::VegasInfo`], or those of DCTCP and BBR.
        VEGASINFO = 0x04, "vegasinfo";
        /// [`InetDiagAttr::Cong`]
        CONG = 0x08, "cong";
        /// [`InetDiagAttr::Tos`]
        TOS = 0x10, "tos";
        /// [`InetDiagAttr::Tclass`] and [`InetDiagAttr::ClassId`]
        TCLASS = 0x20, "tclass";
        /// [`InetDiagAttr::SkMemInfo`]
        SKMEMINFO = 0x40, "skmeminfo";
        /// [`InetDiagAttr::Shutdown`], which comes unasked.
        SHUTDOWN = 0x80, "shutdown";
    }
}

attributes! {
    /// An attribute of an [`InetDiagRequest`].
    pub enum InetDiagReqAttr<'a> in "inet-diag-req-attrs" {
        /// A program that chooses sockets: `struct inet_diag_bc_op`, each with what it compares.
        INET_DIAG_REQ_BYTECODE = 1 => Bytecode(&'a [u8]),
        /// Which values of BPF programs are asked for. Since Linux 5.7.
        INET_DIAG_REQ_SK_BPF_STORAGES = 2 => SkBpfStorages(Attrs<'a, SkBpfStorageReqAttr<'a>>),
        /// The protocol, if its number takes more than 8 bits: 262 is MPTCP. Since Linux 5.9.
        INET_DIAG_REQ_PROTOCOL = 3 => Protocol(u32),
    }
}

attributes! {
    /// An attribute of [`InetDiagReqAttr::SkBpfStorages`].
    pub enum SkBpfStorageReqAttr<'a> in "sk-bpf-storage-req-attrs" {
        /// Descriptor of a map; without any, all maps.
        SK_DIAG_BPF_STORAGE_REQ_MAP_FD = 1 => MapFd(Multi<u32>),
    }
}

attributes! {
    /// An attribute of an [`InetDiag`].
    pub enum InetDiagAttr<'a> in "inet-diag-attrs" {
        /// Memory that the socket takes; [`SkMemInfo`](Self::SkMemInfo) has more.
        INET_DIAG_MEMINFO = 1 => MemInfo(InetDiagMemInfo),
        /// What TCP knows of the connection. Sockets of SCTP and MPTCP have other structs here.
        INET_DIAG_INFO = 2 => Info(Struct<'a, TcpInfo>),
        /// What the congestion control `vegas` knows.
        INET_DIAG_VEGASINFO = 3 => VegasInfo(Struct<'a, TcpVegasInfo>),
        /// Name of the congestion control.
        INET_DIAG_CONG = 4 => Cong(Str<'a>),
        /// Type of service of IPv4 packets.
        INET_DIAG_TOS = 5 => Tos(u8),
        /// Traffic class of IPv6 packets.
        INET_DIAG_TCLASS = 6 => Tclass(u8),
        /// Memory that the socket takes and may take.
        INET_DIAG_SKMEMINFO = 7 => SkMemInfo(Struct<'a, SkMemInfo>),
        /// Which directions are closed.
        INET_DIAG_SHUTDOWN = 8 => Shutdown(SkShutdown),
        /// What the congestion control `dctcp` knows.
        INET_DIAG_DCTCPINFO = 9 => DctcpInfo(Struct<'a, TcpDctcpInfo>),
        /// Protocol of a raw socket.
        INET_DIAG_PROTOCOL = 10 => Protocol(u8),
        /// 1 if the socket takes no IPv4.
        INET_DIAG_SKV6ONLY = 11 => SkV6Only(u8),
        /// SCTP: addresses of this end, each a `struct sockaddr_storage`.
        INET_DIAG_LOCALS = 12 => Locals(&'a [u8]),
        /// SCTP: addresses of the other end, each a `struct sockaddr_storage`.
        INET_DIAG_PEERS = 13 => Peers(&'a [u8]),
        /// Padding.
        INET_DIAG_PAD = 14 => Pad(&'a [u8]),
        /// Mark of its packets; told to administrators only.
        INET_DIAG_MARK = 15 => Mark(u32),
        /// What the congestion control `bbr` knows.
        INET_DIAG_BBRINFO = 16 => BbrInfo(Struct<'a, TcpBbrInfo>),
        /// Class of its packets, as a control group or its priority gives it.
        INET_DIAG_CLASS_ID = 17 => ClassId(u32),
        /// Keys of TCP-MD5 (RFC 2385), each a `struct tcp_diag_md5sig`; told to administrators only.
        INET_DIAG_MD5SIG = 18 => Md5Sig(&'a [u8]),
        /// What a protocol on top of TCP knows; told to administrators only. Since Linux 5.4.
        INET_DIAG_ULP_INFO = 19 => UlpInfo(Attrs<'a, UlpInfoAttr<'a>>),
        /// Values that BPF programs keep for the socket. Since Linux 5.7.
        INET_DIAG_SK_BPF_STORAGES = 20 => SkBpfStorages(Attrs<'a, SkBpfStoragesAttr<'a>>),
        /// Number of its control group of version 2. Since Linux 5.9.
        INET_DIAG_CGROUP_ID = 21 => CgroupId(u64),
        /// Options that are on. Since Linux 5.10.
        INET_DIAG_SOCKOPT = 22 => SockOpt(Struct<'a, InetDiagSockOpt>),
    }
}

flags! {
    /// Which directions of a socket are closed: `*_SHUTDOWN`.
    pub struct SkShutdown(u8) in "SHUTDOWN_" {
        /// It receives no more.
        RCV = 0x1, "rcv";
        /// It sends no more.
        SEND = 0x2, "send";
    }
}

wire_struct! {
    /// Memory that a socket takes, in bytes.
    pub struct InetDiagMemInfo in "inet_diag_meminfo" {
        /// For what was received.
        pub rmem: u32,
        /// For what waits to be sent.
        pub wmem: u32,
        /// Set aside.
        pub fmem: u32,
        /// For what the link has not yet sent.
        pub tmem: u32,
    }
}

wire_struct! {
    /// Memory that a socket takes and may take, in bytes. The kernel has names for the positions:
    /// `SK_MEMINFO_*`.
    pub struct SkMemInfo in "sk_meminfo" {
        /// For what was received.
        pub rmem_alloc: u32,
        /// At most so much of it.
        pub rcvbuf: u32,
        /// For what the link has not yet sent.
        pub wmem_alloc: u32,
        /// At most so much of it.
        pub sndbuf: u32,
        /// Set aside.
        pub fwd_alloc: u32,
        /// For what waits to be sent.
        pub wmem_queued: u32,
        /// For options.
        pub optmem: u32,
        /// For what came in while a process was busy with the socket.
        pub backlog: u32,
        /// Packets dropped; this one counts packets.
        pub drops: u32,
    }
}

wire_struct! {
    /// Options of a socket that are on. Each is a bit, in an order that depends on the byte order.
    pub struct InetDiagSockOpt in "inet_diag_sockopt" {
        /// The first eight.
        pub first: u8,
        /// The others.
        pub second: u8,
    }
}

macro_rules! sock_opts {
    ($( $(#[$doc:meta])* $option:ident = $field:ident $bit:literal; )*) => {
        impl InetDiagSockOpt {
            $( $(#[$doc])* pub const fn $option(self) -> bool { bit(self.$field, $bit) } )*
        }
    };
}

/// A bit of a C bit field of 8 bits, counted from the first one declared.
const fn bit(byte: u8, position: u32) -> bool {
    bits(byte, position, 1) != 0
}

/// So many bits of a C bit field of 8 bits, the first one declared of them given.
const fn bits(byte: u8, position: u32, count: u32) -> u8 {
    let shift = shift(cfg!(target_endian = "big"), position, count);
    (byte >> shift) & ((1 << count) - 1)
}

/// How far from the lowest bit they lie.
const fn shift(is_big_endian: bool, position: u32, count: u32) -> u32 {
    if is_big_endian { 8 - position - count } else { position }
}

// In both byte orders, whatever that of the machine is.
const _: () = assert!(shift(true, 1, 2) == 5 && shift(false, 1, 2) == 1);

sock_opts! {
    /// Errors of the network are kept for the program: `IP_RECVERR`.
    recverr = first 0;
    /// It is a socket of a protocol with connections.
    is_icsk = first 1;
    /// It may be bound to an address that nobody has: `IP_FREEBIND`.
    freebind = first 2;
    /// The program writes the IP header: `IP_HDRINCL`.
    hdrincl = first 3;
    /// It receives its own multicast: `IP_MULTICAST_LOOP`.
    mc_loop = first 4;
    /// It takes packets for addresses of others: `IP_TRANSPARENT`.
    transparent = first 5;
    /// It receives what any socket has joined: `IP_MULTICAST_ALL`.
    mc_all = first 6;
    /// Its packets are not put together: `IP_NODEFRAG`.
    nodefrag = first 7;
    /// Its port is chosen when it connects: `IP_BIND_ADDRESS_NO_PORT`.
    bind_address_no_port = second 0;
    /// Errors of the network are kept with what RFC 4884 adds. Since Linux 5.9.
    recverr_rfc4884 = second 1;
    /// It connects with the first data that is sent: `TCP_FASTOPEN_CONNECT`.
    defer_connect = second 2;
}

wire_struct! {
    /// What TCP knows of a connection. Times are in microseconds unless told otherwise.
    pub struct TcpInfo in "tcp_info" {
        /// State.
        pub state: TcpState,
        /// State of the congestion control.
        pub ca_state: TcpCaState,
        /// How often the timer to send anew has ended without an answer.
        pub retransmits: u8,
        /// How often the other end has been probed without an answer.
        pub probes: u8,
        /// How often the timer has been doubled.
        pub backoff: u8,
        /// What both ends have agreed on.
        pub options: TcpiOpt,
        /// Scales of the windows; [`snd_wscale`](Self::snd_wscale) and
        /// [`rcv_wscale`](Self::rcv_wscale) read them.
        pub wscales: u8,
        /// [`delivery_rate_app_limited`](Self::delivery_rate_app_limited) and
        /// [`fastopen_client_fail`](Self::fastopen_client_fail).
        pub limits: u8,
        /// Time until something is sent anew, in microseconds.
        pub rto: u32,
        /// Time until what came in is confirmed, in microseconds.
        pub ato: u32,
        /// Largest segment that is sent, in bytes.
        pub snd_mss: u32,
        /// Largest segment that has come in, as estimated, in bytes.
        pub rcv_mss: u32,
        /// Segments that are not confirmed; of a socket that listens, connections to be accepted.
        pub unacked: u32,
        /// Segments that are confirmed out of order; of a socket that listens, how many
        /// connections may wait.
        pub sacked: u32,
        /// Segments that seem lost.
        pub lost: u32,
        /// Segments sent anew that are not confirmed.
        pub retrans: u32,
        /// Not used since Linux 4.15.
        pub fackets: u32,
        /// Since data was sent last, in milliseconds.
        pub last_data_sent: u32,
        /// Not used.
        pub last_ack_sent: u32,
        /// Since data came in last, in milliseconds.
        pub last_data_recv: u32,
        /// Since a confirmation came in last, in milliseconds.
        pub last_ack_recv: u32,
        /// Largest packet on the path, in bytes.
        pub pmtu: u32,
        /// Up to here the window for what comes in grows fast, in bytes.
        pub rcv_ssthresh: u32,
        /// Round-trip time, smoothed, in microseconds.
        pub rtt: u32,
        /// How much it varies, in microseconds.
        pub rttvar: u32,
        /// Up to here the congestion window grows fast, in segments.
        pub snd_ssthresh: u32,
        /// Congestion window in segments.
        pub snd_cwnd: u32,
        /// Largest segment that the other end was told to send, in bytes.
        pub advmss: u32,
        /// By how many segments the order may be off before one counts as lost.
        pub reordering: u32,
        /// Round-trip time, as the receiver estimates it, in microseconds.
        pub rcv_rtt: u32,
        /// How much is read in one of it, in bytes.
        pub rcv_space: u32,
        /// Segments sent anew in all.
        pub total_retrans: u32,
        /// How fast it sends, in bytes per second.
        pub pacing_rate: u64,
        /// How fast it may send, in bytes per second; `u64::MAX` is without limit.
        pub max_pacing_rate: u64,
        /// Bytes confirmed.
        pub bytes_acked: u64,
        /// Bytes received.
        pub bytes_received: u64,
        /// Segments sent.
        pub segs_out: u32,
        /// Segments received.
        pub segs_in: u32,
        /// Bytes that were written and not yet sent.
        pub notsent_bytes: u32,
        /// Least round-trip time of late, in microseconds.
        pub min_rtt: u32,
        /// Segments with data received.
        pub data_segs_in: u32,
        /// Segments with data sent.
        pub data_segs_out: u32,
        /// How fast data arrives at the other end, in bytes per second.
        pub delivery_rate: u64,
        /// Time busy with sending, in microseconds.
        pub busy_time: u64,
        /// Time that the other end's window was in the way, in microseconds.
        pub rwnd_limited: u64,
        /// Time that the socket's own buffer was in the way, in microseconds.
        pub sndbuf_limited: u64,
        /// Segments that have arrived at the other end.
        pub delivered: u32,
        /// Of these, those that met congestion.
        pub delivered_ce: u32,
        /// Bytes sent.
        pub bytes_sent: u64,
        /// Bytes sent anew.
        pub bytes_retrans: u64,
        /// Segments that the other end has told to have twice.
        pub dsack_dups: u32,
        /// How often the order was seen to be off.
        pub reord_seen: u32,
        /// Segments received out of order. Since Linux 5.4.
        pub rcv_ooopack: u32,
        /// Window of the other end, in bytes. Since Linux 5.4.
        pub snd_wnd: u32,
        /// Window of this end, in bytes. Since Linux 6.2.
        pub rcv_wnd: u32,
        /// How often another path was tried. Since Linux 6.2.
        pub rehash: u32,
        /// How often the timer to send anew has ended. Since Linux 6.7.
        pub total_rto: u16,
        /// How often that was recovered from. Since Linux 6.7.
        pub total_rto_recoveries: u16,
        /// How long that took, in milliseconds. Since Linux 6.7.
        pub total_rto_time: u32,
        /// Segments received that met congestion. Since Linux 6.18.
        pub received_ce: u32,
        /// Bytes that have arrived at the other end marked ECT(1). Since Linux 6.18.
        pub delivered_e1_bytes: u32,
        /// Bytes that have arrived at the other end marked ECT(0). Since Linux 6.18.
        pub delivered_e0_bytes: u32,
        /// Bytes that have arrived at the other end and met congestion. Since Linux 6.18.
        pub delivered_ce_bytes: u32,
        /// Bytes received marked ECT(1). Since Linux 6.18.
        pub received_e1_bytes: u32,
        /// Bytes received marked ECT(0). Since Linux 6.18.
        pub received_e0_bytes: u32,
        /// Bytes received that met congestion. Since Linux 6.18.
        pub received_ce_bytes: u32,
        /// How congestion is told of, and more options, as bit fields.
        pub ecn: u32,
    }
}

impl TcpInfo {
    /// How many bits the other end's window is shifted by.
    pub const fn snd_wscale(&self) -> u8 {
        bits(self.wscales, 0, 4)
    }

    /// How many bits this end's window is shifted by.
    pub const fn rcv_wscale(&self) -> u8 {
        bits(self.wscales, 4, 4)
    }

    /// Whether [`delivery_rate`](Self::delivery_rate) is low because the program sends little.
    pub const fn delivery_rate_app_limited(&self) -> bool {
        bit(self.limits, 0)
    }

    /// Why TCP Fast Open did not work: 0 is not told, 1 no cookie, 2 no answer to data, 3 lost
    /// data. Since Linux 5.5.
    pub const fn fastopen_client_fail(&self) -> u8 {
        bits(self.limits, 1, 2)
    }
}

constants! {
    /// State of TCP's congestion control: `TCP_CA_*`.
    pub struct TcpCaState(u8) in "TCP_CA_" {
        /// Nothing is wrong.
        OPEN = 0, "open";
        /// Something came out of order, and may be lost.
        DISORDER = 1, "disorder";
        /// It sends less, for it was told of congestion.
        CWR = 2, "cwr";
        /// It sends anew what is lost.
        RECOVERY = 3, "recovery";
        /// Nothing came back in time; it starts anew.
        LOSS = 4, "loss";
    }
}

flags! {
    /// What both ends of a TCP connection have agreed on: `TCPI_OPT_*`.
    pub struct TcpiOpt(u8) in "TCPI_OPT_" {
        /// Timestamps.
        TIMESTAMPS = 0x01, "ts";
        /// Confirmations out of order.
        SACK = 0x02, "sack";
        /// Windows above 64 KiB.
        WSCALE = 0x04, "wscale";
        /// To be told of congestion.
        ECN = 0x08, "ecn";
        /// A packet came in that could have told of it.
        ECN_SEEN = 0x10, "ecnseen";
        /// Data came with the first packet.
        SYN_DATA = 0x20, "fastopen";
        /// Timestamps are in microseconds. Since Linux 6.7.
        USEC_TS = 0x40, "usec_ts";
        /// Accepted with TCP Fast Open. Since Linux 6.14.
        TFO_CHILD = 0x80, "tfo_child";
    }
}

wire_struct! {
    /// What the congestion control `vegas` knows; times are in microseconds.
    pub struct TcpVegasInfo in "tcpvegas_info" {
        /// 1 if it is in charge.
        pub enabled: u32,
        /// How many round-trip times it has measured in this one.
        pub rttcnt: u32,
        /// Round-trip time, in microseconds.
        pub rtt: u32,
        /// Least round-trip time, in microseconds.
        pub minrtt: u32,
    }
}

wire_struct! {
    /// What the congestion control `dctcp` knows.
    pub struct TcpDctcpInfo in "tcp_dctcp_info" {
        /// 1 if it is in charge.
        pub enabled: u16,
        /// 1 if the last packet met congestion.
        pub ce_state: u16,
        /// Estimated share of packets that meet it, of 1024.
        pub alpha: u32,
        /// Bytes confirmed that met it.
        pub ab_ecn: u32,
        /// Bytes confirmed.
        pub ab_tot: u32,
    }
}

wire_struct! {
    /// What the congestion control `bbr` knows.
    pub struct TcpBbrInfo in "tcp_bbr_info" {
        /// Estimated bandwidth in bytes per second, low half.
        pub bw_lo: u32,
        /// The high half.
        pub bw_hi: u32,
        /// Least round-trip time, in microseconds.
        pub min_rtt: u32,
        /// By what the bandwidth is multiplied to pace, of 256.
        pub pacing_gain: u32,
        /// By what the window is multiplied, of 256.
        pub cwnd_gain: u32,
    }
}

attributes! {
    /// An attribute of [`InetDiagAttr::UlpInfo`].
    pub enum UlpInfoAttr<'a> in "inet-ulp-info-attrs" {
        /// Name of the protocol: `tls`, `mptcp`.
        INET_ULP_INFO_NAME = 1 => Name(Str<'a>),
        /// What TLS knows.
        INET_ULP_INFO_TLS = 2 => Tls(Attrs<'a, TlsInfoAttr<'a>>),
        /// What MPTCP knows. Since Linux 5.6.
        INET_ULP_INFO_MPTCP = 3 => Mptcp(Attrs<'a, MptcpSubflowAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`UlpInfoAttr::Tls`].
    pub enum TlsInfoAttr<'a> in "tls-info-attrs" {
        /// Version: 0x303 is TLS 1.2, 0x304 is TLS 1.3.
        TLS_INFO_VERSION = 1 => Version(u16),
        /// Cipher, as `TLS_CIPHER_*` numbers them.
        TLS_INFO_CIPHER = 2 => Cipher(u16),
        /// Who encrypts.
        TLS_INFO_TXCONF = 3 => TxConf(TlsConf),
        /// Who decrypts.
        TLS_INFO_RXCONF = 4 => RxConf(TlsConf),
        /// The program keeps what it sends as it is until it is sent. Since Linux 5.19.
        TLS_INFO_ZC_RO_TX = 5 => ZcRoTx(()),
        /// The other end does not pad. Since Linux 6.0.
        TLS_INFO_RX_NO_PAD = 6 => RxNoPad(()),
        /// Largest record that is sent, in bytes. Since Linux 7.0.
        TLS_INFO_TX_MAX_PAYLOAD_LEN = 7 => TxMaxPayloadLen(u16),
    }
}

constants! {
    /// Who encrypts or decrypts: `TLS_CONF_*`.
    pub struct TlsConf(u16) in "TLS_CONF_" {
        /// The program.
        BASE = 1, "none";
        /// The kernel.
        SW = 2, "sw";
        /// The link's hardware.
        HW = 3, "hw";
        /// The link's hardware, TCP included.
        HW_RECORD = 4, "hw-record";
    }
}

attributes! {
    /// An attribute of [`UlpInfoAttr::Mptcp`].
    pub enum MptcpSubflowAttr<'a> in "mptcp-subflow-attrs" {
        /// Token of the other end.
        MPTCP_SUBFLOW_ATTR_TOKEN_REM = 1 => TokenRem(u32),
        /// Token of this end.
        MPTCP_SUBFLOW_ATTR_TOKEN_LOC = 2 => TokenLoc(u32),
        /// Where the data starts in the connection of this path.
        MPTCP_SUBFLOW_ATTR_RELWRITE_SEQ = 3 => RelwriteSeq(u32),
        /// Where it starts in the connection of all paths.
        MPTCP_SUBFLOW_ATTR_MAP_SEQ = 4 => MapSeq(u64),
        /// Where it starts on this path.
        MPTCP_SUBFLOW_ATTR_MAP_SFSEQ = 5 => MapSfseq(u32),
        /// Difference between both.
        MPTCP_SUBFLOW_ATTR_SSN_OFFSET = 6 => SsnOffset(u32),
        /// Length of the data in bytes.
        MPTCP_SUBFLOW_ATTR_MAP_DATALEN = 7 => MapDatalen(u16),
        /// State of the path.
        MPTCP_SUBFLOW_ATTR_FLAGS = 8 => Flags(MptcpSubflowFlags),
        /// Number of the other end's address.
        MPTCP_SUBFLOW_ATTR_ID_REM = 9 => IdRem(u8),
        /// Number of this end's address.
        MPTCP_SUBFLOW_ATTR_ID_LOC = 10 => IdLoc(u8),
        /// Padding.
        MPTCP_SUBFLOW_ATTR_PAD = 11 => Pad(&'a [u8]),
    }
}

flags! {
    /// State of a path of MPTCP: `MPTCP_SUBFLOW_FLAG_*`. The words are the letters of `ss`.
    pub struct MptcpSubflowFlags(u32) in "MPTCP_SUBFLOW_FLAG_" {
        /// The other end opened the connection with it.
        MCAP_REM = 0x001, "M";
        /// This end opened the connection with it.
        MCAP_LOC = 0x002, "m";
        /// The other end added it.
        JOIN_REM = 0x004, "J";
        /// This end added it.
        JOIN_LOC = 0x008, "j";
        /// The other end wants it as a last resort.
        BKUP_REM = 0x010, "B";
        /// This end wants it as a last resort.
        BKUP_LOC = 0x020, "b";
        /// Both ends have confirmed it.
        FULLY_ESTABLISHED = 0x040, "e";
        /// It is connected.
        CONNECTED = 0x080, "c";
        /// It carries data.
        MAPVALID = 0x100, "v";
    }
}

attributes! {
    /// An attribute of [`InetDiagAttr::SkBpfStorages`].
    pub enum SkBpfStoragesAttr<'a> in "sk-bpf-storages-attrs" {
        /// A value.
        SK_DIAG_BPF_STORAGE = 1 => Storage(Multi<Attrs<'a, SkBpfStorageAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`SkBpfStoragesAttr::Storage`].
    pub enum SkBpfStorageAttr<'a> in "sk-bpf-storage-attrs" {
        /// Padding.
        SK_DIAG_BPF_STORAGE_PAD = 1 => Pad(&'a [u8]),
        /// Number of the map that it is in.
        SK_DIAG_BPF_STORAGE_MAP_ID = 2 => MapId(u32),
        /// The value, as the program has it.
        SK_DIAG_BPF_STORAGE_MAP_VALUE = 3 => MapValue(&'a [u8]),
    }
}
