//! The exchange behind another object, as it happens: the socket, the request
//! and each reply byte by byte.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use netlink_sys::{Observed, Socket};

use super::Context;
use crate::{
    annotate,
    args::Args,
    failure::Failure,
    help::Help,
    out::{Format, Out},
    selector,
};

pub(super) const HELP: Help = Help {
    about: "what goes over the socket of another command, byte by byte",
    usage: &["[OPTIONS] explain OBJECT [COMMAND] [WORDS] [-j]"],
    words: &[
        ("OBJECT", "the command: `netlink-dump explain route get 192.0.2.1`"),
        ("-j", "JSON, as before the object"),
    ],
    notes: "Each step is told: the socket and its options, what is sent, what comes back.\n",
};

/// Runs the object that the words name, and writes what goes over its socket
/// instead of its rows.
pub(super) fn run(mut args: Args, mut out: Out) -> Result<(), Failure> {
    let all = args.words.len();
    args.words.retain(|word| !selector::is_json(word));
    if args.words.len() < all {
        out.turn_to_json();
    }
    if args.words.first().is_none_or(|word| word == "help") {
        return Err(Failure::usage(&HELP));
    }
    let pages = Arc::new(Mutex::new(Pages { out, failed: Ok(()) }));
    let lock = |pages: &Mutex<Pages>| -> Result<(), Failure> {
        let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.out.end()?;
        Ok(std::mem::replace(&mut pages.failed, Ok(()))?)
    };
    pages.lock().unwrap_or_else(PoisonError::into_inner).out.begin();
    let mut context = Context::new(args, Out::new(io::sink(), Format::default()));
    let shared = Arc::clone(&pages);
    context.explain = Some(Box::new(move |socket| Pages::watch(Arc::clone(&shared), socket)));
    let result = super::run_object(&mut context);
    lock(&pages)?;
    result
}

/// What is written, and whether that went well.
struct Pages {
    out: Out,
    failed: io::Result<()>,
}

impl Pages {
    /// Writes about a socket, and from then on about what goes through it.
    fn watch(pages: Arc<Mutex<Self>>, socket: Socket) -> Socket {
        let mut socket = socket;
        pages.lock().unwrap_or_else(PoisonError::into_inner).socket(&mut socket);
        socket.observed(move |datagram| {
            pages.lock().unwrap_or_else(PoisonError::into_inner).datagram(datagram);
        })
    }

    fn page(&mut self, write: impl FnOnce(&mut Out)) {
        let written = self.out.row(write).and_then(|()| self.out.flush());
        if self.failed.is_ok() {
            self.failed = written;
        }
    }

    fn socket(&mut self, socket: &mut Socket) {
        let protocol = socket.protocol();
        let options = socket.options();
        let on = |on| if on { "on" } else { "off: the kernel does not know it" };
        self.page(|out| {
            out.word("step", ["", "\n"], "socket");
            out.num(
                "protocol",
                ["  socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, ", ")\n"],
                protocol.0,
            );
            out.object("options", |out| {
                for (name, is_on) in [
                    ("NETLINK_EXT_ACK", options.ext_ack),
                    ("NETLINK_CAP_ACK", options.cap_ack),
                    ("NETLINK_GET_STRICT_CHK", options.strict_check),
                ] {
                    out.text_value(["  setsockopt(", ""], name);
                    out.truth(name, "", is_on);
                    out.text_value([") ", "\n"], on(is_on));
                }
            });
        });
    }

    fn datagram(&mut self, datagram: Observed<'_>) {
        self.page(|out| {
            let bytes = match datagram {
                Observed::Sent { port, datagram } => {
                    out.word("step", ["", ""], "send");
                    out.num("bytes", [" ", " bytes"], datagram.len());
                    out.num("port", [" from port ", " to port 0, the kernel\n"], port);
                    datagram
                }
                Observed::Received(datagram) => {
                    out.word("step", ["", ""], "receive");
                    out.num("bytes", [" ", " bytes from port 0, the kernel\n"], datagram.len());
                    datagram
                }
            };
            annotate::datagram(out, bytes, annotate::Protocol::ROUTE);
        });
    }
}
