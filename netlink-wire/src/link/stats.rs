//! Traffic counters.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

wire_struct! {
    /// The traffic counters of a link, which wrap at 32 bits.
    pub struct RtnlLinkStats in "rtnl_link_stats" {
        /// Packets received without error.
        pub rx_packets: u32,
        /// Packets sent.
        pub tx_packets: u32,
        /// Bytes received, those of `rx_packets`.
        pub rx_bytes: u32,
        /// Bytes sent, those of `tx_packets`.
        pub tx_bytes: u32,
        /// Bad packets received, those of the detailed counters included.
        pub rx_errors: u32,
        /// Packets that could not be sent, those of the detailed counters included.
        pub tx_errors: u32,
        /// Packets received that were dropped for want of resources or of a protocol.
        pub rx_dropped: u32,
        /// Packets dropped on their way out.
        pub tx_dropped: u32,
        /// Multicast packets received.
        pub multicast: u32,
        /// Collisions while sending.
        pub collisions: u32,
        /// Received with a wrong length.
        pub rx_length_errors: u32,
        /// Receive queue overrun.
        pub rx_over_errors: u32,
        /// Received with a wrong checksum.
        pub rx_crc_errors: u32,
        /// Received misaligned.
        pub rx_frame_errors: u32,
        /// Receive buffer of the device overrun.
        pub rx_fifo_errors: u32,
        /// Missed for want of buffers: the host is too slow.
        pub rx_missed_errors: u32,
        /// Given up after too many collisions.
        pub tx_aborted_errors: u32,
        /// Not sent for lack of a carrier.
        pub tx_carrier_errors: u32,
        /// Transmit buffer of the device ran empty.
        pub tx_fifo_errors: u32,
        /// No heartbeat after sending; half duplex only.
        pub tx_heartbeat_errors: u32,
        /// Late collisions.
        pub tx_window_errors: u32,
        /// Compressed packets received.
        pub rx_compressed: u32,
        /// Compressed packets sent.
        pub tx_compressed: u32,
        /// Dropped for the link is not to receive, such as a bond's spare port.
        pub rx_nohandler: u32,
    }
}

wire_struct! {
    /// The traffic counters of a link.
    pub struct RtnlLinkStats64 in "rtnl_link_stats64" {
        /// Packets received without error.
        pub rx_packets: u64,
        /// Packets sent.
        pub tx_packets: u64,
        /// Bytes received, those of `rx_packets`.
        pub rx_bytes: u64,
        /// Bytes sent, those of `tx_packets`.
        pub tx_bytes: u64,
        /// Bad packets received, those of the detailed counters included.
        pub rx_errors: u64,
        /// Packets that could not be sent, those of the detailed counters included.
        pub tx_errors: u64,
        /// Packets received that were dropped for want of resources or of a protocol.
        pub rx_dropped: u64,
        /// Packets dropped on their way out.
        pub tx_dropped: u64,
        /// Multicast packets received.
        pub multicast: u64,
        /// Collisions while sending.
        pub collisions: u64,
        /// Received with a wrong length.
        pub rx_length_errors: u64,
        /// Receive queue overrun.
        pub rx_over_errors: u64,
        /// Received with a wrong checksum.
        pub rx_crc_errors: u64,
        /// Received misaligned.
        pub rx_frame_errors: u64,
        /// Receive buffer of the device overrun.
        pub rx_fifo_errors: u64,
        /// Missed for want of buffers: the host is too slow.
        pub rx_missed_errors: u64,
        /// Given up after too many collisions.
        pub tx_aborted_errors: u64,
        /// Not sent for lack of a carrier.
        pub tx_carrier_errors: u64,
        /// Transmit buffer of the device ran empty.
        pub tx_fifo_errors: u64,
        /// No heartbeat after sending; half duplex only.
        pub tx_heartbeat_errors: u64,
        /// Late collisions.
        pub tx_window_errors: u64,
        /// Compressed packets received.
        pub rx_compressed: u64,
        /// Compressed packets sent.
        pub tx_compressed: u64,
        /// Dropped for the link is not to receive, such as a bond's spare port.
        pub rx_nohandler: u64,
        /// Dropped for they are for another host. Since Linux 5.19.
        pub rx_otherhost_dropped: u64,
    }
}

wire_struct! {
    /// Traffic that a device forwards by itself. Since Linux 5.18.
    ///
    /// It is a part of [`RtnlLinkStats64`].
    pub struct RtnlHwStats64 in "rtnl_hw_stats64" {
        /// Packets received without error.
        pub rx_packets: u64,
        /// Packets sent.
        pub tx_packets: u64,
        /// Bytes received, those of `rx_packets`.
        pub rx_bytes: u64,
        /// Bytes sent, those of `tx_packets`.
        pub tx_bytes: u64,
        /// Bad packets received, those of the detailed counters included.
        pub rx_errors: u64,
        /// Packets that could not be sent, those of the detailed counters included.
        pub tx_errors: u64,
        /// Packets received that were dropped for want of resources or of a protocol.
        pub rx_dropped: u64,
        /// Packets dropped on their way out.
        pub tx_dropped: u64,
        /// Multicast packets received.
        pub multicast: u64,
    }
}
