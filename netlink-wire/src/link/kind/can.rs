//! Controller area networks: kinds `can`, which is hardware, and `vxcan`, which is a
//! virtual pair.
//!
//! A time quantum is the unit in which a controller measures the parts of a bit.
//!
//! Source: `include/uapi/linux/can/netlink.h` and `can/vxcan.h`, as of Linux 7.2.

use crate::{
    attrs::Attrs,
    link::{IfInfoMsg, LinkAttr},
    value::{Headed, Packed, Struct},
};

constants! {
    /// State of a controller: `CAN_STATE_*`.
    pub struct CanState(u32) in "CAN_STATE_" {
        /// Fewer than 96 errors.
        ERROR_ACTIVE = 0, "ERROR-ACTIVE";
        /// Fewer than 128 errors.
        ERROR_WARNING = 1, "ERROR-WARNING";
        /// Fewer than 256 errors.
        ERROR_PASSIVE = 2, "ERROR-PASSIVE";
        /// Too many errors; it takes no part any more.
        BUS_OFF = 3, "BUS-OFF";
        /// Switched off.
        STOPPED = 4, "STOPPED";
        /// Asleep.
        SLEEPING = 5, "SLEEPING";
    }
}

flags! {
    /// How a controller works: `CAN_CTRLMODE_*`.
    pub struct CanCtrlmodeFlags(u32) in "CAN_" {
        /// Receives what it sends.
        CTRLMODE_LOOPBACK = 0x1, "LOOPBACK";
        /// Sends nothing.
        CTRLMODE_LISTENONLY = 0x2, "LISTEN-ONLY";
        /// Samples each bit three times.
        CTRLMODE_3_SAMPLES = 0x4, "TRIPLE-SAMPLING";
        /// Sends each frame once only.
        CTRLMODE_ONE_SHOT = 0x8, "ONE-SHOT";
        /// Reports errors of the bus as frames.
        CTRLMODE_BERR_REPORTING = 0x10, "BERR-REPORTING";
        /// Knows frames of CAN FD.
        CTRLMODE_FD = 0x20, "FD";
        /// Needs no acknowledgement.
        CTRLMODE_PRESUME_ACK = 0x40, "PRESUME-ACK";
        /// Knows frames of CAN FD as they were before the ISO standard.
        CTRLMODE_FD_NON_ISO = 0x80, "FD-NON-ISO";
        /// Reports lengths above 8 of classic frames as they were sent. Since Linux 5.11.
        CTRLMODE_CC_LEN8_DLC = 0x100, "CC-LEN8-DLC";
        /// Measures the delay of the transceiver. Since Linux 5.16.
        CTRLMODE_TDC_AUTO = 0x200, "TDC-AUTO";
        /// Is told the delay of the transceiver. Since Linux 5.16.
        CTRLMODE_TDC_MANUAL = 0x400, "TDC-MANUAL";
        /// Sends nothing but acknowledgements. Added after Linux 6.18.
        CTRLMODE_RESTRICTED = 0x800, "RESTRICTED";
        /// Knows frames of CAN XL. Added after Linux 6.18.
        CTRLMODE_XL = 0x1000, "XL";
        /// Measures the delay of the transceiver for CAN XL. Added after Linux 6.18.
        CTRLMODE_XL_TDC_AUTO = 0x2000, "XL-TDC-AUTO";
        /// Is told the delay of the transceiver for CAN XL. Added after Linux 6.18.
        CTRLMODE_XL_TDC_MANUAL = 0x4000, "XL-TDC-MANUAL";
        /// Switches the transceiver to its fast mode. Added after Linux 6.18.
        CTRLMODE_XL_TMS = 0x8000, "TMS";
    }
}

wire_struct! {
    /// How long a bit and its parts are.
    pub struct CanBittiming in "can_bittiming" {
        /// Bits per second.
        pub bitrate: u32,
        /// Where in a bit it is sampled, in thousandths.
        pub sample_point: u32,
        /// Time quantum, in nanoseconds.
        pub tq: u32,
        /// Propagation segment, in time quanta.
        pub prop_seg: u32,
        /// First phase buffer segment, in time quanta.
        pub phase_seg1: u32,
        /// Second phase buffer segment, in time quanta.
        pub phase_seg2: u32,
        /// How far a bit may be stretched to stay in step, in time quanta.
        pub sjw: u32,
        /// By how much the clock is divided.
        pub brp: u32,
    }
}

wire_struct! {
    /// Within which limits a controller can set [`CanBittiming`].
    pub struct CanBittimingConst in "can_bittiming_const" {
        /// Name of the controller, up to a NUL.
        pub name: [u8; 16],
        /// Propagation and first phase buffer segment together: lowest.
        pub tseg1_min: u32,
        /// Highest.
        pub tseg1_max: u32,
        /// Second phase buffer segment: lowest.
        pub tseg2_min: u32,
        /// Highest.
        pub tseg2_max: u32,
        /// `sjw`: highest.
        pub sjw_max: u32,
        /// `brp`: lowest.
        pub brp_min: u32,
        /// Highest.
        pub brp_max: u32,
        /// Step.
        pub brp_inc: u32,
    }
}

wire_struct! {
    /// Clock of a controller.
    pub struct CanClock in "can_clock" {
        /// Frequency, in hertz.
        pub freq: u32,
    }
}

wire_struct! {
    /// Counters of errors, as the controller has them.
    pub struct CanBerrCounter in "can_berr_counter" {
        /// When sending.
        pub txerr: u16,
        /// When receiving.
        pub rxerr: u16,
    }
}

wire_struct! {
    /// Flags, and which of them count.
    pub struct CanCtrlmode in "can_ctrlmode" {
        /// Flags to change; the kernel sends none.
        pub mask: CanCtrlmodeFlags,
        /// Values.
        pub flags: CanCtrlmodeFlags,
    }
}

wire_struct! {
    /// What happened to a controller, and how often:
    /// [`InfoXstats::Can`](crate::link::InfoXstats::Can).
    pub struct CanDeviceStats in "can_device_stats" {
        /// Errors of the bus.
        pub bus_error: u32,
        /// Changes to [`CanState::ERROR_WARNING`].
        pub error_warning: u32,
        /// Changes to [`CanState::ERROR_PASSIVE`].
        pub error_passive: u32,
        /// Changes to [`CanState::BUS_OFF`].
        pub bus_off: u32,
        /// Frames that another one took precedence of.
        pub arbitration_lost: u32,
        /// Restarts.
        pub restarts: u32,
    }
}

attributes! {
    /// An attribute of [`InfoData::Can`](crate::link::InfoData::Can).
    pub enum CanAttr<'a> in "linkinfo-can-attrs" {
        /// Timing of bits.
        IFLA_CAN_BITTIMING = 1 => Bittiming(Struct<'a, CanBittiming>),
        /// Limits of the timing of bits.
        IFLA_CAN_BITTIMING_CONST = 2 => BittimingConst(Struct<'a, CanBittimingConst>),
        /// Clock.
        IFLA_CAN_CLOCK = 3 => Clock(CanClock),
        /// State.
        IFLA_CAN_STATE = 4 => State(CanState),
        /// How it works.
        IFLA_CAN_CTRLMODE = 5 => Ctrlmode(CanCtrlmode),
        /// When it is started again after [`CanState::BUS_OFF`], in milliseconds; 0 is never.
        IFLA_CAN_RESTART_MS = 6 => RestartMs(u32),
        /// Starts it again at once, whatever the value.
        IFLA_CAN_RESTART = 7 => Restart(u32),
        /// Counters of errors.
        IFLA_CAN_BERR_COUNTER = 8 => BerrCounter(CanBerrCounter),
        /// Timing of the data bits of CAN FD.
        IFLA_CAN_DATA_BITTIMING = 9 => DataBittiming(Struct<'a, CanBittiming>),
        /// Limits of the timing of the data bits of CAN FD.
        IFLA_CAN_DATA_BITTIMING_CONST = 10 => DataBittimingConst(Struct<'a, CanBittimingConst>),
        /// Resistance at the end of the bus, in ohms; 0 is none.
        IFLA_CAN_TERMINATION = 11 => Termination(u16),
        /// Resistances that it can have.
        IFLA_CAN_TERMINATION_CONST = 12 => TerminationConst(Packed<'a, u16>),
        /// Bit rates that it can have, if it has no limits but a list.
        IFLA_CAN_BITRATE_CONST = 13 => BitrateConst(Packed<'a, u32>),
        /// Bit rates of the data bits of CAN FD that it can have.
        IFLA_CAN_DATA_BITRATE_CONST = 14 => DataBitrateConst(Packed<'a, u32>),
        /// Highest bit rate of the transceiver; 0 is unknown.
        IFLA_CAN_BITRATE_MAX = 15 => BitrateMax(u32),
        /// Delay of the transceiver, for CAN FD. Since Linux 5.16.
        IFLA_CAN_TDC = 16 => Tdc(Attrs<'a, CanTdcAttr<'a>>),
        /// What it is capable of. Since Linux 5.18.
        IFLA_CAN_CTRLMODE_EXT = 17 => CtrlmodeExt(Attrs<'a, CanCtrlmodeExtAttr<'a>>),
        /// Timing of the data bits of CAN XL. Added after Linux 6.18.
        IFLA_CAN_XL_DATA_BITTIMING = 18 => XlDataBittiming(Struct<'a, CanBittiming>),
        /// Limits of the timing of the data bits of CAN XL. Added after Linux 6.18.
        IFLA_CAN_XL_DATA_BITTIMING_CONST = 19
            => XlDataBittimingConst(Struct<'a, CanBittimingConst>),
        /// Bit rates of the data bits of CAN XL that it can have. Added after Linux 6.18.
        IFLA_CAN_XL_DATA_BITRATE_CONST = 20 => XlDataBitrateConst(Packed<'a, u32>),
        /// Delay of the transceiver, for CAN XL. Added after Linux 6.18.
        IFLA_CAN_XL_TDC = 21 => XlTdc(Attrs<'a, CanTdcAttr<'a>>),
        /// Pulses on the way to the transceiver, for CAN XL. Added after Linux 6.18.
        IFLA_CAN_XL_PWM = 22 => XlPwm(Attrs<'a, CanPwmAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`CanAttr::Tdc`] and [`CanAttr::XlTdc`]: how to make up for the delay
    /// of the transceiver, in minimum time quanta (periods of the clock).
    pub enum CanTdcAttr<'a> in "can-tdc-attrs" {
        /// Delay: lowest.
        IFLA_CAN_TDC_TDCV_MIN = 1 => TdcvMin(u32),
        /// Highest.
        IFLA_CAN_TDC_TDCV_MAX = 2 => TdcvMax(u32),
        /// Offset: lowest.
        IFLA_CAN_TDC_TDCO_MIN = 3 => TdcoMin(u32),
        /// Highest.
        IFLA_CAN_TDC_TDCO_MAX = 4 => TdcoMax(u32),
        /// Filter window: lowest.
        IFLA_CAN_TDC_TDCF_MIN = 5 => TdcfMin(u32),
        /// Highest.
        IFLA_CAN_TDC_TDCF_MAX = 6 => TdcfMax(u32),
        /// The delay.
        IFLA_CAN_TDC_TDCV = 7 => Tdcv(u32),
        /// When the bit is sampled, after the delay.
        IFLA_CAN_TDC_TDCO = 8 => Tdco(u32),
        /// Shortest delay that is taken for one.
        IFLA_CAN_TDC_TDCF = 9 => Tdcf(u32),
    }
}

attributes! {
    /// An attribute of [`CanAttr::CtrlmodeExt`].
    pub enum CanCtrlmodeExtAttr<'a> in "can-ctrlmode-ext-attrs" {
        /// What it is capable of.
        IFLA_CAN_CTRLMODE_SUPPORTED = 1 => Supported(CanCtrlmodeFlags),
    }
}

attributes! {
    /// An attribute of [`CanAttr::XlPwm`]: the pulses that carry bits to the transceiver, in
    /// minimum time quanta (periods of the clock).
    pub enum CanPwmAttr<'a> in "can-pwm-attrs" {
        /// Short phase: lowest.
        IFLA_CAN_PWM_PWMS_MIN = 1 => PwmsMin(u32),
        /// Highest.
        IFLA_CAN_PWM_PWMS_MAX = 2 => PwmsMax(u32),
        /// Long phase: lowest.
        IFLA_CAN_PWM_PWML_MIN = 3 => PwmlMin(u32),
        /// Highest.
        IFLA_CAN_PWM_PWML_MAX = 4 => PwmlMax(u32),
        /// Offset: lowest.
        IFLA_CAN_PWM_PWMO_MIN = 5 => PwmoMin(u32),
        /// Highest.
        IFLA_CAN_PWM_PWMO_MAX = 6 => PwmoMax(u32),
        /// Short phase.
        IFLA_CAN_PWM_PWMS = 7 => Pwms(u32),
        /// Long phase.
        IFLA_CAN_PWM_PWML = 8 => Pwml(u32),
        /// Offset.
        IFLA_CAN_PWM_PWMO = 9 => Pwmo(u32),
    }
}

attributes! {
    /// An attribute of [`InfoData::Vxcan`](crate::link::InfoData::Vxcan). The kernel
    /// sends none: [`LinkAttr::Link`] tells the peer.
    pub enum VxcanAttr<'a> in "linkinfo-vxcan-attrs" {
        /// The other end, as it is to be made.
        VXCAN_INFO_PEER = 1 => Peer(Headed<'a, IfInfoMsg, LinkAttr<'a>>),
    }
}
