//! Which replies belong to which of several requests.

use netlink_wire::{Exchange, Header, NlmFlags, Step, Whole, Writer};

fn message(kind: u16, seq: u32, portid: u32, flags: NlmFlags) -> Vec<u8> {
    let mut buf = [0; 64];
    let message =
        Writer::<netlink_wire::Nla<'static>, Whole>::new(&mut buf, kind, flags, &0u32).finish();
    let message = message.unwrap();
    let header = Header { seq, portid, ..Header::of(message).unwrap() };
    header.replace_in(message);
    message.to_vec()
}

fn request() -> Vec<u8> {
    message(24, 0, 0, NlmFlags::CREATE | NlmFlags::EXCL)
}

/// The sequence number of the request that ends, given one datagram.
fn ends(exchange: &mut Exchange, datagram: &[u8]) -> Option<u32> {
    let mut ended = None;
    loop {
        match exchange.step(datagram).unwrap() {
            Step::Close(header, _) => ended = Some(header.seq),
            Step::Reply(..) => panic!("no reply was sent"),
            Step::Receive | Step::End => return ended,
        }
    }
}

#[test]
fn requests_ask_for_an_acknowledgement_whatever_they_are() {
    // NLM_F_EXCL is the same bit as NLM_F_MATCH.
    let mut request = request();
    Exchange::start(&mut request, 7, 1);
    let header = Header::of(&request).unwrap();
    assert_eq!(header.seq, 7);
    let asked = NlmFlags::REQUEST | NlmFlags::ACK | NlmFlags::CREATE | NlmFlags::EXCL;
    assert_eq!(header.flags, asked);
}

#[test]
fn acknowledgements_come_in_any_order() {
    let mut exchange = Exchange::idle(u32::MAX - 1, 9);
    let seqs: Vec<u32> = (0..4).map(|_| exchange.also(&mut request()).unwrap()).collect();
    assert_eq!(seqs, [u32::MAX - 1, u32::MAX, 0, 1]);
    let ack = |seq| message(Header::ERROR, seq, 9, NlmFlags(0));
    assert_eq!(ends(&mut exchange, &ack(1)), Some(1));
    assert_eq!(ends(&mut exchange, &ack(1)), None, "it has ended before");
    assert_eq!(ends(&mut exchange, &ack(2)), None, "it was never made");
    assert_eq!(ends(&mut exchange, &ack(u32::MAX - 1)), Some(u32::MAX - 1));
    assert_eq!(ends(&mut exchange, &ack(0)), Some(0));
    assert_eq!(exchange.outstanding(), 1);
    assert_eq!(exchange.also(&mut request()), Some(2), "no number is given twice");
    assert_eq!(ends(&mut exchange, &ack(u32::MAX)), Some(u32::MAX));
    assert!(!exchange.is_over());
    assert_eq!(ends(&mut exchange, &ack(2)), Some(2));
    assert!(exchange.is_over());
    assert_eq!(exchange.strangers(), 2);
}

#[test]
fn outstanding_requests_are_bounded_by_their_distance() {
    let mut exchange = Exchange::idle(0, 9);
    for seq in 0..Exchange::MAX as u32 {
        assert_eq!(exchange.also(&mut request()), Some(seq));
    }
    let mut one_more = request();
    assert_eq!(exchange.also(&mut one_more), None);
    assert_eq!(one_more, request(), "left as it was");
    let ack = |seq| message(Header::ERROR, seq, 9, NlmFlags(0));
    assert_eq!(ends(&mut exchange, &ack(63)), Some(63));
    assert_eq!(exchange.also(&mut one_more), None, "the oldest is open");
    assert_eq!(ends(&mut exchange, &ack(0)), Some(0));
    assert_eq!(exchange.also(&mut one_more), Some(64));
}

#[test]
fn notifications_are_no_replies_unless_an_echo_was_asked_for() {
    let plain = Exchange::start(&mut request(), 1, 9);
    assert!(plain.takes(0, 0));
    assert!(!plain.takes(0, 1), "a group");
    assert!(!plain.takes(5, 0), "another process");
    let echo = Exchange::start(&mut message(24, 0, 0, NlmFlags::ECHO), 1, 9);
    assert!(echo.takes(0, 1));
    assert!(!echo.takes(5, 1));
}
