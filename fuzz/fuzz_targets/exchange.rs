//! Any datagrams, given to an exchange: it ends, hands out every reply that is
//! its own once and in order, and tells whatever was wrong with a dump.
//!
//! The input is datagrams, each after its length in two bytes. The request has
//! the sequence number 1 and the port 7.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{parts, plant};
use netlink_wire::{Exchange, Header, Messages, NlmFlags, Step};

const SEQ: u32 = 1;
const PORT: u32 = 7;

/// What an exchange made of the datagrams.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    replies: Vec<Vec<u8>>,
    /// The last message, if it came.
    close: Option<Vec<u8>>,
    errors: usize,
    interrupted: bool,
}

/// The same, told in the simplest way.
fn expected(datagrams: &[&[u8]]) -> Outcome {
    let mut outcome = Outcome::default();
    for datagram in datagrams {
        for message in Messages::new(datagram) {
            let Ok(message) = message else {
                outcome.errors += 1;
                break;
            };
            let header = message.header;
            if header.kind == Header::OVERRUN {
                outcome.errors += 1;
                continue;
            }
            if (header.seq, header.portid) != (SEQ, PORT) || header.kind == Header::NOOP {
                continue;
            }
            outcome.interrupted |= header.flags.contains(NlmFlags::DUMP_INTR);
            if matches!(header.kind, Header::DONE | Header::ERROR) {
                outcome.close = Some(message.payload.to_vec());
                return outcome;
            }
            outcome.replies.push(message.payload.to_vec());
        }
    }
    outcome
}

fuzz_target!(|input: &[u8]| {
    plant("exchange");
    let datagrams: Vec<_> = parts(input).collect();
    let mut exchange = Exchange::new(SEQ, PORT);
    let mut outcome = Outcome::default();
    'exchange: for datagram in &datagrams {
        // Each step takes a message, or ends the datagram.
        for steps in 0.. {
            assert!(steps <= datagram.len() / size_of::<Header>() + 2, "it does not end");
            match exchange.step(datagram) {
                Ok(Step::Receive) => break,
                Ok(Step::Reply(_, payload)) => outcome.replies.push(datagram[payload].to_vec()),
                Ok(Step::Close(_, payload)) => outcome.close = Some(datagram[payload].to_vec()),
                Ok(Step::End) => break 'exchange,
                Err(_) => outcome.errors += 1,
            }
        }
    }
    outcome.interrupted = exchange.is_interrupted();
    assert_eq!(exchange.is_over(), outcome.close.is_some());
    assert_eq!(outcome, expected(&datagrams));
});
