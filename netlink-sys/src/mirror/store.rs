//! The objects of one table, and what a message makes of them.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher, RandomState},
};

use netlink_wire::{
    Message, NlmFlags, Result, Rtm,
    link::{Link, LinkAttr},
    route::{Route, RouteAttr},
};

use super::{
    object::{Object, Table},
    same::{Key, covers, is_alike, is_related, is_same, is_same_but_for_hops, key, rank},
};

/// The objects of one table.
///
/// An object is one allocation, of its message's length and 16 bytes; the map has
/// 33 bytes for it, and room to grow.
#[derive(Debug)]
pub(super) struct Store {
    table: Table,
    /// By a hash of the key. Two keys with one hash share a list.
    lists: HashMap<u64, List>,
    hasher: RandomState,
    len: usize,
}

/// Objects with one key, in the kernel's order.
#[derive(Debug)]
enum List {
    One(Object),
    Many(Vec<Object>),
}

impl List {
    fn as_slice(&self) -> &[Object] {
        match self {
            Self::One(object) => std::slice::from_ref(object),
            Self::Many(objects) => objects,
        }
    }

    fn into_vec(self) -> Vec<Object> {
        match self {
            Self::One(object) => vec![object],
            Self::Many(objects) => objects,
        }
    }
}

impl From<Vec<Object>> for List {
    fn from(objects: Vec<Object>) -> Self {
        match <[Object; 1]>::try_from(objects) {
            Ok([object]) => Self::One(object),
            Err(objects) => Self::Many(objects),
        }
    }
}

/// What a message made of the objects with its key.
#[derive(Debug)]
pub(super) struct Edit {
    /// The objects before.
    pub(super) old: Vec<Object>,
    /// The objects after.
    pub(super) new: Vec<Object>,
    /// Hash of the key.
    pub(super) hash: u64,
    /// Whether the message tells all: if not, nothing was done.
    pub(super) is_clear: bool,
}

impl Store {
    pub(super) fn new(table: Table) -> Self {
        Self { table, lists: HashMap::new(), hasher: RandomState::new(), len: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Object> {
        self.lists.values().flat_map(List::as_slice)
    }

    /// The objects with a key.
    pub(super) fn get<'s>(&'s self, key: Key<'s>) -> impl Iterator<Item = &'s Object> {
        let list = self.lists.get(&self.hasher.hash_one(key));
        let objects = list.map(List::as_slice).unwrap_or_default();
        objects.iter().filter(move |object| self.has_key(object, key))
    }

    fn has_key(&self, object: &Object, wanted: Key<'_>) -> bool {
        key(self.table, object.message()).is_ok_and(|key| key == wanted)
    }

    /// Whether a link is here that is one end of a pair, and does not tell of the other
    /// end, which this message is about: it came first, or the other one was elsewhere, and no event
    /// tells otherwise.
    pub(super) fn has_untied_peer(&self, message: Message<'_>) -> bool {
        const PAIRS: [&[u8]; 3] = [b"veth", b"netkit", b"vxcan"];
        let tie = |link: &Link<'_>| -> Result<_> {
            let elsewhere = link.get(LinkAttr::LinkNetnsId)?.is_some();
            Ok(link.get(LinkAttr::Link)?.filter(|index| *index != 0 && !elsewhere))
        };
        let untied = || -> Result<bool> {
            let link = Link::parse(message)?;
            let is_pair = link.kind()?.is_some_and(|kind| PAIRS.contains(&kind.as_bytes()));
            let Some(index) = tie(&link)?.filter(|_| is_pair) else { return Ok(false) };
            let Some(peer) = self.get(Key::Link(index as i32)).next() else { return Ok(false) };
            Ok(tie(&Link::parse(peer.message())?)?.is_none())
        };
        untied().unwrap_or(false)
    }

    /// Takes in an entry of a dump, which may come twice, and returns a hash of
    /// its key.
    ///
    /// # Errors
    ///
    /// The message cannot be read.
    pub(super) fn enter(&mut self, message: Message<'_>) -> Result<u64> {
        let table = self.table;
        let is_rule = matches!(table, Table::Ipv4Rules | Table::Ipv6Rules);
        let hash = self.hasher.hash_one(key(table, message)?);
        if let Entry::Vacant(place) = self.lists.entry(hash) {
            place.insert(List::One(Object::new(message)));
            self.len += 1;
            return Ok(hash);
        }
        self.edit(message, |list, new| {
            match list.iter_mut().find(|old| is_alike(table, old.message(), message)) {
                // Rules can be the same in all that they say.
                Some(old) if !is_rule => *old = new,
                _ => list.push(new),
            }
            true
        })?;
        Ok(hash)
    }

    /// Takes in an event.
    ///
    /// # Errors
    ///
    /// The message cannot be read.
    pub(super) fn apply(&mut self, message: Message<'_>) -> Result<Edit> {
        let (table, flags) = (self.table, message.header.flags);
        let is_new = Rtm(message.header.kind).0 % 4 == 0;
        self.edit(message, |list, new| {
            let same = list.iter().position(|old| is_alike(table, old.message(), message));
            match (table, is_new) {
                (Table::Ipv4Routes, true) => ipv4_route(list, new, flags, same),
                (Table::Ipv6Routes, true) => ipv6_route(list, new, flags, same),
                #[cfg(planted_bug)]
                (Table::Ipv6Routes, false) if crate::planted::is("MIRROR_MEMBER") => {
                    list.clear();
                    true
                }
                (Table::Ipv6Routes, false) if same.is_none() => {
                    // A set may have lost a member: the kernel does not tell the rest of it.
                    let has_member = |old: &Object| {
                        let (old, gone) = (old.route(), new.route());
                        old.zip(gone).is_some_and(|(old, gone)| covers(&old, &gone).unwrap_or(true))
                    };
                    !list.iter().any(has_member)
                }
                (Table::Ipv4Rules | Table::Ipv6Rules, true) => {
                    list.push(new);
                    true
                }
                (Table::Fdb, true) if same.is_none() && !list.is_empty() => {
                    // Another remote end, beside the others or in place of one.
                    false
                }
                (_, true) => {
                    put(list, new, same);
                    true
                }
                (_, false) => {
                    if let Some(at) = same {
                        list.remove(at);
                    }
                    true
                }
            }
        })
    }

    /// Changes the objects with the key of a message, which is given to `change`
    /// as an object. It tells whether it did.
    fn edit(
        &mut self,
        message: Message<'_>,
        change: impl FnOnce(&mut Vec<Object>, Object) -> bool,
    ) -> Result<Edit> {
        let wanted = key(self.table, message)?;
        let hash = self.hasher.hash_one(wanted);
        let list = self.lists.remove(&hash).map(List::into_vec).unwrap_or_default();
        let (old, mut others): (Vec<_>, Vec<_>) =
            list.into_iter().partition(|object| self.has_key(object, wanted));
        let mut new = old.clone();
        let is_clear = change(&mut new, Object::new(message));
        self.len = self.len + new.len() - old.len();
        others.extend(new.iter().cloned());
        if !others.is_empty() {
            self.lists.insert(hash, others.into());
        }
        Ok(Edit { old, new, hash, is_clear })
    }

    /// Puts an object back that another store has and this one lacks.
    pub(super) fn keep(&mut self, object: &Object) {
        let table = self.table;
        // It was in a store, so it can be read.
        let _ = self.edit(object.message(), |list, kept| {
            if !list.iter().any(|old| is_alike(table, old.message(), object.message())) {
                list.push(kept);
            }
            true
        });
    }

    /// What has to change for this to become `new`, told one by one.
    pub(super) fn difference(
        &self,
        new: &Self,
        tell: &mut dyn FnMut(Option<&Object>, Option<&Object>),
    ) {
        for object in self.iter() {
            let Ok(key) = key(self.table, object.message()) else { continue };
            if self.get(key).next().is_some_and(|first| first.is(object)) {
                let old: Vec<_> = self.get(key).collect();
                let new: Vec<_> = new.get(key).collect();
                difference(self.table, &old, &new, tell);
            }
        }
        for object in new.iter() {
            let Ok(key) = key(self.table, object.message()) else { continue };
            if self.get(key).next().is_none() {
                tell(None, Some(object));
            }
        }
    }
}

/// Puts an object in its old place, or at the end.
fn put(list: &mut Vec<Object>, new: Object, same: Option<usize>) {
    match same.and_then(|at| list.get_mut(at)) {
        Some(old) => *old = new,
        None => list.push(new),
    }
}

/// `fib_table_insert`: the flags of an event tell what became of the routes with
/// the same destination, type of service and metric.
fn ipv4_route(list: &mut Vec<Object>, new: Object, flags: NlmFlags, same: Option<usize>) -> bool {
    let rank_of_new = rank(new.message());
    let is_of_rank = |old: &Object| rank(old.message()) == rank_of_new;
    let is_at_end = flags.contains(NlmFlags::APPEND);
    if flags.contains(NlmFlags::EXCL) {
        // The first of its rank: what was there before has vanished unheard.
        list.retain(|old| !is_of_rank(old));
    } else if flags.contains(NlmFlags::CREATE) && same.is_some() {
        // In a replay it is there already, perhaps in its place, perhaps not.
        same.map(|at| list.remove(at));
    } else if same.is_some() {
        put(list, new, same);
        return true;
    }
    match list.iter().position(is_of_rank) {
        None => list.push(new),
        first if flags.contains(NlmFlags::REPLACE) => put(list, new, first),
        Some(_) if is_at_end => list.push(new),
        Some(first) if flags.contains(NlmFlags::CREATE) => list.insert(first, new),
        // An update of a route that is not here.
        Some(_) => return false,
    }
    true
}

/// `fib6_add_rt2node`: routes with the same destination, source and metric. Those
/// with a gateway each are one set, of which an event tells all.
fn ipv6_route(list: &mut Vec<Object>, new: Object, flags: NlmFlags, same: Option<usize>) -> bool {
    if flags.contains(NlmFlags::EXCL) {
        *list = vec![new];
        return true;
    }
    if flags.contains(NlmFlags::REPLACE) {
        // Of several, a set replaces the set, and another one another.
        if list.len() > 1 {
            return false;
        }
        *list = vec![new];
        return true;
    }
    if same.is_none() && !flags.contains(NlmFlags::CREATE) && !list.is_empty() {
        return false;
    }
    // Those that are now in the set.
    let joined = |old: &Object| {
        let (set, old) = (new.route(), old.route());
        set.zip(old).is_some_and(|(set, old)| {
            let is_set = set.get(RouteAttr::Multipath).is_ok_and(|hops| hops.is_some());
            is_set && has_hops(&old) && covers(&set, &old).unwrap_or(false)
        })
    };
    let first = list.iter().position(joined);
    if let Some(old) = first.filter(|_| same.is_none()).and_then(|first| list.get(first)) {
        // An event tells of the newest member what a dump tells of the first one.
        if !is_same_but_for_hops(old.message(), new.message()).unwrap_or(false) {
            return false;
        }
    }
    let at = same.or(first);
    for (index, old) in std::mem::take(list).into_iter().enumerate() {
        match at {
            Some(at) if at == index => list.push(new.clone()),
            _ if joined(&old) => {}
            _ => list.push(old),
        }
    }
    if at.is_none() {
        list.push(new);
    }
    true
}

fn has_hops(route: &Route<'_>) -> bool {
    route.next_hops().is_ok_and(|mut hops| hops.next().is_some())
}

/// What changed in a list of objects with one key.
pub(super) fn difference<O: std::borrow::Borrow<Object>>(
    table: Table,
    old: &[O],
    new: &[O],
    tell: &mut dyn FnMut(Option<&Object>, Option<&Object>),
) {
    let mut gone: Vec<&Object> = old.iter().map(O::borrow).collect();
    let mut come: Vec<&Object> = Vec::new();
    for new in new.iter().map(O::borrow) {
        let same = gone.iter().position(|old| is_alike(table, old.message(), new.message()));
        match same.map(|at| gone.remove(at)) {
            Some(old) if is_same(table, old.message(), new.message()) => {}
            Some(old) => tell(Some(old), Some(new)),
            None => come.push(new),
        }
    }
    // One took the place of another.
    for new in come {
        match gone.iter().position(|old| is_related(table, old, new)) {
            Some(at) => tell(Some(gone.remove(at)), Some(new)),
            None => tell(None, Some(new)),
        }
    }
    for old in gone {
        tell(Some(old), None);
    }
}
