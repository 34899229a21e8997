//! What the controller of generic netlink tells of a family.

use netlink_wire::{
    Messages, Nla, NlmFlags, Writer,
    genl::{Ctrl, CtrlAttr, CtrlCmd, CtrlMcastGrpAttr, GENL_ID_CTRL, GenlMsgHdr},
};

fn family(groups: &[(Option<&str>, Option<u32>)]) -> Vec<u8> {
    let mut buf = [0; 256];
    let header = GenlMsgHdr { cmd: CtrlCmd::NEWFAMILY.0, version: 2, reserved: 0 };
    let mut ctrl = Ctrl::writer(&mut buf, GENL_ID_CTRL, NlmFlags(0), &header);
    ctrl.push(CtrlAttr::FamilyName("made-up".into()));
    ctrl.nest(CtrlAttr::McastGroups, |list| {
        for (number, (name, id)) in (1..).zip(groups) {
            let mut buf = [0; 64];
            let group = Writer::<CtrlMcastGrpAttr<'static>>::attrs(&mut buf, |group| {
                if let Some(name) = name {
                    group.push(CtrlMcastGrpAttr::Name((*name).into()));
                }
                if let Some(id) = id {
                    group.push(CtrlMcastGrpAttr::Id(*id));
                }
            });
            list.push_raw(Nla::new(number, group.unwrap()));
        }
    });
    ctrl.finish().unwrap().to_vec()
}

#[test]
fn a_group_is_found_by_its_name() {
    let bytes = family(&[
        (Some("config"), Some(5)),
        (None, Some(6)),
        (Some("nameless"), None),
        (Some("mlme"), Some(7)),
    ]);
    let ctrl = Ctrl::parse(Messages::new(&bytes).next().unwrap().unwrap()).unwrap();
    assert_eq!(ctrl.cmd(), CtrlCmd::NEWFAMILY);
    assert_eq!(ctrl.group("config"), Ok(Some(5)));
    assert_eq!(ctrl.group("mlme"), Ok(Some(7)));
    assert_eq!(ctrl.group("nameless"), Ok(None));
    assert_eq!(ctrl.group("scan"), Ok(None));
    let groups: Vec<u32> = ctrl.groups().unwrap().map(|group| group.unwrap().1).collect();
    assert_eq!(groups, [5, 7]);
}
