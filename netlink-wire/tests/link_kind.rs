//! Settings of links, kind by kind, as kernels sent them and as `ip` asks for them.
//! `data/README.md` tells how they were recorded.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};

use netlink_captures::{Capture, Kind};
use netlink_wire::{
    Addr, Attribute, Attrs, Be, Error, ErrorKind, LlAddr, Messages, Multi, Nla, NlmFlags, Rtm,
    Rtnl, Writer, link::*, schema::Type, walk,
};

static CAPTURES: LazyLock<Vec<Capture>> = LazyLock::new(netlink_captures::all);

/// Which kernels know what is asked for.
#[derive(Clone, Copy, PartialEq)]
enum Kernels {
    All,
    /// All but the oldest.
    New,
    /// The one that runs in no user-mode Linux.
    Qemu,
}

use Kernels::{All, New, Qemu};

/// What is told of the link `name` in the last message that a command caused.
fn infos(
    scenario: &str,
    kind: Kind,
    kernels: Kernels,
    command: &str,
    name: &str,
) -> Vec<Attrs<'static, InfoAttr<'static>>> {
    let captures = CAPTURES.iter().filter(|capture| capture.scenario == scenario);
    let infos: Vec<_> = captures
        .filter(|capture| match kernels {
            All => true,
            New => !matches!(&*capture.kernel, "linux-6.1" | "linux-6.1-s390x"),
            Qemu => capture.kernel == "linux-6.12",
        })
        .filter_map(|capture| {
            let mut records = capture.records.iter().rev();
            records.find_map(|record| {
                if record.kind != kind || !record.command.starts_with(command) {
                    return None;
                }
                let Ok(Rtnl::Link(link)) = Rtnl::parse(record.message()) else { return None };
                let other = link.get(LinkAttr::IfName).unwrap().is_some_and(|n| n != name);
                link.get(LinkAttr::LinkInfo).unwrap().filter(|_| !other)
            })
        })
        .collect();
    // Kernels of other byte orders may lack kinds.
    let expected = if kernels == All { 2 } else { 1 };
    assert!(infos.len() >= expected || cfg!(target_endian = "big"), "{}: {command}", infos.len());
    infos
}

/// Whether all of these are among the attributes.
fn holds<'a, A: Attribute<'a>>(attrs: Attrs<'a, A>, expected: &[A]) {
    let found: Vec<A> = attrs.iter().collect::<Result<_, _>>().unwrap();
    for attr in expected {
        assert!(found.contains(attr), "no {attr:?} in {found:#?}");
    }
    let unknown = found.iter().find(|attr| A::name(attr.code()).is_none());
    assert_eq!(unknown, None, "not declared");
}

/// Checks what a message says of a link of one kind.
macro_rules! says {
    ($scenario:literal $message:ident $kernels:ident $command:literal, $name:literal:
        $Data:ident::$Kind:ident[$($attr:expr),* $(,)?]) => {
        for info in infos($scenario, Kind::$message, $kernels, $command, $name) {
            let Some($Data::$Kind(attrs)) = $Data::of(info).unwrap() else { panic!("{info:?}") };
            holds(attrs, &[$( $attr ),*]);
        }
    };
}

fn v4(ip: [u8; 4]) -> Ipv4Addr {
    ip.into()
}

fn v6(ip: &str) -> Ipv6Addr {
    ip.parse().unwrap()
}

fn addr(ip: impl Into<Addr<'static>>) -> Addr<'static> {
    ip.into()
}

#[test]
fn vlan() {
    use VlanAttr::*;
    let command = "ip link add link d0 name d0.77";
    for info in infos("link-kind", Kind::Event, All, command, "d0.77") {
        let Some(InfoData::Vlan(vlan)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let flags = VlanFlags::GVRP | VlanFlags::MVRP | VlanFlags::LOOSE_BINDING;
        let flags =
            IflaVlanFlags { flags: flags | VlanFlags::BRIDGE_BINDING, mask: VlanFlags(u32::MAX) };
        holds(vlan, &[Id(77), Protocol(Be::new(0x88a8)), Flags(flags)]);
        let map = |map: Option<Attrs<'static, VlanQosAttr<'static>>>| {
            let map = map.unwrap().all(VlanQosAttr::Mapping).map(Result::unwrap);
            map.map(|mapping| (mapping.from, mapping.to)).collect::<Vec<_>>()
        };
        assert_eq!(map(vlan.get(IngressQos).unwrap()), [(1, 2), (6, 7)]);
        let mut egress = map(vlan.get(EgressQos).unwrap());
        egress.sort();
        assert_eq!(egress, [(4, 6), (5, 3)]);
    }
}

#[test]
fn macvlan() {
    use MacvlanAttr::*;
    let command = "ip link add link d0 name mv0";
    for info in infos("link-kind", Kind::Event, All, command, "mv0") {
        let Some(InfoData::Macvlan(macvlan)) = InfoData::of(info).unwrap() else { panic!() };
        let expected = [
            Mode(MacvlanMode::SOURCE),
            Flags(MacvlanFlags(0)),
            MacAddrCount(2),
            BcQueueLen(1234),
            BcQueueLenUsed(1234),
        ];
        holds(macvlan, &expected);
        let list = macvlan.get(MacAddrData).unwrap().unwrap();
        let mut list: Vec<_> = list.all(MacAddr).map(|addr| addr.unwrap().0[5]).collect();
        list.sort();
        assert_eq!(list, [1, 2]);
    }
    says!("link-kind" Request All "ip link set mv0 type macvlan macaddr add", "mv0":
    InfoData::Macvlan[
        MacAddrMode(MacvlanMacAddr::ADD),
        MacAddr(Multi(LlAddr(&[2, 0, 0, 0, 2, 3]))),
    ]);
    says!("link-kind" Reply New "ip -d link show dev mv0", "mv0":
        InfoData::Macvlan[Flags(MacvlanFlags::NODST), BcCutoff(5)]);
    says!("link-kind" Event All "ip link add link d1 name mv1", "mv1":
        InfoData::Macvlan[Mode(MacvlanMode::PASSTHRU), Flags(MacvlanFlags::NOPROMISC)]);
    says!("link-kind" Event All "ip link add link d0 name mt0", "mt0":
        InfoData::Macvtap[Mode(MacvlanMode::VEPA)]);
}

#[test]
fn ipvlan() {
    use IpvlanAttr::*;
    says!("link-kind" Event All "ip link add link d2 name iv0", "iv0":
        InfoData::Ipvlan[Mode(IpvlanMode::L3S), Flags(IpvlanFlags::PRIVATE)]);
    says!("link-kind" Event All "ip link add link d3 name it0", "it0":
        InfoData::Ipvtap[Mode(IpvlanMode::L2), Flags(IpvlanFlags::VEPA)]);
}

/// The other end, as it is to be made, and what the kernel made of it.
#[test]
fn pairs() {
    for info in infos("link-kind", Kind::Request, All, "ip link add v0", "v0") {
        let Some(InfoData::Veth(veth)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let peer = veth.get(VethAttr::Peer).unwrap().unwrap();
        assert_eq!(peer.header(), IfInfoMsg::default());
        assert_eq!(peer.attrs().get(LinkAttr::IfName), Ok(Some("v1".into())));
        assert_eq!(peer.attrs().get(LinkAttr::Mtu), Ok(Some(1400)));
        assert_eq!(peer.attrs().get(LinkAttr::NumRxQueues), Ok(Some(3)));
        let addr = peer.attrs().get(LinkAttr::Address);
        assert_eq!(addr, Ok(Some(LlAddr(&[2, 0, 0, 0, 3, 2]))));
    }
    for info in infos("link-kind", Kind::Event, All, "ip link add v0", "v1") {
        assert_eq!(info.get(InfoAttr::Kind), Ok(Some("veth".into())));
        assert_eq!(InfoData::of(info), Ok(None));
    }
    for info in infos("link-kind", Kind::Request, All, "ip link add vxcan0", "vxcan0") {
        let Some(InfoData::Vxcan(vxcan)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let peer = vxcan.get(VxcanAttr::Peer).unwrap().unwrap();
        assert_eq!(peer.attrs().get(LinkAttr::IfName), Ok(Some("vxcan1".into())));
        assert_eq!(peer.attrs().get(LinkAttr::Mtu), Ok(Some(72)));
    }
    for info in infos("link-rare", Kind::Request, New, "ip link add nk2", "nk2") {
        use NetkitAttr::*;
        let Some(InfoData::Netkit(netkit)) = InfoData::of(info).unwrap() else { panic!() };
        let expected = [
            Mode(NetkitMode::L2),
            Policy(NetkitAction::DROP),
            PeerPolicy(NetkitAction::PASS),
            Scrub(NetkitScrub::NONE),
            PeerScrub(NetkitScrub::DEFAULT),
        ];
        holds(netkit, &expected);
        let peer = netkit.get(PeerInfo).unwrap().unwrap();
        assert_eq!(peer.attrs().get(LinkAttr::IfName), Ok(Some("nk3".into())));
    }
}

#[test]
fn vrf() {
    says!("link-kind" Event All "ip link add vrf7", "vrf7": InfoData::Vrf[VrfAttr::Table(7007)]);
    says!("link-kind" Event All "ip link set v1 master vrf7", "v1":
        InfoSlaveData::Vrf[VrfPortAttr::Table(7007)]);
}

#[test]
fn tun() {
    use TunAttr::*;
    says!("link-kind" Reply All "ip -d link show dev tun7", "tun7": InfoData::Tun[
        Owner(1234),
        Group(5678),
        Type(TunType::TUN),
        Pi(1),
        VnetHdr(1),
        Persist(1),
        MultiQueue(1),
        NumQueues(0),
        NumDisabledQueues(0),
    ]);
    says!("link-kind" Event All "ip tuntap add dev tap7", "tap7":
        InfoData::Tun[Type(TunType::TAP), Pi(0), MultiQueue(0)]);
}

#[test]
fn hsr() {
    use HsrAttr::*;
    let spec = |last| {
        SupervisionAddr(LlAddr(match last {
            77 => &[0x01, 0x15, 0x4e, 0, 1, 77],
            _ => &[0x01, 0x15, 0x4e, 0, 1, 0],
        }))
    };
    says!("link-kind" Request All "ip link add hsr0", "hsr0":
        InfoData::Hsr[MulticastSpec(77), Version(1)]);
    says!("link-kind" Event All "ip link add hsr0", "hsr0":
        InfoData::Hsr[spec(77), Protocol(HsrProtocol::HSR)]);
    says!("link-kind" Event All "ip link add prp0", "prp0":
        InfoData::Hsr[spec(0), Protocol(HsrProtocol::PRP)]);
    for info in infos("link-kind", Kind::Event, New, "ip link add hsr1", "hsr1") {
        let Some(InfoData::Hsr(hsr)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let [one, two, three] = [hsr.get(Slave1), hsr.get(Slave2), hsr.get(Interlink)]
            .map(|index| index.unwrap().unwrap());
        assert_eq!((two - one, three - one), (1, 2));
    }
}

#[test]
fn macsec() {
    use MacsecAttr::*;
    says!("link-kind" Event All "ip link add link e2 name ms0", "ms0": InfoData::Macsec[
        Sci(Be::new(0x0200_0000_0601_1234)),
        IcvLen(12),
        CipherSuite(MacsecCipherId::CIPHER_ID_GCM_AES_256),
        Window(77),
        EncodingSa(2),
        Encrypt(1),
        Protect(1),
        IncSci(1),
        Es(0),
        Scb(0),
        ReplayProtect(1),
        Validation(MacsecValidate::CHECK),
    ]);
    says!("link-kind" Event New "ip link add link e2 name ms0", "ms0":
        InfoData::Macsec[Offload(MacsecOffload::OFF)]);
    says!("link-kind" Request All "ip link add link e2 name ms0", "ms0":
        InfoData::Macsec[Port(Be::new(4660))]);
    says!("link-kind" Event All "ip link add link e3 name ms1", "ms1": InfoData::Macsec[
        Sci(Be::new(0x0102_0304_0506_0708)),
        CipherSuite(MacsecCipherId::DEFAULT_CIPHER_ID),
        Validation(MacsecValidate::DISABLED),
    ]);
}

#[test]
fn other_kinds() {
    says!("link-kind" Request All "ip link add bat0", "bat0":
        InfoData::Batadv[BatadvAttr::AlgoName("BATMAN_V".into())]);
    says!("link-kind" Event All "ip link add gtp0", "gtp0": InfoData::Gtp[
        GtpAttr::PdpHashSize(1027),
        GtpAttr::Role(GtpRole::SGSN),
        GtpAttr::RestartCount(7),
    ]);
    says!("link-rare" Request All "ip link add xfrm7", "xfrm7":
        InfoData::Xfrm[XfrmAttr::IfId(0x1234_5678)]);
    says!("link-rare" Request All "ip link add xfrm8", "xfrm8":
        InfoData::Xfrm[XfrmAttr::CollectMetadata(())]);
    says!("link-rare" Event Qemu "ip link add xfrm7", "xfrm7":
        InfoData::Xfrm[XfrmAttr::IfId(0x1234_5678)]);
    says!("link-rare" Event Qemu "ip link add xfrm8", "xfrm8":
        InfoData::Xfrm[XfrmAttr::IfId(0), XfrmAttr::CollectMetadata(())]);
    says!("link-rare" Event Qemu "ip link add nk0", "nk0": InfoData::Netkit[
        NetkitAttr::Primary(1),
        NetkitAttr::Mode(NetkitMode::L3),
        NetkitAttr::Policy(NetkitAction::PASS),
        NetkitAttr::PeerPolicy(NetkitAction::DROP),
    ]);
    says!("link-rare" Event Qemu "ip link add nk0", "nk1": InfoData::Netkit[
        NetkitAttr::Primary(0),
        NetkitAttr::Policy(NetkitAction::DROP),
    ]);
    says!("link-rare" Request All "ip link add bu0", "bu0": InfoData::Bareudp[
        BareudpAttr::Port(Be::new(6635)),
        BareudpAttr::Ethertype(Be::new(0x8847)),
        BareudpAttr::SrcPortMin(1234),
        BareudpAttr::MultiprotoMode(()),
    ]);
    says!("link-rare" Request All "ip link add amt0", "amt0": InfoData::Amt[
        AmtAttr::Mode(AmtMode::GATEWAY),
        AmtAttr::RelayPort(Be::new(2269)),
        AmtAttr::GatewayPort(Be::new(2268)),
        AmtAttr::LocalIp(v4([192, 0, 2, 1])),
        AmtAttr::DiscoveryIp(v4([192, 0, 2, 2])),
    ]);
    // Kinds that have nothing to tell.
    for (command, name, kind) in [
        ("ip link add nlmon7", "nlmon7", "nlmon"),
        ("ip link add ifb7", "ifb7", "ifb"),
        ("ip link add team0", "team0", "team"),
        ("ip link add vcan0", "vcan0", "vcan"),
    ] {
        for info in infos("link-kind", Kind::Event, All, command, name) {
            assert_eq!(info.get(InfoAttr::Kind), Ok(Some(kind.into())));
            assert_eq!(InfoData::of(info), Ok(None));
        }
    }
}

#[test]
fn can() {
    use CanAttr::*;
    for info in infos("link-can", Kind::Reply, All, "ip ", "can0") {
        let Some(InfoData::Can(can)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        holds(can, &[State(CanState::STOPPED), RestartMs(0), BitrateMax(0)]);
        let timing = can.get(Bittiming).unwrap().unwrap();
        assert_eq!(timing.as_bytes().len(), 32);
        assert_eq!(timing.read().bitrate, 500_000);
        let rates: Vec<u32> = can.get(BitrateConst).unwrap().unwrap().iter().collect();
        assert_eq!(rates[..3], [10_000, 20_000, 50_000]);
        let able = can.get(CtrlmodeExt).unwrap().unwrap();
        let able = able.get(CanCtrlmodeExtAttr::Supported);
        assert_eq!(able, Ok(Some(CanCtrlmodeFlags::CTRLMODE_LISTENONLY)));
        let Some(InfoXstats::Can(stats)) = InfoXstats::of(info).unwrap() else { panic!() };
        assert_eq!(stats, CanDeviceStats::default());
    }
    let command = "ip link set can0 type can bitrate 500000 sample-point";
    for info in infos("link-can", Kind::Request, All, command, "can0") {
        let Some(InfoData::Can(can)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let fd = CanCtrlmodeFlags::CTRLMODE_FD;
        holds(can, &[Ctrlmode(CanCtrlmode { mask: fd, flags: fd })]);
        let [timing, data] = [can.get(Bittiming), can.get(DataBittiming)]
            .map(|timing| timing.unwrap().unwrap().read());
        assert_eq!((timing.bitrate, timing.sample_point), (500_000, 875));
        assert_eq!((data.bitrate, data.sample_point), (2_000_000, 800));
        let tdc = can.get(Tdc).unwrap().unwrap();
        holds(tdc, &[CanTdcAttr::Tdcv(5), CanTdcAttr::Tdco(6), CanTdcAttr::Tdcf(7)]);
    }
    let command = "ip link set can0 type can tq 125";
    says!("link-can" Request All "ip link set can0 type can tq 125", "can0":
        InfoData::Can[Termination(120)]);
    for info in infos("link-can", Kind::Request, All, command, "can0") {
        let Some(InfoData::Can(can)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let t = can.get(Bittiming).unwrap().unwrap().read();
        assert_eq!((t.tq, t.prop_seg, t.phase_seg1, t.phase_seg2, t.sjw), (125, 6, 7, 2, 1));
    }
    let command = "ip link set can0 type can bitrate 500000 xl";
    for info in infos("link-can", Kind::Request, New, command, "can0") {
        let Some(InfoData::Can(can)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        assert_eq!(can.get(XlDataBittiming).unwrap().unwrap().read().bitrate, 4_000_000);
        let tdc = can.get(XlTdc).unwrap().unwrap();
        holds(tdc, &[CanTdcAttr::Tdcv(8), CanTdcAttr::Tdco(9), CanTdcAttr::Tdcf(10)]);
        let pwm = can.get(XlPwm).unwrap().unwrap();
        holds(pwm, &[CanPwmAttr::Pwms(3), CanPwmAttr::Pwml(4), CanPwmAttr::Pwmo(5)]);
        let flags = can.get(Ctrlmode).unwrap().unwrap().flags;
        assert_eq!(flags.to_string(), "XL|TMS");
    }
}

#[test]
fn bridge() {
    use BrAttr::*;
    let id = IflaBridgeId { prio: Be::new(4660), addr: [2, 0, 0, 0, 1, 1] };
    says!("link-bridge" Event All "ip link add br0", "br0": InfoData::Bridge[
        ForwardDelay(1234),
        HelloTime(346),
        MaxAge(1702),
        AgeingTime(23456),
        StpState(0),
        Priority(4660),
        GroupFwdMask(0x5678),
        BridgeId(id),
        RootId(id),
        GroupAddr(LlAddr(&[1, 0x80, 0xc2, 0, 0, 0x0e])),
    ]);
    says!("link-bridge" Reply All "ip -d link show dev br0", "br0": InfoData::Bridge[
        VlanFiltering(1),
        VlanProtocol(Be::new(0x88a8)),
        VlanDefaultPvid(777),
        VlanStatsEnabled(1),
        VlanStatsPerPort(1),
        McastSnooping(1),
        McastRouter(MdbRtrType::PERM),
        McastQueryUseIfaddr(1),
        McastQuerier(1),
        McastHashElasticity(16),
        McastHashMax(8192),
        McastLastMemberCnt(5),
        McastStartupQueryCnt(6),
        McastLastMemberIntvl(102),
        McastMembershipIntvl(26002),
        McastQuerierIntvl(25502),
        McastQueryIntvl(12502),
        McastQueryResponseIntvl(1002),
        McastStartupQueryIntvl(3126),
        McastStatsEnabled(1),
        McastIgmpVersion(3),
        McastMldVersion(2),
        NfCallIptables(1),
        NfCallIp6tables(0),
        NfCallArptables(1),
    ]);
    says!("link-bridge" Request All "ip link set br0 type bridge stp_state 1", "br0":
        InfoData::Bridge[StpState(1)]);
    says!("link-bridge" Reply New "ip -d link show dev br0", "br0": InfoData::Bridge[
        FdbMaxLearned(99_999),
        FdbNLearned(0),
        StpMode(BrStpMode::KERNEL),
    ]);
    says!("link-bridge" Request All "ip link set br0 type bridge fdb_flush", "br0":
        InfoData::Bridge[FdbFlush(())]);
    for info in infos("link-bridge", Kind::Reply, New, "ip -d link show dev br0", "br0") {
        let Some(InfoData::Bridge(bridge)) = InfoData::of(info).unwrap() else { panic!() };
        let options = bridge.get(MultiBoolopt).unwrap().unwrap();
        let on = BrBoolopt::NO_LL_LEARN | BrBoolopt::MDB_OFFLOAD_FAIL_NOTIFICATION;
        assert_eq!(options.optval, on | BrBoolopt::FDB_LOCAL_VLAN_0);
        assert!(options.optmask.contains(BrBoolopt::MCAST_VLAN_SNOOPING));
    }
}

#[test]
fn bridge_port() {
    use BrPortAttr::*;
    let id = IflaBridgeId { prio: Be::new(4660), addr: [2, 0, 0, 0, 1, 1] };
    says!("link-bridge" Reply All "ip -d link show dev d0", "d0": InfoSlaveData::Bridge[
        State(BrState::LISTENING),
        Priority(33),
        Cost(4660),
        Mode(1),
        Guard(1),
        Protect(1),
        FastLeave(1),
        UnicastFlood(0),
        ProxyArp(1),
        ProxyArpWifi(1),
        RootId(id),
        BridgeId(id),
        Id(33 << 10 | 1),
        No(1),
        MulticastRouter(MdbRtrType::TEMP),
        McastFlood(0),
        McastToUcast(1),
        VlanTunnel(1),
        BcastFlood(0),
        GroupFwdMask(0x4000),
        NeighSuppress(1),
        Isolated(1),
        Locked(1),
        McastEhtHostsLimit(512),
        McastEhtHostsCnt(0),
    ]);
    says!("link-bridge" Reply New "ip -d link show dev d0", "d0": InfoSlaveData::Bridge[
        Mab(1),
        BackupNhid(7777),
        McastMaxGroups(555),
        NeighVlanSuppress(1),
        NeighForwardGrat(0),
    ]);
}

/// `ip` names the port, not its master: what it sets is kept unread.
#[test]
fn a_port_without_its_masters_kind() {
    let command = "ip link set d0 type bridge_slave priority";
    for info in infos("link-bridge", Kind::Request, All, command, "d0") {
        assert_eq!(info.get(InfoAttr::SlaveKind), Ok(None));
        let Some(InfoSlaveData::Unknown(data)) = InfoSlaveData::of(info).unwrap() else { panic!() };
        let port = Attrs::<BrPortAttr<'_>>::of(data);
        holds(port, &[BrPortAttr::Priority(33), BrPortAttr::Cost(4660)]);
    }
}

#[test]
fn bond() {
    use BondAttr::*;
    says!("link-bond" Event All "ip link add b0", "b0": InfoData::Bond[
        Mode(BondMode::MODE_ACTIVEBACKUP),
        MiiMon(100),
        UpDelay(300),
        DownDelay(500),
        PeerNotifDelay(700),
        PrimaryReselect(BondPriReselect::BETTER),
        FailOverMac(BondFom::FOLLOW),
        ResendIgmp(7),
        NumPeerNotif(9),
        AllSlavesActive(1),
        MinLinks(3),
        LpInterval(77),
    ]);
    for info in infos("link-bond", Kind::Reply, All, "ip -d link show dev b1", "b1") {
        let Some(InfoData::Bond(bond)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let expected = [
            ArpInterval(1000),
            ArpValidate(BondArpValidate::FILTER_BACKUP),
            ArpAllTargets(BondArpTargets::ALL),
            MissedMax(5),
        ];
        holds(bond, &expected);
        let list = bond.get(ArpIpTarget).unwrap().unwrap();
        let list: Vec<_> = list.iter().map(Result::unwrap).collect();
        let third = v4([198, 51, 100, 3]);
        assert_eq!(list, [(0, v4([192, 0, 2, 1])), (1, v4([192, 0, 2, 2])), (2, third)]);
        let list = bond.get(NsIp6Target).unwrap().unwrap();
        let list: Vec<_> = list.iter().map(Result::unwrap).collect();
        assert_eq!(list, [(0, v6("2001:db8::1")), (1, v6("2001:db8::2"))]);
    }
    says!("link-bond" Event All "ip link add b2", "b2":
        InfoData::Bond[Mode(BondMode::MODE_ROUNDROBIN), PacketsPerSlave(17)]);
    says!("link-bond" Event All "ip link add b3", "b3":
        InfoData::Bond[Mode(BondMode::MODE_XOR), XmitHashPolicy(BondXmitPolicy::VLAN_SRCMAC)]);
    says!("link-bond" Event All "ip link add b4", "b4":
        InfoData::Bond[Mode(BondMode::MODE_TLB), TlbDynamicLb(0)]);
    says!("link-bond" Event New "ip link add b6", "b6":
        InfoData::Bond[CoupledControl(0), BroadcastNeigh(1), AdSelect(BondAd::PRIO)]);
    says!("link-bond" Reply All "ip -d link show dev b5", "b5": InfoData::Bond[
        Mode(BondMode::MODE_8023AD),
        AdLacpRate(AdLacp::FAST),
        AdLacpActive(1),
        AdSelect(BondAd::BANDWIDTH),
        AdUserPortKey(1000),
        AdActorSysPrio(4660),
        AdActorSystem(LlAddr(&[2, 0xaa, 0xbb, 0xcc, 0xdd, 0xee])),
    ]);
    for info in infos("link-bond", Kind::Reply, All, "ip -d link show dev b5", "b5") {
        let Some(InfoData::Bond(bond)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
        let lacp = bond.get(AdInfo).unwrap().unwrap();
        assert_eq!(lacp.get(BondAdInfoAttr::NumPorts), Ok(Some(2)));
        let partner = lacp.get(BondAdInfoAttr::PartnerMac);
        assert_eq!(partner, Ok(Some(LlAddr(&[2, 0, 0, 0, 1, 8]))));
        // The user's part of the key is in its upper 10 bits.
        let key = lacp.get(BondAdInfoAttr::ActorKey).unwrap().unwrap();
        assert_eq!(key >> 6, 1000);
    }
}

#[test]
fn bond_port() {
    use BondSlaveAttr::*;
    says!("link-bond" Reply All "ip -d link show dev d0", "d0": InfoSlaveData::Bond[
        MiiStatus(BondLink::UP),
        LinkFailureCount(0),
        PermHwAddr(LlAddr(&[2, 0, 0, 0, 0, 1])),
        QueueId(5),
        Prio(0),
    ]);
    says!("link-bond" Reply All "ip -d link show dev d1", "d1": InfoSlaveData::Bond[Prio(-77)]);
    for info in infos("link-bond", Kind::Reply, All, "ip -d link show dev v0", "v0") {
        let Some(InfoSlaveData::Bond(port)) = InfoSlaveData::of(info).unwrap() else { panic!() };
        let state = port.get(AdActorOperPortState).unwrap().unwrap();
        let up = "active|short_timeout|aggregating|in_sync|collecting|distributing";
        assert_eq!(state.to_string(), up);
        assert_eq!(port.get(AdPartnerOperPortState), Ok(Some(state.0.into())));
    }
    says!("link-bond" Reply New "ip -d link show dev v0", "v0":
        InfoSlaveData::Bond[ActorPortPrio(777)]);
}

#[test]
fn gre() {
    use GreAttr::*;
    says!("link-tunnel" Event All "ip link add gre1", "gre1": InfoData::Gre[
        Local(addr(v4([192, 0, 2, 1]))),
        Remote(addr(v4([198, 51, 100, 2]))),
        Ttl(64),
        Tos(0x10),
        IFlags(Be::new(GreFlags::KEY | GreFlags::CSUM)),
        OFlags(Be::new(GreFlags::KEY | GreFlags::SEQ)),
        IKey(Be::new(0x0102)),
        OKey(Be::new(0x0304)),
        PmtuDisc(1),
        FwMark(0x1234),
        IgnoreDf(0),
        EncapType(TunnelEncap::NONE),
    ]);
    says!("link-tunnel" Request All "ip link add gre2", "gre2": InfoData::Gre[
        PmtuDisc(0),
        IgnoreDf(1),
        EncapType(TunnelEncap::GUE),
        EncapFlags(TunnelEncapFlags::CSUM | TunnelEncapFlags::REMCSUM),
        EncapSport(Be::new(5555)),
        EncapDport(Be::new(6080)),
    ]);
    says!("link-tunnel" Event All "ip link add gre3", "gre3": InfoData::Gre[CollectMetadata(())]);
    says!("link-tunnel" Request All "ip link add gt1", "gt1": InfoData::Gretap[
        EncapType(TunnelEncap::FOU),
        EncapFlags(TunnelEncapFlags::CSUM6),
        EncapSport(Be::new(0)),
        EncapDport(Be::new(5555)),
        Tos(1),
    ]);
    says!("link-tunnel" Event All "ip link add es1", "es1":
        InfoData::Erspan[ErspanVer(1), ErspanIndex(123), OKey(Be::new(30))]);
    says!("link-tunnel" Event All "ip link add es2", "es2": InfoData::Erspan[
        ErspanVer(2),
        ErspanDir(netlink_wire::link::ErspanDir::EGRESS),
        ErspanHwId(17),
    ]);
    says!("link-tunnel" Event All "ip link add g61", "g61": InfoData::Ip6gre[
        Local(addr(v6("2001:db8::1"))),
        Remote(addr(v6("2001:db8:1::2"))),
        Ttl(77),
        EncapLimit(6),
        FlowInfo(Be::new(0x0201_2345)),
        Flags(Ip6TnlFlags::CAP_XMIT | Ip6TnlFlags::CAP_RCV),
        IKey(Be::new(7)),
        OKey(Be::new(8)),
        IFlags(Be::new(GreFlags::KEY | GreFlags::SEQ)),
        OFlags(Be::new(GreFlags::KEY | GreFlags::CSUM)),
        FwMark(99),
    ]);
    let flags = Ip6TnlFlags::IGN_ENCAP_LIMIT
        | Ip6TnlFlags::USE_ORIG_TCLASS
        | Ip6TnlFlags::USE_ORIG_FLOWLABEL
        | Ip6TnlFlags::RCV_DSCP_COPY
        | Ip6TnlFlags::USE_ORIG_FWMARK
        | Ip6TnlFlags::ALLOW_LOCAL_REMOTE;
    says!("link-tunnel" Event All "ip link add g62", "g62": InfoData::Ip6gre[Flags(flags | Ip6TnlFlags::CAP_PER_PACKET)]);
    says!("link-tunnel" Event All "ip link add gt61", "gt61":
        InfoData::Ip6gretap[IKey(Be::new(258)), OKey(Be::new(258))]);
    says!("link-tunnel" Event All "ip link add es61", "es61":
        InfoData::Ip6erspan[ErspanVer(1), ErspanIndex(124)]);
    says!("link-tunnel" Event All "ip link add es62", "es62": InfoData::Ip6erspan[
        ErspanVer(2),
        ErspanDir(netlink_wire::link::ErspanDir::INGRESS),
        ErspanHwId(18),
    ]);
}

#[test]
fn iptun() {
    use IptunAttr::*;
    says!("link-tunnel" Request All "ip link add ii1", "ii1": InfoData::Ipip[
        Local(v4([192, 0, 2, 1])),
        Remote(v4([198, 51, 100, 7])),
        Ttl(33),
        Proto(0),
        PmtuDisc(1),
        EncapType(TunnelEncap::FOU),
        EncapSport(Be::new(5556)),
        EncapDport(Be::new(5557)),
    ]);
    says!("link-tunnel" Event All "ip link add ii2", "ii2": InfoData::Ipip[CollectMetadata(())]);
    says!("link-tunnel" Event All "ip link add s1", "s1": InfoData::Sit[
        Ttl(44),
        Proto(41),
        Flags(SitFlags::ISATAP),
    ]);
    says!("link-tunnel" Event All "ip link add s2", "s2":
        InfoData::Sit[Flags(SitFlags(0)), FwMark(3)]);
    says!("link-tunnel" Request All "ip link add s2", "s2": InfoData::Sit[
        SixRdPrefix(v6("2001:db8:100::")),
        SixRdPrefixLen(40),
        SixRdRelayPrefix(v4([10, 0, 0, 0])),
        SixRdRelayPrefixLen(8),
    ]);
}

#[test]
fn ip6tnl() {
    use Ip6tnlAttr::*;
    says!("link-tunnel" Event All "ip link add i61", "i61": InfoData::Ip6tnl[
        Local(v6("2001:db8::1")),
        Remote(v6("2001:db8:1::7")),
        Ttl(55),
        EncapLimit(5),
        FlowInfo(Be::new(0x0405_4321)),
        Flags(Ip6TnlFlags::CAP_XMIT | Ip6TnlFlags::CAP_RCV),
        Proto(41),
    ]);
    says!("link-tunnel" Event All "ip link add i62", "i62":
        InfoData::Ip6tnl[Proto(0), CollectMetadata(())]);
    says!("link-tunnel" Request All "ip link add i63", "i63": InfoData::Ip6tnl[
        Proto(4),
        EncapType(TunnelEncap::GUE),
        EncapFlags(TunnelEncapFlags::CSUM6),
        EncapDport(Be::new(6081)),
    ]);
}

#[test]
fn vti() {
    use VtiAttr::*;
    says!("link-tunnel" Event All "ip link add vt1", "vt1": InfoData::Vti[
        Local(addr(v4([192, 0, 2, 1]))),
        Remote(addr(v4([198, 51, 100, 9]))),
        IKey(Be::new(0x0105)),
        OKey(Be::new(0x0106)),
        FwMark(4),
    ]);
    says!("link-tunnel" Event All "ip link add vt2", "vt2": InfoData::Vti6[
        Local(addr(v6("2001:db8::1"))),
        Remote(addr(v6("2001:db8:1::9"))),
        IKey(Be::new(0x0102_0304)),
        OKey(Be::new(0x0506_0708)),
    ]);
}

#[test]
fn vxlan() {
    use VxlanAttr::*;
    says!("link-tunnel" Event All "ip link add vx1", "vx1": InfoData::Vxlan[
        Id(66051),
        Group(v4([198, 51, 100, 10])),
        Local(v4([192, 0, 2, 1])),
        Port(Be::new(4789)),
        PortRange(IflaVxlanPortRange { low: Be::new(32768), high: Be::new(61000) }),
        Ttl(99),
        TtlInherit(VxlanTtlInherit::Byte(0)),
        Tos(0x30),
        Df(VxlanDf::SET),
        Ageing(1234),
        Limit(77),
        Learning(1),
        Proxy(1),
        Rsc(1),
        L2Miss(1),
        L3Miss(1),
        UdpCsum(1),
    ]);
    says!("link-tunnel" Event All "ip link add vx2", "vx2": InfoData::Vxlan[
        Group6(v6("ff05::1:2")),
        Local6(v6("2001:db8::1")),
        Label(Be::new(0x23456)),
        Learning(0),
        UdpZeroCsum6Tx(1),
        UdpZeroCsum6Rx(1),
        RemCsumTx(1),
        RemCsumRx(1),
    ]);
    says!("link-tunnel" Event All "ip link add vx3", "vx3":
        InfoData::Vxlan[CollectMetadata(1), VniFilter(1)]);
    use VxlanTtlInherit::{Byte, Flag};
    assert_eq!([Flag, Byte(1), Byte(0)].map(VxlanTtlInherit::is_set), [true, true, false]);
    says!("link-tunnel" Request New "ip link add vx4", "vx4":
        InfoData::Vxlan[TtlInherit(VxlanTtlInherit::Flag)]);
    says!("link-tunnel" Event New "ip link add vx4", "vx4":
        InfoData::Vxlan[TtlInherit(VxlanTtlInherit::Byte(1)), Gbp(()), LocalBypass(1)]);
    says!("link-tunnel" Event All "ip link add vx5", "vx5": InfoData::Vxlan[Gpe(())]);
    let bits = VxlanHdr { vx_flags: Be::new(0xf000_0000), vx_vni: Be::new(0xa5) };
    says!("link-tunnel" Event New "ip link add vx6", "vx6": InfoData::Vxlan[
        LabelPolicy(VxlanLabel::FIXED),
        Label(Be::new(77)),
        ReservedBits(bits),
    ]);
}

#[test]
fn geneve() {
    use GeneveAttr::*;
    says!("link-tunnel" Event All "ip link add gn1", "gn1": InfoData::Geneve[
        Id(66052),
        Remote(v4([198, 51, 100, 11])),
        Ttl(88),
        Tos(0x50),
        Port(Be::new(6082)),
        Df(GeneveDf::INHERIT),
        UdpCsum(0),
    ]);
    says!("link-tunnel" Event All "ip link add gn2", "gn2": InfoData::Geneve[
        Remote6(v6("2001:db8:1::11")),
        TtlInherit(1),
        Label(Be::new(0x34567)),
        UdpZeroCsum6Tx(1),
        UdpZeroCsum6Rx(1),
    ]);
    says!("link-tunnel" Event All "ip link add gn3", "gn3": InfoData::Geneve[CollectMetadata(())]);
    says!("link-tunnel" Event All "ip link add gn4", "gn4":
        InfoData::Geneve[InnerProtoInherit(())]);
    says!("link-tunnel" Event New "ip link add gn5", "gn5":
        InfoData::Geneve[Local(v4([192, 0, 2, 1]))]);
    says!("link-tunnel" Event New "ip link add gn1", "gn1": InfoData::Geneve[PortRange(
        IflaGenevePortRange { low: Be::new(1), high: Be::new(65535) }
    )]);
}

fn link<'b>(buf: &'b mut [u8], fill: impl FnOnce(&mut Writer<'_, InfoAttr<'static>>)) -> Link<'b> {
    let bytes = Link::writer(buf, Rtm::NEWLINK, NlmFlags::CREATE, &IfInfoMsg::default())
        .nest(LinkAttr::LinkInfo, fill)
        .finish()
        .unwrap();
    Link::parse(Messages::new(bytes).next().unwrap().unwrap()).unwrap()
}

#[test]
fn builds_a_struct_with_attributes_after_it() {
    let mut buf = [0xff; 256];
    let header = IfInfoMsg { index: 0x0102, ..IfInfoMsg::default() };
    let link = link(&mut buf, |info| {
        info.select_nest(InfoData::Veth, |veth| {
            veth.headed(VethAttr::Peer, &header, |peer| {
                peer.push(LinkAttr::IfName("peer0".into())).push(LinkAttr::Mtu(1400));
            });
        });
    });
    let info = link.get(LinkAttr::LinkInfo).unwrap().unwrap();
    let Some(InfoData::Veth(veth)) = InfoData::of(info).unwrap() else { panic!("{info:?}") };
    let peer = veth.get(VethAttr::Peer).unwrap().unwrap();
    assert_eq!(peer.header(), header);
    assert_eq!(peer.attrs().get(LinkAttr::IfName), Ok(Some("peer0".into())));
    assert_eq!(peer.attrs().get(LinkAttr::Mtu), Ok(Some(1400)));
    // 16 + 16 + 4 (LINKINFO) + 12 (KIND) + 4 (DATA) + 4 (PEER) + 16 + 12 (IFNAME)
    let path = walk::path(walk::Walk::new(LinkAttr::SCHEMA, link.attrs.raw()), 84).to_string();
    assert_eq!(path, "IFLA_LINKINFO/IFLA_INFO_DATA/VETH_INFO_PEER/IFLA_MTU");
}

#[test]
fn refuses_a_struct_that_is_cut_off() {
    let nla = Nla::new(1, &[0; 15]);
    let error = Error { context: "VETH_INFO_PEER", offset: 0, kind: ErrorKind::Length(15) };
    assert_eq!(VethAttr::parse(nla), Err(error));
    let attr = VethAttr::parse(Nla::new(1, &[7; 16])).unwrap();
    let VethAttr::Peer(peer) = attr else { panic!("{attr:?}") };
    assert_eq!(peer.attrs().iter().next(), None);
}

/// Flags and constants in network byte order have their words all the same.
#[test]
fn names_flags_of_network_byte_order() {
    let flags = Be::new(GreFlags::KEY | GreFlags::CSUM);
    assert_eq!(flags.to_string(), "csum|key");
    let field = GreAttr::SCHEMA.field(2).unwrap();
    let Type::Constants(constants) = field.ty else { panic!("{:?}", field.ty) };
    assert!(constants.int.network && constants.flags);
    assert_eq!(field.ty.to_string(), "be16");
    let shown = walk::Shown { ty: field.ty, bytes: &[0xa0, 0] };
    assert_eq!(shown.to_string(), "csum|key");
}

#[test]
fn speaks_as_ip_does() {
    assert_eq!("802.3ad".parse(), Ok(BondMode::MODE_8023AD));
    assert_eq!("vlan+srcmac".parse(), Ok(BondXmitPolicy::VLAN_SRCMAC));
    assert_eq!(MacvlanMode::PASSTHRU.to_string(), "passthru");
    assert_eq!(IpvlanMode::L3S.to_string(), "l3s");
    assert_eq!(HsrProtocol::PRP.to_string(), "prp");
    assert_eq!(MacsecCipherId::DEFAULT_CIPHER_ID.to_string(), "GCM-AES-128");
    assert_eq!(BondMode(9).to_string(), "9");
}
