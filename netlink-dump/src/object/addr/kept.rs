//! Messages that are kept until their link comes, in as few bytes as will do.

use netlink_wire::{Header, Message};

/// Messages by the index of the link that they are about.
#[derive(Default)]
pub(super) struct Kept {
    /// The payloads, one after the other.
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    index: u32,
    /// 0 if the message is not wanted: it is known then that there is one.
    len: u32,
    start: usize,
}

impl Kept {
    /// Keeps a message.
    pub(super) fn push(&mut self, index: u32, message: Message<'_>) {
        let (start, len) = (self.bytes.len(), message.payload.len() as u32);
        self.bytes.extend_from_slice(message.payload);
        self.entries.push(Entry { index, len, start });
    }

    /// Notes that there is a message, but none that is wanted.
    pub(super) fn push_unwanted(&mut self, index: u32) {
        self.entries.push(Entry { index, len: 0, start: 0 });
    }

    /// Puts those of one link together, in the order in which they came.
    pub(super) fn sort(&mut self) {
        self.entries.sort_by_key(|entry| entry.index);
    }

    /// Those of one link that are wanted.
    pub(super) fn of(&self, index: u32) -> impl Iterator<Item = Message<'_>> {
        self.entries(index).filter(|entry| entry.len > 0).filter_map(|entry| {
            let payload = self.bytes.get(entry.start..)?.get(..entry.len as usize)?;
            Some(Message { header: Header::default(), payload })
        })
    }

    /// Whether the link has any, wanted or not.
    pub(super) fn has_any(&self, index: u32) -> bool {
        self.entries(index).next().is_some()
    }

    fn entries(&self, index: u32) -> impl Iterator<Item = &Entry> {
        let first = self.entries.partition_point(|entry| entry.index < index);
        self.entries.iter().skip(first).take_while(move |entry| entry.index == index)
    }
}
