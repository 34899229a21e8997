//! Lists links: index, name and MTU.

use neli::{
    consts::{
        nl::NlmF,
        rtnl::{Ifla, RtAddrFamily, Rtm},
        socket::NlFamily,
    },
    nl::NlPayload,
    router::synchronous::NlRouter,
    rtnl::{Ifinfomsg, IfinfomsgBuilder},
    utils::Groups,
};

fn main() {
    let (socket, _) = NlRouter::connect(NlFamily::Route, None, Groups::empty()).unwrap();
    let header = IfinfomsgBuilder::default().ifi_family(RtAddrFamily::Unspecified).build().unwrap();
    let payload = NlPayload::Payload(header);
    let links = socket.send::<_, _, u16, Ifinfomsg>(Rtm::Getlink, NlmF::DUMP, payload).unwrap();
    for link in links {
        let link = link.unwrap();
        let Some(link) = link.get_payload() else { continue };
        let attrs = link.rtattrs().get_attr_handle();
        let name = attrs.get_attr_payload_as_with_len::<String>(Ifla::Ifname).unwrap();
        let mtu = attrs.get_attr_payload_as::<u32>(Ifla::Mtu).unwrap();
        println!("{} {name} {mtu}", link.ifi_index());
    }
}
