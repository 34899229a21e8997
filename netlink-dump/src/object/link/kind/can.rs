//! Controller area networks.

use netlink_wire::{
    Packed, Struct,
    link::{
        CanAttr, CanBittiming, CanBittimingConst, CanCtrlmodeFlags, CanDeviceStats, CanPwmAttr,
        CanTdcAttr,
    },
};

use super::Settings;
use crate::out::Out;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, CanAttr<'a>>) {
    print_modes(of);
    if let Some(state) = of.get(CanAttr::State) {
        of.to.out.word("state", ["state ", " "], state.word().unwrap_or("UNKNOWN"));
    }
    if let Some(errors) = of.get(CanAttr::BerrCounter) {
        of.to.out.object("berr_counter", |out| {
            out.num("tx", ["(berr-counter tx ", ""], errors.txerr);
            out.num("rx", [" rx ", ") "], errors.rxerr);
        });
    }
    of.num(CanAttr::RestartMs, "restart_ms", ["restart-ms ", " "]);

    // Where the bit rates are fixed, how they come about is of no interest.
    let timing = of.get(CanAttr::Bittiming);
    match of.get(CanAttr::BitrateConst) {
        None => {
            let limits = of.get(CanAttr::BittimingConst);
            print_timing(of.to.out, "bittiming", "", timing);
            print_limits(of.to.out, "bittiming_const", "", limits);
        }
        Some(rates) => {
            let keys = ["bittiming_bitrate", "bitrate_const"];
            print_rates(of.to.out, keys, " bitrate ", timing, rates);
        }
    }
    let timing = of.get(CanAttr::DataBittiming);
    match of.get(CanAttr::DataBitrateConst) {
        None => {
            let limits = of.get(CanAttr::DataBittimingConst);
            print_timing(of.to.out, "data_bittiming", "d", timing);
            of.print_delay(CanAttr::Tdc, "tdc", ["tdcv", "tdco", "tdcf"]);
            print_limits(of.to.out, "data_bittiming_const", "d", limits);
        }
        Some(rates) => {
            let keys = ["data_bittiming_bitrate", "data_bitrate_const"];
            print_rates(of.to.out, keys, " dbitrate ", timing, rates);
        }
    }
    let timing = of.get(CanAttr::XlDataBittiming);
    match of.get(CanAttr::XlDataBitrateConst) {
        None => {
            let limits = of.get(CanAttr::XlDataBittimingConst);
            print_timing(of.to.out, "xl_data_bittiming", "x", timing);
            of.print_delay(CanAttr::XlTdc, "xtdc", ["xtdcv", "xtdco", "xtdcf"]);
            print_pwm(of);
            print_limits(of.to.out, "xl_data_bittiming_const", "x", limits);
        }
        Some(rates) => {
            let keys = ["xl_data_bittiming_bitrate", "xl_data_bitrate_const"];
            print_rates(of.to.out, keys, " xbitrate ", timing, rates);
        }
    }

    let (resistance, choices) = (of.get(CanAttr::Termination), of.get(CanAttr::TerminationConst));
    if let (Some(resistance), Some(choices)) = (resistance, choices) {
        indent(of.to.out);
        of.to.out.num("termination", [" termination ", " [ "], resistance);
        of.to.out.array("termination_const", |out| {
            let mut comma = "";
            for choice in choices.iter() {
                out.item_num([comma, ""], choice);
                comma = ", ";
            }
            out.text(" ]");
        });
    }
    if let Some(clock) = of.get(CanAttr::Clock) {
        indent(of.to.out);
        of.to.out.num("clock", [" clock ", " "], clock.freq);
    }
}

/// The modes that are on; JSON has those that could be as well, and those that cannot change.
fn print_modes<'a>(of: &mut Settings<'_, 'a, CanAttr<'a>>) {
    let modes = of.get(CanAttr::Ctrlmode);
    if let Some(on) = modes.map(|modes| modes.flags).filter(|on| !on.is_empty()) {
        print_mode(of.to.out, "ctrlmode", on);
    }
    let Some(ext) = of.get(CanAttr::CtrlmodeExt) else { return };
    let supported = of.to.get(ext, netlink_wire::link::CanCtrlmodeExtAttr::Supported);
    if let Some(supported) = supported.filter(|_| of.to.out.is_json()) {
        if !supported.is_empty() {
            print_mode(of.to.out, "ctrlmode_supported", supported);
        }
        let fixed = modes.map_or(CanCtrlmodeFlags(0), |modes| modes.mask.without(supported));
        if !fixed.is_empty() {
            print_mode(of.to.out, "ctrlmode_static", fixed);
        }
    }
}

fn print_mode(out: &mut Out, key: &str, modes: CanCtrlmodeFlags) {
    const ALL: [(CanCtrlmodeFlags, &str); 16] = [
        (CanCtrlmodeFlags::CTRLMODE_LOOPBACK, "LOOPBACK"),
        (CanCtrlmodeFlags::CTRLMODE_LISTENONLY, "LISTEN-ONLY"),
        (CanCtrlmodeFlags::CTRLMODE_3_SAMPLES, "TRIPLE-SAMPLING"),
        (CanCtrlmodeFlags::CTRLMODE_ONE_SHOT, "ONE-SHOT"),
        (CanCtrlmodeFlags::CTRLMODE_BERR_REPORTING, "BERR-REPORTING"),
        (CanCtrlmodeFlags::CTRLMODE_FD, "FD"),
        (CanCtrlmodeFlags::CTRLMODE_FD_NON_ISO, "FD-NON-ISO"),
        (CanCtrlmodeFlags::CTRLMODE_PRESUME_ACK, "PRESUME-ACK"),
        (CanCtrlmodeFlags::CTRLMODE_CC_LEN8_DLC, "CC-LEN8-DLC"),
        (CanCtrlmodeFlags::CTRLMODE_TDC_AUTO, "TDC-AUTO"),
        (CanCtrlmodeFlags::CTRLMODE_TDC_MANUAL, "TDC-MANUAL"),
        (CanCtrlmodeFlags::CTRLMODE_RESTRICTED, "RESTRICTED"),
        (CanCtrlmodeFlags::CTRLMODE_XL, "XL"),
        (CanCtrlmodeFlags::CTRLMODE_XL_TDC_AUTO, "XL-TDC-AUTO"),
        (CanCtrlmodeFlags::CTRLMODE_XL_TDC_MANUAL, "XL-TDC-MANUAL"),
        (CanCtrlmodeFlags::CTRLMODE_XL_TMS, "TMS"),
    ];
    out.array(key, |out| {
        out.text("<");
        let (mut comma, mut rest) = ("", modes);
        for (mode, word) in ALL.into_iter().filter(|&(mode, _)| modes.contains(mode)) {
            out.item([comma, ""], word);
            (comma, rest) = (",", rest.without(mode));
        }
        if !rest.is_empty() {
            out.item([comma, ""], format_args!("{:x}", rest.0));
        }
        out.text("> ");
    });
}

/// Text has a line for each of these.
fn indent(out: &mut Out) {
    out.new_line();
    out.text("\t ");
}

/// A bit rate, and how it comes about; `mark` tells text which one.
fn print_timing(out: &mut Out, key: &str, mark: &str, timing: Option<Struct<'_, CanBittiming>>) {
    let Some(timing) = timing.map(Struct::read) else { return };
    let field = |out: &mut Out, key, name, value: u32| {
        out.text(" ");
        out.text(mark);
        out.num(key, [name, ""], value);
    };
    out.object(key, |out| {
        indent(out);
        field(out, "bitrate", "bitrate ", timing.bitrate);
        let (whole, rest) = (timing.sample_point / 1000, timing.sample_point % 1000);
        out.text(" ");
        out.text(mark);
        out.word("sample_point", ["sample-point ", ""], format_args!("{whole}.{rest:03}"));
        indent(out);
        field(out, "tq", "tq ", timing.tq);
        field(out, "prop_seg", "prop-seg ", timing.prop_seg);
        field(out, "phase_seg1", "phase-seg1 ", timing.phase_seg1);
        field(out, "phase_seg2", "phase-seg2 ", timing.phase_seg2);
        field(out, "sjw", "sjw ", timing.sjw);
        field(out, "brp", "brp ", timing.brp);
    });
}

/// What the hardware can do.
fn print_limits(
    out: &mut Out,
    key: &str,
    mark: &str,
    limits: Option<Struct<'_, CanBittimingConst>>,
) {
    let Some(limits) = limits.map(Struct::read) else { return };
    let name = limits.name.split(|&byte| byte == 0).next().unwrap_or_default();
    out.object(key, |out| {
        indent(out);
        out.word("name", [" ", ":"], name);
        for (key, min, max) in [
            ("tseg1", limits.tseg1_min, limits.tseg1_max),
            ("tseg2", limits.tseg2_min, limits.tseg2_max),
            ("sjw", 1, limits.sjw_max),
            ("brp", limits.brp_min, limits.brp_max),
        ] {
            out.text(" ");
            out.text(mark);
            out.text(key);
            print_range(out, key, min, max);
        }
        out.text(" ");
        out.text(mark);
        out.num("brp_inc", ["brp_inc ", ""], limits.brp_inc);
    });
}

fn print_range(out: &mut Out, key: &str, min: u32, max: u32) {
    out.object(key, |out| {
        out.num("min", [" ", ".."], min);
        out.num("max", ["", ""], max);
    });
}

/// The bit rate, and those that there are.
fn print_rates(
    out: &mut Out,
    [key, all_key]: [&str; 2],
    before: &str,
    timing: Option<Struct<'_, CanBittiming>>,
    rates: Packed<'_, u32>,
) {
    indent(out);
    out.num(key, [before, ""], timing.map_or(0, |timing| timing.read().bitrate));
    indent(out);
    out.array(all_key, |out| {
        out.text("    [");
        for (i, rate) in rates.iter().enumerate() {
            if i > 0 {
                out.text(", ");
                if i % 6 == 0 {
                    indent(out);
                    out.text("     ");
                }
            }
            if out.is_json() {
                out.item_num([""; 2], rate);
            } else {
                out.text_value([""; 2], format_args!("{rate:8}"));
            }
        }
        out.text(" ]");
    });
}

fn print_pwm<'a>(of: &mut Settings<'_, 'a, CanAttr<'a>>) {
    let Some(attrs) = of.get(CanAttr::XlPwm) else { return };
    of.to.settings("pwm", attrs, |of| {
        let value = of.get(CanPwmAttr::Pwms);
        if value.is_some() {
            indent(of.to.out);
            of.num(CanPwmAttr::Pwms, "pwms", [" pwms ", ""]);
            of.num(CanPwmAttr::Pwml, "pwml", [" pwml ", ""]);
            of.num(CanPwmAttr::Pwmo, "pwmo", [" pwmo ", ""]);
        }
    });
}

impl<'a> Settings<'_, 'a, CanAttr<'a>> {
    /// How the transmitter makes up for its own delay.
    fn print_delay(
        &mut self,
        variant: impl FnOnce(netlink_wire::Attrs<'a, CanTdcAttr<'a>>) -> CanAttr<'a>,
        key: &str,
        words: [&str; 3],
    ) {
        let Some(attrs) = self.get(variant) else { return };
        self.to.settings(key, attrs, |of| {
            let values =
                [of.get(CanTdcAttr::Tdcv), of.get(CanTdcAttr::Tdco), of.get(CanTdcAttr::Tdcf)];
            if values.iter().any(Option::is_some) {
                indent(of.to.out);
            }
            for ((value, word), key) in values.into_iter().zip(words).zip(["tdcv", "tdco", "tdcf"])
            {
                if let Some(value) = value {
                    of.to.out.text(" ");
                    of.to.out.text(word);
                    of.to.out.num(key, [" ", ""], value);
                }
            }
        });
    }
}

/// What happened to the controller, and how often.
pub(super) fn print_xstats(stats: &CanDeviceStats, out: &mut Out) {
    indent(out);
    out.text(" re-started bus-errors arbit-lost error-warn error-pass bus-off");
    indent(out);
    for (key, value) in [
        ("restarts", stats.restarts),
        ("bus_error", stats.bus_error),
        ("arbitration_lost", stats.arbitration_lost),
        ("error_warning", stats.error_warning),
        ("error_passive", stats.error_passive),
        ("bus_off", stats.bus_off),
    ] {
        out.json_num(key, value);
        out.text_value([" ", ""], format_args!("{value:<10}"));
    }
}
