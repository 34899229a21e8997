//! Every set of attributes by its schema: what a schema-driven walk needs to
//! read an attribute as its type.

use netlink_wire::{
    Attribute, Header, Nla, NlmFlags, PolicyAttr, Result, Whole, Writer,
    addr::AddrAttr,
    addrlabel::AddrLabelAttr,
    bridge_mdb::*,
    bridge_vlan::*,
    cache_report::CacheReportAttr,
    genl::*,
    link::*,
    nduseropt::NdUserOptAttr,
    neigh::*,
    neightbl::*,
    netconf::NetConfAttr,
    nexthop::*,
    nsid::*,
    prefix::PrefixAttr,
    route::{encap::*, *},
    rule::RuleAttr,
    schema::Schema,
    sock_diag::*,
    stats::*,
    tc::*,
    tunnel::*,
};

/// An attribute that was read as its type.
#[derive(Clone, Debug)]
pub struct Typed {
    /// What `Debug` shows, which reads all that is inside.
    pub debug: String,
    /// The attribute written back: header, payload, padding.
    pub bytes: Vec<u8>,
}

fn typed<'a, A: Attribute<'a>>(nla: Nla<'a>) -> Result<Typed> {
    let attr = A::parse(nla)?;
    let mut buf = vec![0xff; nla.payload().len() + 64];
    let mut writer = Writer::<A::Set, Whole>::new(&mut buf, 0, NlmFlags(0), &[0u8; 0]);
    let message = writer.push(attr).finish()?;
    Ok(Typed { debug: format!("{attr:?}"), bytes: message[size_of::<Header>()..].to_vec() })
}

macro_rules! sets {
    ($( $Set:ident )*) => {
        /// Reads an attribute of a set and writes it back; `None` if the set
        /// is missing from the list here.
        pub fn read(schema: &Schema, nla: Nla<'_>) -> Option<Result<Typed>> {
            $( if schema.name == <$Set<'_> as Attribute<'_>>::SCHEMA.name {
                return Some(typed::<$Set<'_>>(nla));
            } )*
            None
        }

        /// All sets.
        pub fn all() -> Vec<&'static Schema> {
            vec![$( <$Set<'static> as Attribute<'static>>::SCHEMA, )*]
        }
    };
}

// A test fails with the name of the set that is missing.
sets! {
    AddrAttr RuleAttr NeighAttr FdbExtAttr
    NeighTblAttr NeighTblParmAttr NetConfAttr AddrLabelAttr
    RouteAttr MetricAttr
    MplsEncapAttr IpEncapAttr Ip6EncapAttr IpOptsAttr GeneveOptAttr VxlanOptAttr ErspanOptAttr
    IlaAttr Seg6Attr LwtBpfAttr LwtBpfProgAttr RplAttr Ioam6Attr XfrmEncapAttr
    Seg6LocalAttr Seg6LocalBpfAttr Seg6LocalCntAttr Seg6LocalFlvAttr
    NetnsaAttr NexthopAttr ResGroupAttr ResBucketAttr GroupStatsAttr GroupStatsEntryAttr
    LinkAttr PropAttr ProtoDownReasonAttr DevlinkPortAttr DpllPinAttr VfInfoAttr VfAttr
    VfStatsAttr VfVlanAttr VfPortsAttr PortAttr XdpAttr AfSpecAttr MctpAttr InetAttr Inet6Attr
    BridgeAttr BridgeVlanTunnelAttr BridgeMstAttr BridgeMstEntryAttr MrpAttr MrpInstanceAttr
    MrpPortStateAttr MrpPortRoleAttr MrpRingStateAttr MrpRingRoleAttr MrpStartTestAttr
    MrpInfoAttr MrpInRoleAttr MrpInStateAttr MrpStartInTestAttr CfmAttr CfmMepCreateAttr
    CfmMepDeleteAttr CfmMepConfigAttr CfmCcConfigAttr CfmCcPeerMepAttr CfmCcRdiAttr
    CfmCcCcmTxAttr CfmMepStatusAttr CfmCcPeerStatusAttr
    StatsAttr LinkXstatsAttr OffloadXstatsAttr HwSInfoAttr HwSInfoOneAttr StatsAfSpecAttr
    MplsStatsAttr StatsGetSetAttr StatsFiltersAttr
    MdbAttr MdbGroupsAttr MdbGroupAttr MdbEntryAttr MdbSrcListAttr MdbSrcAttr MdbRouterAttr
    MdbRouterPortAttr MdbSetAttr MdbGetAttr MdbeAttr MdbeSrcListAttr MdbeSrcAttr
    BridgeVlanDumpAttr BridgeVlanDbAttr BridgeVlanEntryAttr BridgeVlanTinfoAttr
    BridgeVlanStatsAttr BridgeVlanOptsAttr BridgeVlanRouterPortsAttr
    PrefixAttr TunnelAttr VniFilterEntryAttr VniFilterStatsAttr
    TcAttr TcStatsAttr TcStabAttr ActionsAttr NdUserOptAttr CacheReportAttr Nla
    CtrlAttr CtrlOpAttr CtrlMcastGrpAttr CtrlPolicyAttr PolicyAttr
    InetDiagReqAttr SkBpfStorageReqAttr InetDiagAttr UlpInfoAttr TlsInfoAttr MptcpSubflowAttr
    SkBpfStoragesAttr SkBpfStorageAttr
    InfoAttr
    AmtAttr BareudpAttr BatadvAttr Bond3adStatAttr BondAdInfoAttr BondAttr BondSlaveAttr
    BondXstatsAttr BrAttr BrPortAttr BridgeQuerierAttr BridgeXstatsAttr CanAttr CanCtrlmodeExtAttr
    CanPwmAttr CanTdcAttr DsaAttr GeneveAttr GreAttr GtpAttr HsrAttr Ip6tnlAttr IpoibAttr IptunAttr
    IpvlanAttr MacsecAttr MacvlanAttr NetkitAttr OvpnAttr PppAttr RmnetAttr TunAttr VethAttr
    VlanAttr VlanQosAttr VrfAttr VrfPortAttr VtiAttr VxcanAttr VxlanAttr WwanAttr XfrmAttr
}
