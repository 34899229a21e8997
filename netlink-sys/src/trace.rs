//! What the feature `tracing` tells of a socket. Without it, nothing is left of
//! all this.
//!
//! A request is a span, `netlink_request`, around what is received for it. Events
//! are told in it: `sending` and `received` at the level trace; how it ended, a
//! dump's worth and repetition, and strangers at debug; losses at warn.

#![cfg_attr(not(feature = "tracing"), allow(unused_variables, unused_macros))]

use netlink_wire::Header;
#[cfg(feature = "tracing")]
use netlink_wire::Rtm;

use crate::{Consistency, Datagram, Error, ExtAck, Lost, Protocol, Result};

/// The span of a request.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
macro_rules! event {
    ($level:ident, $($what:tt)*) => { tracing::$level!($($what)*) };
}

#[cfg(not(feature = "tracing"))]
macro_rules! event {
    ($level:ident, $($what:tt)*) => {{
        let _ = stringify!($level);
    }};
}

impl Span {
    /// A request that is sent now.
    pub(crate) fn request(protocol: Protocol, request: Header) -> Self {
        let this = Self {
            #[cfg(feature = "tracing")]
            span: tracing::debug_span!(
                "netlink_request",
                protocol = protocol.0,
                kind = %kind(protocol, request.kind),
                seq = request.seq,
            ),
        };
        this.within(|| event!(trace, bytes = request.len, flags = %request.flags, "sending"));
        this
    }

    /// Runs `body` in the span.
    pub(crate) fn within<T>(&self, body: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        let _entered = self.span.enter();
        body()
    }

    /// The kernel has ended the request.
    pub(crate) fn ended(&self, result: &Result<Option<ExtAck>>) {
        self.within(|| match result {
            Ok(None) => event!(debug, "done"),
            Ok(Some(warning)) => event!(warn, %warning, "done, but the kernel warns"),
            Err(error) => event!(debug, %error, "failed"),
        });
    }

    /// Replies to the request are missing.
    pub(crate) fn lost(&self, error: &Error) {
        self.within(|| event!(warn, %error, "replies were lost"));
    }

    /// A dump has come to its end.
    pub(crate) fn dumped(&self, consistency: Consistency, attempt: u32) {
        self.within(|| {
            if consistency == Consistency::Interrupted {
                event!(warn, %consistency, attempt, "dumped");
            } else {
                event!(debug, %consistency, attempt, "dumped");
            }
        });
    }

    /// The dump is made again.
    pub(crate) fn again(&self, error: &Error, attempt: u32) {
        self.within(|| event!(debug, %error, attempt, "dumping again"));
    }
}

/// A datagram came.
pub(crate) fn received(datagram: &Datagram) {
    match datagram.sender {
        0 => event!(trace, bytes = datagram.len, group = datagram.group, "received"),
        sender => event!(debug, sender, bytes = datagram.len, "skipped what a stranger sent"),
    }
}

/// Events are missing.
pub(crate) fn events_lost(reason: Lost) {
    event!(warn, %reason, "events were lost");
}

/// The type of a message, by its name if it has one.
#[cfg(feature = "tracing")]
fn kind(protocol: Protocol, kind: u16) -> String {
    match protocol {
        Protocol::ROUTE => Rtm(kind).to_string(),
        _ => kind.to_string(),
    }
}
