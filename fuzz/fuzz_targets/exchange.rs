//! Any datagrams, given to an exchange of two requests: it ends, hands out every
//! reply that is its own once and in order, and tells whatever was wrong with a dump.
//!
//! The input is datagrams, each after its length in two bytes. The requests have
//! the sequence numbers 1 and 2, and the port 7.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{parts, plant};
use netlink_wire::{Exchange, Header, Messages, NlmFlags};

const SEQ: u32 = 1;
const PORT: u32 = 7;

/// What an exchange made of the datagrams.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    /// The messages in their order, the last ones to a request among them.
    messages: Vec<(Header, Vec<u8>)>,
    /// The requests that got no last one.
    open: u32,
    errors: usize,
    strangers: u64,
    interrupted: bool,
    filtered: bool,
}

/// The same, told in the simplest way.
fn expected(datagrams: &[&[u8]]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut open = BTreeSet::from([SEQ, SEQ + 1]);
    for message in datagrams.iter().flat_map(|datagram| Messages::new(datagram)) {
        if open.is_empty() {
            break;
        }
        match message {
            Err(_) => outcome.errors += 1,
            Ok(message) if message.header.kind == Header::OVERRUN => outcome.errors += 1,
            Ok(message) => {
                let header = message.header;
                if !open.contains(&header.seq) || header.portid != PORT {
                    outcome.strangers += 1;
                    continue;
                }
                if header.kind == Header::NOOP {
                    continue;
                }
                outcome.interrupted |= header.flags.contains(NlmFlags::DUMP_INTR);
                outcome.filtered |= header.flags.contains(NlmFlags::DUMP_FILTERED);
                outcome.messages.push((header, message.payload.to_vec()));
                if matches!(header.kind, Header::DONE | Header::ERROR) {
                    open.remove(&header.seq);
                }
            }
        }
    }
    outcome.open = open.len() as u32;
    outcome
}

fuzz_target!(|input: &[u8]| {
    plant("exchange");
    let datagrams: Vec<_> = parts(input).collect();
    let mut exchange = Exchange::new(SEQ, PORT);
    let mut request = [0; size_of::<Header>()];
    assert_eq!(exchange.also(&mut request), Some(SEQ + 1));
    let mut outcome = Outcome::default();
    for datagram in &datagrams {
        // Each step takes a message, or ends the datagram.
        for steps in 0.. {
            assert!(steps <= datagram.len() / size_of::<Header>() + 2, "it does not end");
            match exchange.step(datagram) {
                Ok(step) => match step.message(datagram) {
                    Some(message) => {
                        outcome.messages.push((message.header, message.payload.to_vec()))
                    }
                    // Another datagram, or the end.
                    None => break,
                },
                Err(_) => outcome.errors += 1,
            }
        }
    }
    outcome.open = exchange.outstanding();
    assert_eq!(exchange.is_over(), outcome.open == 0);
    outcome.strangers = exchange.strangers();
    outcome.interrupted = exchange.is_interrupted();
    outcome.filtered = exchange.is_filtered();
    assert_eq!(outcome, expected(&datagrams));
});
