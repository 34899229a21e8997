//! What kind of device a link is, and its settings, as `-d` shows them.

mod amt;
mod bareudp;
mod bond;
mod bond_slave;
mod bridge;
mod bridge_slave;
mod can;
mod dsa;
mod geneve;
mod gre;
mod gtp;
mod hsr;
mod ip6gre;
mod ip6tnl;
mod ipoib;
mod iptunnel;
mod ipvlan;
mod macsec;
mod macvlan;
mod netkit;
mod rmnet;
mod tun;
mod tunnel;
mod vlan;
mod vrf;
mod vti;
mod vxlan;
mod wwan;
mod xfrm;

use std::fmt::Display;

use netlink_wire::{
    Addr, Attribute, Attrs, Index, Value,
    link::{InfoAttr, InfoData, InfoSlaveData, InfoXstats},
};

use super::Printer;
use crate::text::{Hex, Plain, Text};

/// Prints the kind and its settings, and those of a port of a master.
pub(super) fn print(info: Attrs<'_, InfoAttr<'_>>, to: &mut Printer<'_>) {
    to.object("linkinfo", |to| {
        if let Some(kind) = to.get(info, InfoAttr::Kind) {
            to.out.new_line();
            to.out.word("info_kind", ["    ", " "], kind);
            let data = to.faults.read(InfoData::of(info));
            data.inspect(|&data| print_data(data, to));
            if to.args.statistics > 0 {
                let xstats = to.faults.read(InfoXstats::of(info));
                xstats.inspect(|&xstats| print_xstats(xstats, to));
            }
        }
        if let Some(kind) = to.get(info, InfoAttr::SlaveKind) {
            to.out.new_line();
            to.out.word("info_slave_kind", ["    ", "_slave "], kind);
            let data = to.faults.read(InfoSlaveData::of(info));
            data.inspect(|&data| print_slave_data(data, to));
        }
    });
}

fn print_data(data: InfoData<'_>, to: &mut Printer<'_>) {
    match data {
        InfoData::Amt(attrs) => to.settings("info_data", attrs, amt::print),
        InfoData::Bareudp(attrs) => to.settings("info_data", attrs, bareudp::print),
        InfoData::Bond(attrs) => to.settings("info_data", attrs, bond::print),
        InfoData::Bridge(attrs) => to.settings("info_data", attrs, bridge::print),
        InfoData::Can(attrs) => to.settings("info_data", attrs, can::print),
        InfoData::Dsa(attrs) => to.settings("info_data", attrs, dsa::print),
        InfoData::Geneve(attrs) => to.settings("info_data", attrs, geneve::print),
        InfoData::Gre(attrs) | InfoData::Gretap(attrs) | InfoData::Erspan(attrs) => {
            to.settings("info_data", attrs, gre::print);
        }
        InfoData::Gtp(attrs) => to.settings("info_data", attrs, gtp::print),
        InfoData::Hsr(attrs) => to.settings("info_data", attrs, hsr::print),
        InfoData::Ip6gre(attrs) | InfoData::Ip6gretap(attrs) | InfoData::Ip6erspan(attrs) => {
            to.settings("info_data", attrs, ip6gre::print);
        }
        InfoData::Ip6tnl(attrs) => to.settings("info_data", attrs, ip6tnl::print),
        InfoData::Ipip(attrs) | InfoData::Sit(attrs) => {
            to.settings("info_data", attrs, iptunnel::print);
        }
        InfoData::Ipoib(attrs) => to.settings("info_data", attrs, ipoib::print),
        InfoData::Ipvlan(attrs) | InfoData::Ipvtap(attrs) => {
            to.settings("info_data", attrs, ipvlan::print);
        }
        InfoData::Macsec(attrs) => to.settings("info_data", attrs, macsec::print),
        InfoData::Macvlan(attrs) | InfoData::Macvtap(attrs) => {
            to.settings("info_data", attrs, macvlan::print);
        }
        InfoData::Netkit(attrs) => to.settings("info_data", attrs, netkit::print),
        InfoData::Rmnet(attrs) => to.settings("info_data", attrs, rmnet::print),
        InfoData::Tun(attrs) => to.settings("info_data", attrs, tun::print),
        InfoData::Vlan(attrs) => to.settings("info_data", attrs, vlan::print),
        InfoData::Vrf(attrs) => to.settings("info_data", attrs, vrf::print),
        InfoData::Vti(attrs) | InfoData::Vti6(attrs) => {
            to.settings("info_data", attrs, vti::print);
        }
        InfoData::Vxlan(attrs) => to.settings("info_data", attrs, vxlan::print),
        InfoData::Wwan(attrs) => to.settings("info_data", attrs, wwan::print),
        InfoData::Xfrm(attrs) => to.settings("info_data", attrs, xfrm::print),
        // Others have no settings that `ip` shows.
        _ => {}
    }
}

fn print_slave_data(data: InfoSlaveData<'_>, to: &mut Printer<'_>) {
    match data {
        InfoSlaveData::Bond(attrs) => to.settings("info_slave_data", attrs, bond_slave::print),
        InfoSlaveData::Bridge(attrs) => to.settings("info_slave_data", attrs, bridge_slave::print),
        InfoSlaveData::Vrf(attrs) => to.settings("info_slave_data", attrs, vrf::print_slave),
        _ => {}
    }
}

fn print_xstats(xstats: InfoXstats<'_>, to: &mut Printer<'_>) {
    if let InfoXstats::Can(stats) = xstats {
        to.object("info_xstats", |to| can::print_xstats(&stats, to.out));
    }
}

/// The settings of one kind, read as they are printed.
pub(super) struct Settings<'p, 'a, A> {
    attrs: Index<'a, A>,
    to: Printer<'p>,
}

impl Printer<'_> {
    /// An object under a key.
    pub(super) fn object(&mut self, key: &str, write: impl FnOnce(&mut Printer<'_>)) {
        let Printer { out, names, faults, args } = self;
        out.object(key, |out| write(&mut Printer { out, names, faults, args }));
    }

    /// The settings in a nest, as an object.
    fn settings<'a, A: Attribute<'a>>(
        &mut self,
        key: &str,
        attrs: Attrs<'a, A>,
        print: impl FnOnce(&mut Settings<'_, 'a, A>),
    ) {
        let Printer { out, names, faults, args } = self;
        out.object(key, |out| {
            let to = Printer { out, names, faults, args };
            print(&mut Settings { attrs: attrs.index(), to });
        });
    }
}

impl<'a, A: Attribute<'a>> Settings<'_, 'a, A> {
    /// The value of an attribute, if it is there and can be read.
    fn get<T: Value<'a>>(&mut self, variant: impl FnOnce(T) -> A) -> Option<T> {
        self.to.faults.read(self.attrs.get(variant))
    }

    /// A number.
    fn num<T: Value<'a> + Text>(
        &mut self,
        variant: impl FnOnce(T) -> A,
        key: &str,
        text: [&str; 2],
    ) {
        if let Some(value) = self.get(variant) {
            self.to.out.num(key, text, value);
        }
    }

    /// A number, unless it is 0.
    fn num_set<T: Value<'a> + Text + From<u8> + PartialEq>(
        &mut self,
        variant: impl FnOnce(T) -> A,
        key: &str,
        text: [&str; 2],
    ) {
        if let Some(value) = self.get(variant).filter(|value| *value != T::from(0)) {
            self.to.out.num(key, text, value);
        }
    }

    /// An address, a name, ...
    fn word<T: Value<'a> + Text>(
        &mut self,
        variant: impl FnOnce(T) -> A,
        key: &str,
        text: [&str; 2],
    ) {
        if let Some(value) = self.get(variant) {
            self.to.out.word(key, text, value);
        }
    }

    /// The name or address of a host.
    fn host<T: Value<'a> + Into<Addr<'a>>>(
        &mut self,
        variant: impl FnOnce(T) -> A,
        key: &str,
        text: [&str; 2],
    ) {
        if let Some(address) = self.get(variant) {
            self.to.out.word(key, text, self.to.names.host(address));
        }
    }

    /// The word of a constant.
    fn constant<T: Value<'a> + Display>(
        &mut self,
        variant: impl FnOnce(T) -> A,
        key: &str,
        text: [&str; 2],
    ) {
        if let Some(value) = self.get(variant) {
            self.to.out.word(key, text, Plain(value));
        }
    }

    /// A number in hex, unless it is 0.
    fn hex_set(&mut self, variant: impl FnOnce(u32) -> A, key: &str, text: [&str; 2]) {
        if let Some(value) = self.get(variant).filter(|&value| value != 0) {
            self.to.out.word(key, text, Hex(value));
        }
    }

    /// The name of a link, if there is one.
    fn link(&mut self, variant: impl FnOnce(u32) -> A, key: &str, text: [&str; 2]) {
        if let Some(index) = self.get(variant).filter(|&index| index != 0) {
            self.to.out.word(key, text, self.to.names.link(index));
        }
    }

    /// Whether something is on: `word on`, `word off`.
    fn on_off(&mut self, variant: impl FnOnce(u8) -> A, key: &str, word: &str) {
        if let Some(on) = self.get(variant) {
            self.to.out.truth(key, word, on != 0);
            self.to.out.text(if on != 0 { " on " } else { " off " });
        }
    }

    /// Something that is, if it is.
    fn mark(&mut self, is: bool, key: &str, text: &str) {
        if is {
            self.to.out.truth(key, text, true);
        }
    }
}
