//! Every set of attributes by its schema: what a schema-driven walk needs to
//! read an attribute as its type.

use std::{collections::HashMap, fmt, sync::LazyLock};

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

/// Reads an attribute of a set; see [`Set::read`].
type Read = for<'a> fn(Nla<'a>, Option<&mut dyn fmt::Write>, &mut Vec<u8>) -> Result<()>;

/// A set of attributes.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// What it is made of.
    pub schema: &'static Schema,
    read: Read,
}

impl Set {
    /// Reads an attribute as its type, and writes it to `bytes`, in the place of
    /// what they were: header, payload, padding. `debug` gets what `Debug`
    /// shows, which reads all that is inside.
    ///
    /// # Errors
    ///
    /// The payload is none of the type.
    pub fn read(
        &self,
        nla: Nla<'_>,
        debug: Option<&mut dyn fmt::Write>,
        bytes: &mut Vec<u8>,
    ) -> Result<()> {
        (self.read)(nla, debug, bytes)
    }
}

fn read<'a, A: Attribute<'a>>(
    nla: Nla<'a>,
    debug: Option<&mut dyn fmt::Write>,
    bytes: &mut Vec<u8>,
) -> Result<()> {
    let attr = A::parse(nla)?;
    if let Some(debug) = debug {
        write!(debug, "{attr:?}").expect("nothing refuses it");
    }
    bytes.clear();
    bytes.resize(nla.payload().len() + 64, 0xff);
    let mut writer = Writer::<A::Set, Whole>::new(bytes, 0, NlmFlags(0), &[0u8; 0]);
    let end = writer.push(attr).finish()?.len();
    bytes.truncate(end);
    bytes.drain(..size_of::<Header>());
    Ok(())
}

macro_rules! sets {
    ($( $Set:ident )*) => {
        /// All sets.
        pub fn all() -> impl Iterator<Item = Set> {
            [$( Set {
                schema: <$Set<'static> as Attribute<'static>>::SCHEMA,
                read: |nla, debug, bytes| read::<$Set<'_>>(nla, debug, bytes),
            } ),*].into_iter()
        }
    };
}

/// The set of a schema; `None` if it is missing from the list here.
pub fn of(schema: &Schema) -> Option<&'static Set> {
    static SETS: LazyLock<HashMap<&str, Set>> =
        LazyLock::new(|| all().map(|set| (set.schema.name, set)).collect());
    SETS.get(schema.name)
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
