//! Generic netlink, and its controller, which knows the families by name: `nlctrl`.
//!
//! A family has a message type of its own, which the kernel chooses when it
//! starts; [`Ctrl`] tells it, and the numbers of the family's multicast groups.
//! Attributes of other families are declared with [`attributes!`](crate::attributes) and read as
//! `Body<'a, GenlMsgHdr, A>`.
//!
//! Source: `include/uapi/linux/genetlink.h`, as of Linux 7.2.

use crate::{
    ack::PolicyAttr,
    attrs::Attrs,
    error::Result,
    message::Body,
    value::{List, Str},
};

/// The protocol's number: `NETLINK_GENERIC`.
pub const NETLINK_GENERIC: i32 = 16;

/// Type of the controller's messages: `GENL_ID_CTRL`.
pub const GENL_ID_CTRL: u16 = 16;

/// A message of the controller.
///
/// ```
/// use netlink_wire::{NlmFlags, genl::{Ctrl, CtrlAttr, CtrlCmd, GENL_ID_CTRL, GenlMsgHdr}};
///
/// // Asks for the family of ethtool.
/// let header = GenlMsgHdr { cmd: CtrlCmd::GETFAMILY.0, version: 2, ..GenlMsgHdr::default() };
/// let mut buf = [0; 64];
/// let request = Ctrl::writer(&mut buf, GENL_ID_CTRL, NlmFlags::REQUEST, &header)
///     .push(CtrlAttr::FamilyName("ethtool".into()))
///     .finish()?;
/// assert_eq!(request.len(), 32);
/// # Ok::<(), netlink_wire::Error>(())
/// ```
pub type Ctrl<'a> = Body<'a, GenlMsgHdr, CtrlAttr<'a>>;

impl<'a> Ctrl<'a> {
    /// What the message does.
    pub const fn cmd(&self) -> CtrlCmd {
        CtrlCmd(self.header.cmd)
    }

    /// The family's multicast groups: name and number.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`]; of a group, that it lacks one of both or cannot be read.
    pub fn groups(&self) -> Result<impl Iterator<Item = Result<(Str<'a>, u32)>> + use<'a>> {
        let groups = self.get(CtrlAttr::McastGroups)?;
        Ok(groups.into_iter().flat_map(|groups| groups.iter()).filter_map(|group| {
            let (_, group) = match group {
                Ok(group) => group,
                Err(error) => return Some(Err(error)),
            };
            let read =
                || Ok(group.get(CtrlMcastGrpAttr::Name)?.zip(group.get(CtrlMcastGrpAttr::Id)?));
            read().transpose()
        }))
    }

    /// The number of the family's multicast group with this name.
    ///
    /// # Errors
    ///
    /// Those of [`groups`](Self::groups).
    pub fn group(&self, name: &str) -> Result<Option<u32>> {
        for group in self.groups()? {
            let (known, id) = group?;
            if known == *name {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

wire_struct! {
    /// The fixed header of a generic netlink message. The family may have one of its own after it.
    pub struct GenlMsgHdr in "genlmsghdr" {
        /// What the message does, as the family numbers it.
        pub cmd: u8,
        /// Version of the family's messages.
        pub version: u8,
        /// Reserved; 0.
        pub reserved: u16,
    }
}

constants! {
    /// What a message of the controller does: `CTRL_CMD_*`.
    pub struct CtrlCmd(u8) in "CTRL_CMD_" {
        /// A family is there now; the reply about one.
        NEWFAMILY = 1, "newfamily";
        /// A family is gone.
        DELFAMILY = 2, "delfamily";
        /// Asks for a family, or for all.
        GETFAMILY = 3, "getfamily";
        /// Not used.
        NEWOPS = 4, "newops";
        /// Not used.
        DELOPS = 5, "delops";
        /// Not used.
        GETOPS = 6, "getops";
        /// A multicast group is there now.
        NEWMCAST_GRP = 7, "newmcast_grp";
        /// A multicast group is gone.
        DELMCAST_GRP = 8, "delmcast_grp";
        /// Not used.
        GETMCAST_GRP = 9, "getmcast_grp";
        /// Asks for what a family's attributes may be, and the reply. Since Linux 5.7.
        GETPOLICY = 10, "getpolicy";
    }
}

attributes! {
    /// An attribute of [`Ctrl`].
    pub enum CtrlAttr<'a> in "ctrl-attrs" {
        /// Type of the family's messages.
        CTRL_ATTR_FAMILY_ID = 1 => FamilyId(u16),
        /// Name of the family.
        CTRL_ATTR_FAMILY_NAME = 2 => FamilyName(Str<'a>),
        /// Version of its messages.
        CTRL_ATTR_VERSION = 3 => Version(u32),
        /// Length of its own header in bytes.
        CTRL_ATTR_HDRSIZE = 4 => HdrSize(u32),
        /// Greatest number of its attributes; 0 if each command has attributes of its own.
        CTRL_ATTR_MAXATTR = 5 => MaxAttr(u32),
        /// Its commands, by position from 1.
        CTRL_ATTR_OPS = 6 => Ops(List<'a, Attrs<'a, CtrlOpAttr<'a>>>),
        /// Its multicast groups, by position from 1.
        CTRL_ATTR_MCAST_GROUPS = 7 => McastGroups(List<'a, Attrs<'a, CtrlMcastGrpAttr<'a>>>),
        /// What attributes may be: by number of the policy, and by number of the attribute. A dump
        /// has one attribute in each message. Since Linux 5.7.
        CTRL_ATTR_POLICY = 8 => Policy(List<'a, List<'a, Attrs<'a, PolicyAttr<'a>>>>),
        /// Policies of a command, by number of the command. Since Linux 5.10.
        CTRL_ATTR_OP_POLICY = 9 => OpPolicy(List<'a, Attrs<'a, CtrlPolicyAttr<'a>>>),
        /// In requests: the command whose policies are asked for. Since Linux 5.10.
        CTRL_ATTR_OP = 10 => Op(u32),
    }
}

attributes! {
    /// An attribute of [`CtrlAttr::Ops`].
    pub enum CtrlOpAttr<'a> in "op-attrs" {
        /// Number of the command.
        CTRL_ATTR_OP_ID = 1 => Id(u32),
        /// What can be done with it.
        CTRL_ATTR_OP_FLAGS = 2 => Flags(GenlOpFlags),
    }
}

flags! {
    /// What can be done with a command: `GENL_*`.
    pub struct GenlOpFlags(u32) in "GENL_" {
        /// It takes `CAP_NET_ADMIN`.
        ADMIN_PERM = 0x01, "admin-perm";
        /// It can be asked for one thing.
        CMD_CAP_DO = 0x02, "cmd-cap-do";
        /// It can be asked for all things.
        CMD_CAP_DUMP = 0x04, "cmd-cap-dump";
        /// Its attributes have a policy.
        CMD_CAP_HASPOL = 0x08, "cmd-cap-haspol";
        /// It takes `CAP_NET_ADMIN` in the user namespace of the network namespace.
        UNS_ADMIN_PERM = 0x10, "uns-admin-perm";
    }
}

attributes! {
    /// An attribute of [`CtrlAttr::McastGroups`].
    pub enum CtrlMcastGrpAttr<'a> in "mcast-group-attrs" {
        /// Name of the group.
        CTRL_ATTR_MCAST_GRP_NAME = 1 => Name(Str<'a>),
        /// Its number, by which it is joined.
        CTRL_ATTR_MCAST_GRP_ID = 2 => Id(u32),
    }
}

attributes! {
    /// An attribute of [`CtrlAttr::OpPolicy`].
    pub enum CtrlPolicyAttr<'a> in "op-policy-attrs" {
        /// Number of the policy, if one thing is asked for.
        CTRL_ATTR_POLICY_DO = 1 => Do(u32),
        /// Number of the policy, if all things are asked for.
        CTRL_ATTR_POLICY_DUMP = 2 => Dump(u32),
    }
}
