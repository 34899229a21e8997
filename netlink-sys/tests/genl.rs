//! Generic netlink's controller, asked of the running kernel.

use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    NlmFlags, PolicyAttr, PolicyType,
    genl::{
        Ctrl, CtrlAttr, CtrlCmd, CtrlOpAttr, CtrlPolicyAttr, GENL_ID_CTRL, GenlMsgHdr, GenlOpFlags,
    },
};

fn header(cmd: CtrlCmd) -> GenlMsgHdr {
    GenlMsgHdr { cmd: cmd.0, version: 2, ..GenlMsgHdr::default() }
}

fn asked<T>(name: &str, read: impl FnOnce(Ctrl<'_>) -> T) -> netlink_sys::Result<T> {
    let mut socket = Socket::open(Protocol::GENERIC)?;
    let mut buf = [0; 64];
    let header = header(CtrlCmd::GETFAMILY);
    let request = Ctrl::writer(&mut buf, GENL_ID_CTRL, NlmFlags::default(), &header)
        .push(CtrlAttr::FamilyName(name.into()))
        .finish()
        .unwrap();
    let mut replies = socket.request(request)?;
    let message = replies.recv()?.expect("a reply");
    assert_eq!(message.header.kind, GENL_ID_CTRL);
    Ok(read(Ctrl::parse(message).unwrap()))
}

#[test]
fn resolves_a_family_and_its_groups() {
    asked("nlctrl", |nlctrl| {
        assert_eq!(nlctrl.cmd(), CtrlCmd::NEWFAMILY);
        assert_eq!(nlctrl.get(CtrlAttr::FamilyId).unwrap(), Some(GENL_ID_CTRL));
        assert!(nlctrl.get(CtrlAttr::FamilyName).unwrap().unwrap() == "nlctrl");
        assert_eq!(nlctrl.get(CtrlAttr::Version).unwrap(), Some(2));
        assert_eq!(nlctrl.get(CtrlAttr::HdrSize).unwrap(), Some(0));
        // The group that tells of families that come and go has had this number for ever.
        assert_eq!(nlctrl.group("notify").unwrap(), Some(16));
        assert_eq!(nlctrl.group("no such group").unwrap(), None);
        let ops = nlctrl.get(CtrlAttr::Ops).unwrap().unwrap();
        let flags = ops.iter().map(Result::unwrap).find_map(|(_, op)| {
            let id = op.get(CtrlOpAttr::Id).unwrap().unwrap();
            let flags = op.get(CtrlOpAttr::Flags).unwrap().unwrap();
            (id == CtrlCmd::GETFAMILY.0.into()).then_some(flags)
        });
        let both = GenlOpFlags::CMD_CAP_DO | GenlOpFlags::CMD_CAP_DUMP;
        assert!(flags.unwrap().contains(both), "{flags:?}");
    })
    .unwrap();
}

#[test]
fn a_family_that_there_is_not() {
    let error = asked("no-such-family", |_| ()).unwrap_err();
    assert_eq!(error.errno(), Some(netlink_sys::Errno::ENOENT), "{error}");
}

#[test]
fn reads_a_policy() {
    let mut socket = Socket::open(Protocol::GENERIC).unwrap();
    let mut buf = [0; 64];
    let header = header(CtrlCmd::GETPOLICY);
    let request = Ctrl::writer(&mut buf, GENL_ID_CTRL, NlmFlags::DUMP, &header)
        .push(CtrlAttr::FamilyName("nlctrl".into()))
        .finish()
        .unwrap();
    let (mut commands, mut attributes) = (Vec::new(), Vec::new());
    let mut replies = socket.request(request).unwrap();
    while let Some(message) = replies.recv().unwrap() {
        let ctrl = Ctrl::parse(message).unwrap();
        assert_eq!(ctrl.get(CtrlAttr::FamilyId).unwrap(), Some(GENL_ID_CTRL));
        if let Some(list) = ctrl.get(CtrlAttr::OpPolicy).unwrap() {
            for (command, policy) in list.iter().map(Result::unwrap) {
                commands.push((command, policy.get(CtrlPolicyAttr::Do).unwrap()));
            }
        }
        if let Some(list) = ctrl.get(CtrlAttr::Policy).unwrap() {
            for (policy, attrs) in list.iter().map(Result::unwrap) {
                for (attr, rules) in attrs.iter().map(Result::unwrap) {
                    let kind = rules.get(PolicyAttr::Type).unwrap().unwrap();
                    let longest = rules.get(PolicyAttr::MaxLength).unwrap();
                    attributes.push((policy, attr, kind, longest));
                }
            }
        }
    }
    // What a request for families may have: a name of 15 bytes and a NUL, at most.
    let (_, policy) = commands.iter().find(|(command, _)| *command == 3).unwrap();
    let policy = policy.unwrap() as u16;
    let name = attributes.iter().find(|(of, attr, ..)| (*of, *attr) == (policy, 2)).unwrap();
    assert_eq!((name.2, name.3), (PolicyType::NUL_STRING, Some(15)));
}
