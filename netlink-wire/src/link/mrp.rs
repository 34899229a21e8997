//! Media redundancy of bridges, after IEC 62439-2: `IFLA_BRIDGE_MRP`.
//!
//! A ring has one manager that blocks one of its two ports, and opens it when
//! test packets no longer come round. Interconnections join two rings likewise.
//!
//! Source: `include/uapi/linux/if_bridge.h` and `mrp_bridge.h`, as of Linux 7.2.

use crate::{attrs::Attrs, value::Multi};

attributes! {
    /// An attribute of [`BridgeAttr::Mrp`](super::BridgeAttr::Mrp). All but
    /// [`Info`](Self::Info) are set alone.
    pub enum MrpAttr<'a> in "bridge-mrp-attrs" {
        /// A ring to add or, with `RTM_DELLINK`, to delete.
        IFLA_BRIDGE_MRP_INSTANCE = 1 => Instance(Attrs<'a, MrpInstanceAttr<'a>>),
        /// State to set a port to.
        IFLA_BRIDGE_MRP_PORT_STATE = 2 => PortState(Attrs<'a, MrpPortStateAttr<'a>>),
        /// Role to give a port.
        IFLA_BRIDGE_MRP_PORT_ROLE = 3 => PortRole(Attrs<'a, MrpPortRoleAttr<'a>>),
        /// State to set a ring to.
        IFLA_BRIDGE_MRP_RING_STATE = 4 => RingState(Attrs<'a, MrpRingStateAttr<'a>>),
        /// Role that the bridge takes in a ring.
        IFLA_BRIDGE_MRP_RING_ROLE = 5 => RingRole(Attrs<'a, MrpRingRoleAttr<'a>>),
        /// Sends test packets round a ring.
        IFLA_BRIDGE_MRP_START_TEST = 6 => StartTest(Attrs<'a, MrpStartTestAttr<'a>>),
        /// A ring that the bridge is part of.
        IFLA_BRIDGE_MRP_INFO = 7 => Info(Multi<Attrs<'a, MrpInfoAttr<'a>>>),
        /// Role that the bridge takes in an interconnection. Since Linux 5.9.
        IFLA_BRIDGE_MRP_IN_ROLE = 8 => InRole(Attrs<'a, MrpInRoleAttr<'a>>),
        /// State to set an interconnection to. Since Linux 5.9.
        IFLA_BRIDGE_MRP_IN_STATE = 9 => InState(Attrs<'a, MrpInStateAttr<'a>>),
        /// Sends test packets through an interconnection. Since Linux 5.9.
        IFLA_BRIDGE_MRP_START_IN_TEST = 10 => StartInTest(Attrs<'a, MrpStartInTestAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::Instance`].
    pub enum MrpInstanceAttr<'a> in "bridge-mrp-instance-attrs" {
        /// Id of the ring.
        IFLA_BRIDGE_MRP_INSTANCE_RING_ID = 1 => RingId(u32),
        /// Index of the first port.
        IFLA_BRIDGE_MRP_INSTANCE_P_IFINDEX = 2 => PIfIndex(u32),
        /// Index of the second port.
        IFLA_BRIDGE_MRP_INSTANCE_S_IFINDEX = 3 => SIfIndex(u32),
        /// Priority of the bridge as a manager; the lowest wins.
        IFLA_BRIDGE_MRP_INSTANCE_PRIO = 4 => Prio(u16),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::PortState`].
    pub enum MrpPortStateAttr<'a> in "bridge-mrp-port-state-attrs" {
        /// State of the port.
        IFLA_BRIDGE_MRP_PORT_STATE_STATE = 1 => State(MrpPortState),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::PortRole`].
    pub enum MrpPortRoleAttr<'a> in "bridge-mrp-port-role-attrs" {
        /// Role of the port.
        IFLA_BRIDGE_MRP_PORT_ROLE_ROLE = 1 => Role(MrpPortRole),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::RingState`].
    pub enum MrpRingStateAttr<'a> in "bridge-mrp-ring-state-attrs" {
        /// Id of the ring.
        IFLA_BRIDGE_MRP_RING_STATE_RING_ID = 1 => RingId(u32),
        /// State of the ring.
        IFLA_BRIDGE_MRP_RING_STATE_STATE = 2 => State(MrpRingState),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::RingRole`].
    pub enum MrpRingRoleAttr<'a> in "bridge-mrp-ring-role-attrs" {
        /// Id of the ring.
        IFLA_BRIDGE_MRP_RING_ROLE_RING_ID = 1 => RingId(u32),
        /// Role of the bridge.
        IFLA_BRIDGE_MRP_RING_ROLE_ROLE = 2 => Role(MrpRingRole),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::StartTest`].
    pub enum MrpStartTestAttr<'a> in "bridge-mrp-start-test-attrs" {
        /// Id of the ring.
        IFLA_BRIDGE_MRP_START_TEST_RING_ID = 1 => RingId(u32),
        /// Time between test packets, in microseconds.
        IFLA_BRIDGE_MRP_START_TEST_INTERVAL = 2 => Interval(u32),
        /// Ring is open after so many lost test packets.
        IFLA_BRIDGE_MRP_START_TEST_MAX_MISS = 3 => MaxMiss(u32),
        /// How long to go on, in microseconds.
        IFLA_BRIDGE_MRP_START_TEST_PERIOD = 4 => Period(u32),
        /// 1 watches the test packets of another manager, and sends none.
        IFLA_BRIDGE_MRP_START_TEST_MONITOR = 5 => Monitor(u32),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::Info`].
    pub enum MrpInfoAttr<'a> in "bridge-mrp-info-attrs" {
        /// Id of the ring.
        IFLA_BRIDGE_MRP_INFO_RING_ID = 1 => RingId(u32),
        /// Index of the first port.
        IFLA_BRIDGE_MRP_INFO_P_IFINDEX = 2 => PIfIndex(u32),
        /// Index of the second port.
        IFLA_BRIDGE_MRP_INFO_S_IFINDEX = 3 => SIfIndex(u32),
        /// Priority of the bridge as a manager; the lowest wins.
        IFLA_BRIDGE_MRP_INFO_PRIO = 4 => Prio(u16),
        /// State of the ring.
        IFLA_BRIDGE_MRP_INFO_RING_STATE = 5 => RingState(MrpRingState),
        /// Role of the bridge.
        IFLA_BRIDGE_MRP_INFO_RING_ROLE = 6 => RingRole(MrpRingRole),
        /// Time between test packets, in microseconds.
        IFLA_BRIDGE_MRP_INFO_TEST_INTERVAL = 7 => TestInterval(u32),
        /// Ring is open after so many lost test packets.
        IFLA_BRIDGE_MRP_INFO_TEST_MAX_MISS = 8 => TestMaxMiss(u32),
        /// 1 watches the test packets of another manager, and sends none.
        IFLA_BRIDGE_MRP_INFO_TEST_MONITOR = 9 => TestMonitor(u32),
        /// Index of the port of the interconnection. Since Linux 5.9.
        IFLA_BRIDGE_MRP_INFO_I_IFINDEX = 10 => IIfIndex(u32),
        /// State of the interconnection. Since Linux 5.9.
        IFLA_BRIDGE_MRP_INFO_IN_STATE = 11 => InState(MrpInState),
        /// Role of the bridge in the interconnection. Since Linux 5.9.
        IFLA_BRIDGE_MRP_INFO_IN_ROLE = 12 => InRole(MrpInRole),
        /// Time between test packets through the interconnection, in microseconds. Since Linux
        /// 5.9.
        IFLA_BRIDGE_MRP_INFO_IN_TEST_INTERVAL = 13 => InTestInterval(u32),
        /// Interconnection is open after so many lost test packets. Since Linux 5.9.
        IFLA_BRIDGE_MRP_INFO_IN_TEST_MAX_MISS = 14 => InTestMaxMiss(u32),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::InRole`].
    pub enum MrpInRoleAttr<'a> in "bridge-mrp-in-role-attrs" {
        /// Id of the ring.
        IFLA_BRIDGE_MRP_IN_ROLE_RING_ID = 1 => RingId(u32),
        /// Id of the interconnection.
        IFLA_BRIDGE_MRP_IN_ROLE_IN_ID = 2 => InId(u16),
        /// Role of the bridge.
        IFLA_BRIDGE_MRP_IN_ROLE_ROLE = 3 => Role(MrpInRole),
        /// Index of the port of the interconnection.
        IFLA_BRIDGE_MRP_IN_ROLE_I_IFINDEX = 4 => IIfIndex(u32),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::InState`].
    pub enum MrpInStateAttr<'a> in "bridge-mrp-in-state-attrs" {
        /// Id of the interconnection.
        IFLA_BRIDGE_MRP_IN_STATE_IN_ID = 1 => InId(u32),
        /// State of the interconnection.
        IFLA_BRIDGE_MRP_IN_STATE_STATE = 2 => State(MrpInState),
    }
}

attributes! {
    /// An attribute of [`MrpAttr::StartInTest`].
    pub enum MrpStartInTestAttr<'a> in "bridge-mrp-start-in-test-attrs" {
        /// Id of the interconnection.
        IFLA_BRIDGE_MRP_START_IN_TEST_IN_ID = 1 => InId(u32),
        /// Time between test packets, in microseconds.
        IFLA_BRIDGE_MRP_START_IN_TEST_INTERVAL = 2 => Interval(u32),
        /// Interconnection is open after so many lost test packets.
        IFLA_BRIDGE_MRP_START_IN_TEST_MAX_MISS = 3 => MaxMiss(u32),
        /// How long to go on, in microseconds.
        IFLA_BRIDGE_MRP_START_IN_TEST_PERIOD = 4 => Period(u32),
    }
}

constants! {
    /// State of a port of a ring: `BR_MRP_PORT_STATE_*`.
    pub struct MrpPortState(u32) in "BR_MRP_PORT_STATE_" {
        /// Drops all.
        DISABLED = 0, "disabled";
        /// Passes nothing but the packets of the ring itself.
        BLOCKED = 1, "blocked";
        /// Passes all.
        FORWARDING = 2, "forwarding";
        /// Has no carrier.
        NOT_CONNECTED = 3, "not_connected";
    }
}

constants! {
    /// Role of a port: `BR_MRP_PORT_ROLE_*`.
    pub struct MrpPortRole(u32) in "BR_MRP_PORT_ROLE_" {
        /// First port of the ring.
        PRIMARY = 0, "primary";
        /// Second port of the ring, the one to be blocked.
        SECONDARY = 1, "secondary";
        /// Port of the interconnection.
        INTER = 2, "inter";
    }
}

constants! {
    /// State of a ring: `BR_MRP_RING_STATE_*`.
    pub struct MrpRingState(u32) in "BR_MRP_RING_STATE_" {
        /// Interrupted.
        OPEN = 0, "open";
        /// Whole.
        CLOSED = 1, "closed";
    }
}

constants! {
    /// Role of a bridge in a ring: `BR_MRP_RING_ROLE_*`.
    pub struct MrpRingRole(u32) in "BR_MRP_RING_ROLE_" {
        /// None.
        DISABLED = 0, "disabled";
        /// Client.
        MRC = 1, "mrc";
        /// Manager.
        MRM = 2, "mrm";
        /// Manager or client, as they agree.
        MRA = 3, "mra";
    }
}

constants! {
    /// State of an interconnection: `BR_MRP_IN_STATE_*`.
    pub struct MrpInState(u32) in "BR_MRP_IN_STATE_" {
        /// Interrupted.
        OPEN = 0, "open";
        /// Whole.
        CLOSED = 1, "closed";
    }
}

constants! {
    /// Role of a bridge in an interconnection: `BR_MRP_IN_ROLE_*`.
    pub struct MrpInRole(u32) in "BR_MRP_IN_ROLE_" {
        /// None.
        DISABLED = 0, "disabled";
        /// Client.
        MIC = 1, "mic";
        /// Manager.
        MIM = 2, "mim";
    }
}
