//! Which replies belong to which of several requests.

use netlink_wire::{Error, ErrorKind, Exchange, Header, Message, NlmFlags, Step, Whole, Writer};

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
    for seq in 0..Exchange::MAX as u32 {
        assert_eq!(exchange.also(&mut request()), Some(3 + seq), "there is room again");
    }
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

const REPLY: u16 = 24;

/// What there is to do, given one datagram, until another one is wanted.
fn steps(exchange: &mut Exchange, datagram: &[u8]) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        steps.push(exchange.step(datagram).unwrap());
        if let Some(Step::Receive | Step::End) = steps.last() {
            return steps;
        }
    }
}

#[test]
fn a_dump_goes_on_until_it_is_done() {
    let mut exchange = Exchange::new(7, 9);
    assert_eq!((exchange.outstanding(), exchange.next_seq()), (1, 8));
    let reply = message(REPLY, 7, 9, NlmFlags::MULTI);
    let one = [reply.clone(), reply.clone()].concat();
    let header = Header::of(&reply).unwrap();
    let two = [Step::Reply(header, 16..20), Step::Reply(header, 36..40), Step::Receive];
    for _ in 0..2 {
        assert_eq!(steps(&mut exchange, &one), two);
        assert!(!exchange.is_over());
    }
    assert_eq!(two[1].message(&one), Some(Message { header, payload: &[0; 4] }));
    assert_eq!((two[1].message(&reply), two[2].message(&one)), (None, None));

    let done = message(Header::DONE, 7, 9, NlmFlags::MULTI);
    let header = Header::of(&done).unwrap();
    let last = [reply, done.clone(), done.clone()].concat();
    let ends = steps(&mut exchange, &last);
    assert_eq!(ends[1..], [Step::Close(header, 36..40), Step::End], "what comes after is not read");
    assert_eq!(ends[1].message(&last), Some(Message { header, payload: &[0; 4] }));
    assert_eq!(Step::End.message(&last), None);
    assert!(exchange.is_over());
    assert_eq!(exchange.outstanding(), 0);
    assert_eq!(exchange.strangers(), 0);
}

#[test]
fn replies_are_taken_one_by_one_and_anything_else_is_left_to_a_step() {
    let (multi, none) = (NlmFlags::MULTI | NlmFlags::DUMP_INTR, NlmFlags(0));
    let reply = message(REPLY, 7, 9, multi);
    let header = Header::of(&reply).unwrap();
    let mut exchange = Exchange::new(7, 9);
    assert_eq!(exchange.reply(&[]), None);
    assert_eq!(exchange.reply(&reply), Some((header, 16..20)));
    assert!(exchange.is_interrupted());
    assert_eq!(exchange.reply(&reply), None, "there was one");
    assert_eq!(exchange.step(&reply), Ok(Step::Receive));
    let broken = &reply[..19];
    let unlike = [
        message(REPLY, 8, 9, multi),
        message(REPLY, 7, 1, multi),
        message(Header::NOOP, 7, 9, none),
    ];
    for other in unlike {
        let datagram = [other, reply.clone()].concat();
        assert_eq!(exchange.reply(&datagram), None);
        assert_eq!(exchange.step(&datagram), Ok(Step::Reply(header, 36..40)));
        assert_eq!(exchange.step(&datagram), Ok(Step::Receive));
    }
    assert_eq!(exchange.strangers(), 2, "each is counted once");
    assert_eq!(exchange.reply(broken), None);
    assert!(exchange.step(broken).is_err());
    assert_eq!(exchange.step(broken), Ok(Step::Receive));
    // A type that the kernel keeps for itself, and does not use.
    assert!(exchange.reply(&message(0, 7, 9, none)).is_some());
    let done = message(Header::DONE, 7, 9, none);
    exchange.step(&[]).unwrap();
    assert_eq!(exchange.reply(&done), None);
    assert!(matches!(exchange.step(&done), Ok(Step::Close(..))));
    assert_eq!(exchange.reply(&reply), None, "it is over");
}

#[test]
fn sequence_numbers_start_again_after_the_largest() {
    let mut exchange = Exchange::new(u32::MAX, 9);
    let ack = message(Header::ERROR, u32::MAX, 9, NlmFlags(0));
    assert_eq!(ends(&mut exchange, &ack), Some(u32::MAX));
    assert!(exchange.is_over());
    assert_eq!(exchange.also(&mut request()), Some(0));
}

#[test]
fn nothing_is_awaited_before_there_is_a_request() {
    let mut exchange = Exchange::idle(7, 9);
    assert!(exchange.is_over());
    assert_eq!((exchange.outstanding(), exchange.next_seq(), exchange.strangers()), (0, 7, 0));
    assert_eq!(steps(&mut exchange, &message(REPLY, 7, 9, NlmFlags(0))), [Step::End]);
}

#[test]
fn a_stranger_is_no_reply_and_is_counted() {
    let mut exchange = Exchange::new(7, 0);
    exchange.set_port(9);
    let strangers =
        [(REPLY, 6, 9), (REPLY, 8, 9), (REPLY, 7 + 64, 9), (REPLY, 7, 8), (REPLY, 7, 0)];
    for (count, (kind, seq, portid)) in (1..).zip(strangers) {
        let datagram = message(kind, seq, portid, NlmFlags::DUMP_INTR | NlmFlags::DUMP_FILTERED);
        assert_eq!(steps(&mut exchange, &datagram), [Step::Receive], "{seq} {portid}");
        assert_eq!(exchange.strangers(), count);
    }
    assert!(!exchange.is_interrupted(), "that was another dump");
    assert!(!exchange.is_filtered());
    let mine = message(REPLY, 7, 9, NlmFlags(0));
    assert!(matches!(steps(&mut exchange, &mine)[..], [Step::Reply(..), Step::Receive]));
}

#[test]
fn a_message_without_meaning_is_passed_over() {
    let mut exchange = Exchange::new(7, 9);
    let noop = message(Header::NOOP, 7, 9, NlmFlags(0));
    assert_eq!(steps(&mut exchange, &noop), [Step::Receive]);
    assert_eq!(exchange.strangers(), 0);
}

#[test]
fn an_interruption_is_heard_in_any_message_and_stays() {
    for (kind, other) in [(REPLY, Header::DONE), (Header::DONE, REPLY)] {
        let mut exchange = Exchange::new(7, 9);
        exchange.also(&mut request());
        steps(&mut exchange, &message(kind, 7, 9, NlmFlags::DUMP_INTR));
        assert!(exchange.is_interrupted() && !exchange.is_filtered());
        steps(&mut exchange, &message(other, 8, 9, NlmFlags::DUMP_FILTERED));
        assert!(exchange.is_interrupted() && exchange.is_filtered());
    }
}

#[test]
fn lost_data_and_broken_lengths_end_a_datagram_and_not_the_exchange() {
    let reply = message(REPLY, 7, 9, NlmFlags(0));
    let overrun = message(Header::OVERRUN, 0, 0, NlmFlags(0));
    let cases = [
        (overrun, "NLMSG_OVERRUN", ErrorKind::Truncated),
        (reply[..19].to_vec(), "nlmsghdr", ErrorKind::Truncated),
        (reply[..15].to_vec(), "nlmsghdr", ErrorKind::Truncated),
        ([&15u32.to_ne_bytes()[..], &reply[4..]].concat(), "nlmsghdr", ErrorKind::Short(15)),
    ];
    for (bad, context, kind) in cases {
        let mut exchange = Exchange::new(7, 9);
        let datagram = [&reply[..], &bad].concat();
        assert!(matches!(exchange.step(&datagram), Ok(Step::Reply(..))));
        assert_eq!(exchange.step(&datagram), Err(Error { context, offset: 20, kind }));
        assert_eq!(exchange.step(&datagram), Ok(Step::Receive));
        assert!(!exchange.is_over());
        assert!(
            matches!(exchange.step(&reply), Ok(Step::Reply(_, payload)) if payload == (16..20))
        );
    }
}
