//! Multicast over networks that have none, RFC 7450: kind `amt`. Since Linux 5.16.
//!
//! Source: `include/uapi/linux/amt.h`, as of Linux 7.2.

use core::net::Ipv4Addr;

use crate::scalar::Be;

constants! {
    /// Which end of the tunnel a link is: `AMT_MODE_*`.
    pub struct AmtMode(u32) in "AMT_MODE_" {
        /// The one of the receivers.
        GATEWAY = 0, "gateway";
        /// The one of the senders.
        RELAY = 1, "relay";
    }
}

attributes! {
    /// An attribute of [`InfoData::Amt`](crate::link::InfoData::Amt).
    pub enum AmtAttr<'a> in "linkinfo-amt-attrs" {
        /// Which end it is.
        IFLA_AMT_MODE = 1 => Mode(AmtMode),
        /// UDP port of the relay.
        IFLA_AMT_RELAY_PORT = 2 => RelayPort(Be<u16>),
        /// UDP port of the gateway.
        IFLA_AMT_GATEWAY_PORT = 3 => GatewayPort(Be<u16>),
        /// Index of the link that packets leave through.
        IFLA_AMT_LINK = 4 => Link(u32),
        /// Address of this end.
        IFLA_AMT_LOCAL_IP = 5 => LocalIp(Ipv4Addr),
        /// Address of the relay, at a gateway; not sent until one is known.
        IFLA_AMT_REMOTE_IP = 6 => RemoteIp(Ipv4Addr),
        /// Address at which a gateway looks for a relay.
        IFLA_AMT_DISCOVERY_IP = 7 => DiscoveryIp(Ipv4Addr),
        /// How many gateways a relay may serve.
        IFLA_AMT_MAX_TUNNELS = 8 => MaxTunnels(u32),
    }
}
