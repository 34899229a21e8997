use netlink_wire::{
    Attribute, Message, Nest, Nla, NlmFlags, Result, Rtm, Str, Writer,
    link::{IfInfoMsg, Iff, InfoAttr, InfoData, InfoSlaveData, Link, LinkAttr},
};

use nix::libc::AF_BRIDGE;

use super::{Object, Request, Verb, sealed};

/// Starts a request about the link with this name: the one to add, or the one that has it. A name of more
/// than 15 bytes is looked for among the alternative ones, and none can be added by it.
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
/// use netlink_wire::link::{InfoData, LinkAttr, VlanAttr};
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let below = socket.link("eth0")?.index();
/// let vlan = ops::link("eth0.7").push(LinkAttr::Link(below)).info(InfoData::Vlan, |vlan| {
///     vlan.push(VlanAttr::Id(7));
/// });
/// socket.add(&vlan.up())?;
/// socket.change(&ops::link("eth0.7").push(LinkAttr::Mtu(1400)))?;
/// # Ok::<(), netlink_sys::Error>(())
/// ```
pub fn link(name: &str) -> Request<IfInfoMsg> {
    Request::new(IfInfoMsg::default()).push(by_name(name))
}

/// Starts a request about the link with this index: the one that has it, or the one to add, if the number
/// matters.
///
/// ```no_run
/// # use netlink_sys::{Protocol, Socket, ops};
/// # use netlink_wire::link::LinkAttr;
/// # let mut socket = Socket::open(Protocol::ROUTE)?;
/// // Gives it another name.
/// socket.change(&ops::link_by_index(7).push(LinkAttr::IfName("wan".into())))?;
/// # Ok::<(), netlink_sys::Error>(())
/// ```
pub fn link_by_index(index: u32) -> Request<IfInfoMsg> {
    // No index is negative: the kernel refuses.
    Request::new(IfInfoMsg { index: index as i32, ..IfInfoMsg::default() })
}

/// The attribute that tells a link by its name.
pub(crate) fn by_name(name: &str) -> LinkAttr<'_> {
    /// `IFNAMSIZ` with the NUL: a longer name is an alternative one.
    const IFNAMSIZ: usize = 16;
    match name.len() {
        0..IFNAMSIZ => LinkAttr::IfName(name.into()),
        _ => LinkAttr::AltIfName(name.into()),
    }
}

impl Request<IfInfoMsg> {
    /// Whether it tells an alternative name, and no other.
    fn has_only_alt_name(&self) -> bool {
        let name = "".into();
        self.has(LinkAttr::AltIfName(name)) && !self.has(LinkAttr::IfName(name))
    }

    /// Switches it on.
    pub fn up(self) -> Self {
        self.with(|header| {
            header.flags |= Iff::UP;
            header.change |= Iff::UP;
        })
    }

    /// Switches it off.
    pub fn down(self) -> Self {
        self.with(|header| {
            header.flags.0 &= !Iff::UP.0;
            header.change |= Iff::UP;
        })
    }

    /// Makes it a link of this kind, such as `"dummy"`, without settings.
    pub fn kind(self, kind: &str) -> Self {
        self.nest(LinkAttr::LinkInfo, |info| {
            info.push(InfoAttr::Kind(kind.into()));
        })
    }

    /// Makes it a link of this kind, with the settings that `fill` pushes; see [`link`].
    pub fn info<'a, T: Nest<'a>>(
        self,
        kind: impl Fn(T) -> InfoData<'a>,
        fill: impl Fn(&mut Writer<'_, T::Set>),
    ) -> Self {
        self.nest(LinkAttr::LinkInfo, |info| {
            info.select_nest(&kind, &fill);
        })
    }

    /// Changes its settings as a port of a bridge or bond, which `fill` pushes.
    ///
    /// ```no_run
    /// # use netlink_sys::{Protocol, Socket, ops};
    /// # use netlink_wire::link::{BrPortAttr, InfoSlaveData};
    /// # let mut socket = Socket::open(Protocol::ROUTE)?;
    /// let port = ops::link("eth0").port(InfoSlaveData::Bridge, |port| {
    ///     port.push(BrPortAttr::Learning(0));
    /// });
    /// socket.change(&port)?;
    /// # Ok::<(), netlink_sys::Error>(())
    /// ```
    pub fn port<'a, T: Nest<'a>>(
        self,
        master: impl Fn(T) -> InfoSlaveData<'a>,
        fill: impl Fn(&mut Writer<'_, T::Set>),
    ) -> Self {
        self.nest(LinkAttr::LinkInfo, |info| {
            info.select_nest(&master, &fill);
        })
    }
}

impl sealed::Object for IfInfoMsg {
    const NEW: Rtm = Rtm::NEWLINK;

    /// The view that bridges have of links is set, and never made.
    fn kind(&self, verb: Verb) -> Rtm {
        match verb {
            Verb::Get => Rtm::GETLINK,
            Verb::Delete => Rtm::DELLINK,
            _ if i32::from(self.family) == AF_BRIDGE => Rtm::SETLINK,
            _ => Rtm::NEWLINK,
        }
    }

    fn asks_by(nla: Nla<'_>) -> bool {
        matches!(
            LinkAttr::parse(nla),
            Ok(LinkAttr::IfName(_)
                | LinkAttr::AltIfName(_)
                | LinkAttr::ExtMask(_)
                | LinkAttr::TargetNetnsId(_))
        )
    }

    /// The kernel refuses to replace a link, and changes what exists.
    fn flags(request: &Request<Self>, verb: Verb) -> NlmFlags {
        match verb {
            // None can be made by such a name.
            Verb::Replace if request.has_only_alt_name() => NlmFlags::default(),
            Verb::Replace => NlmFlags::CREATE,
            Verb::Change => NlmFlags::default(),
            verb => verb.flags(),
        }
    }

    fn complete(request: &mut Request<Self>, verb: Verb) -> Result<()> {
        // Strict checking lets nothing but the index pass.
        if verb == Verb::Get {
            let IfInfoMsg { family, index, .. } = request.header;
            request.header = IfInfoMsg { family, index, ..IfInfoMsg::default() };
        }
        // The kernel would make a link with a name of its own choice; this one it refuses.
        if verb == Verb::Add && request.has_only_alt_name() {
            let name: Option<Str<'_>> = request.attrs().get(LinkAttr::AltIfName)?;
            let name = name.map(|name| name.as_bytes().to_vec()).unwrap_or_default();
            *request = request.clone().push(LinkAttr::IfName(Str::exact(&name)));
        }
        Ok(())
    }
}

impl Object for IfInfoMsg {
    type Set = <LinkAttr<'static> as Attribute<'static>>::Set;
    type Entry<'a> = Link<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Link<'a>> {
        Link::parse(message)
    }
}
