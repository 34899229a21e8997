//! What TCP and IP assume about a path: `RTA_METRICS`.

use crate::value::Str;

flags! {
    /// What TCP does on a route: `RTAX_FEATURE_*`.
    pub struct RtaxFeatures(u32) in "RTAX_FEATURE_" {
        /// TCP connections use explicit congestion notification.
        ECN = 0x1, "ecn";
        /// Not used.
        SACK = 0x2, "sack";
        /// Not used.
        TIMESTAMP = 0x4, "timestamp";
        /// Not used.
        ALLFRAG = 0x8, "allfrag";
        /// TCP timestamps count microseconds. Since Linux 6.7.
        TCP_USEC_TS = 0x10, "tcp_usec_ts";
    }
}

attributes! {
    /// An attribute of [`RouteAttr::Metrics`](super::RouteAttr::Metrics).
    pub enum MetricAttr<'a> in "metrics" {
        /// No metric: the kernel does not send it, and ignores it.
        RTAX_UNSPEC = 0 => Unspec(&'a [u8]),
        /// Metrics that the kernel must not change: bit n is that of number n.
        RTAX_LOCK = 1 => Lock(u32),
        /// Largest packet, in bytes.
        RTAX_MTU = 2 => Mtu(u32),
        /// Largest TCP window to advertise, in bytes.
        RTAX_WINDOW = 3 => Window(u32),
        /// First guess of the round trip time, in eighths of a millisecond.
        RTAX_RTT = 4 => Rtt(u32),
        /// First guess of its variance, in quarters of a millisecond.
        RTAX_RTTVAR = 5 => RttVar(u32),
        /// Slow start ends at this congestion window, in segments.
        RTAX_SSTHRESH = 6 => SsThresh(u32),
        /// Largest congestion window, in segments; only if it is locked.
        RTAX_CWND = 7 => Cwnd(u32),
        /// Largest TCP segment to advertise, in bytes.
        RTAX_ADVMSS = 8 => AdvMss(u32),
        /// By how many segments packets may be reordered before TCP takes them as lost.
        RTAX_REORDERING = 9 => Reordering(u32),
        /// Hop limit or TTL of packets that this host sends.
        RTAX_HOPLIMIT = 10 => HopLimit(u32),
        /// Congestion window that a connection starts with, in segments.
        RTAX_INITCWND = 11 => InitCwnd(u32),
        /// What connections use.
        RTAX_FEATURES = 12 => Features(RtaxFeatures),
        /// Shortest time until TCP sends again, in milliseconds.
        RTAX_RTO_MIN = 13 => RtoMin(u32),
        /// Receive window that a connection starts with, in segments.
        RTAX_INITRWND = 14 => InitRwnd(u32),
        /// 1 acknowledges at once.
        RTAX_QUICKACK = 15 => QuickAck(u32),
        /// Congestion control of TCP connections.
        RTAX_CC_ALGO = 16 => CcAlgo(Str<'a>),
        /// 1 lets TCP Fast Open go without a cookie.
        RTAX_FASTOPEN_NO_COOKIE = 17 => FastopenNoCookie(u32),
    }
}
