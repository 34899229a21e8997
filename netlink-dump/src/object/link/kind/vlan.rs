//! VLANs.

use netlink_wire::{
    Attrs,
    link::{VlanAttr, VlanFlags, VlanQosAttr},
};

use super::{super::ethertype::Ethertype, Settings};

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, VlanAttr<'a>>) {
    match of.get(VlanAttr::Protocol) {
        Some(protocol) => {
            let protocol = Ethertype(protocol.get(), of.to.names.are_numbers());
            of.to.out.word("protocol", ["protocol ", " "], protocol);
        }
        None => of.to.out.word("protocol", ["protocol ", " "], "802.1q"),
    }
    of.num(VlanAttr::Id, "id", ["id ", " "]);
    if let Some(flags) = of.get(VlanAttr::Flags) {
        print_flags(of, flags.flags);
    }
    if let Some(map) = of.get(VlanAttr::IngressQos) {
        print_map(of, "ingress_qos", "      ingress-qos-map { ", map);
    }
    if let Some(map) = of.get(VlanAttr::EgressQos) {
        print_map(of, "egress_qos", "      egress-qos-map { ", map);
    }
}

fn print_flags<'a>(of: &mut Settings<'_, 'a, VlanAttr<'a>>, flags: VlanFlags) {
    const ALL: [(VlanFlags, &str); 5] = [
        (VlanFlags::REORDER_HDR, "REORDER_HDR"),
        (VlanFlags::GVRP, "GVRP"),
        (VlanFlags::MVRP, "MVRP"),
        (VlanFlags::LOOSE_BINDING, "LOOSE_BINDING"),
        (VlanFlags::BRIDGE_BINDING, "BRIDGE_BINDING"),
    ];
    of.to.out.array("flags", |out| {
        out.text("<");
        let (mut comma, mut rest) = ("", flags);
        for (flag, word) in ALL.into_iter().filter(|&(flag, _)| flags.contains(flag)) {
            out.item([comma, ""], word);
            (comma, rest) = (",", rest.without(flag));
        }
        if !rest.is_empty() {
            out.item([comma, ""], format_args!("{:x}", rest.0));
        }
        out.text("> ");
    });
}

fn print_map<'a>(
    of: &mut Settings<'_, 'a, VlanAttr<'a>>,
    key: &str,
    text: &str,
    map: Attrs<'a, VlanQosAttr<'a>>,
) {
    let faults = &mut *of.to.faults;
    of.to.out.array(key, |out| {
        out.new_line();
        out.text(text);
        for mapping in map.all(VlanQosAttr::Mapping) {
            match mapping {
                Ok(mapping) => out.item_object(|out| {
                    out.num("from", ["", ":"], mapping.from);
                    out.num("to", ["", " "], mapping.to);
                }),
                Err(error) => faults.note(error),
            }
        }
        out.text("} ");
    });
}
