//! Acknowledgements, refusals and ends of dumps.

use netlink_wire::{
    Ack, AckAttr, Error, ErrorKind, Header, Message, Messages, NlMsgErr, NlmFlags, Whole, Writer,
};

const REQUEST: Header =
    Header { len: 21, kind: 24, flags: NlmFlags::REQUEST, seq: 0x0102_0304, portid: 0x0506_0708 };

fn only(bytes: &[u8]) -> Message<'_> {
    Messages::new(bytes).next().unwrap().unwrap()
}

/// An `NLMSG_ERROR` that repeats what `after` is, and then says that byte 36 is at fault.
fn error(flags: NlmFlags, error: i32, after: &[u8]) -> Vec<u8> {
    let mut buf = [0; 128];
    let body = NlMsgErr { error, request: REQUEST };
    let mut writer = Writer::<AckAttr<'static>, Whole>::new(&mut buf, Header::ERROR, flags, &body);
    let mut bytes = writer.finish().unwrap().to_vec();
    bytes.extend(after);
    let mut buf = [0; 64];
    bytes.extend_from_slice(
        Writer::<AckAttr<'static>>::attrs(&mut buf, |w| {
            w.push(AckAttr::Offs(36));
        })
        .unwrap(),
    );
    let len = bytes.len() as u32;
    bytes[..4].copy_from_slice(&len.to_ne_bytes());
    bytes
}

/// What an acknowledgement says of the byte at fault, and where in the message it says so.
fn offs(ack: &Ack<'_>) -> Option<(u32, u32)> {
    let at = ack.attrs.raw().next()?.unwrap().offset();
    Some((ack.attrs.get(AckAttr::Offs).unwrap()?, at))
}

#[test]
fn an_end_without_an_errno_is_no_end() {
    for (kind, len) in [Header::ERROR, Header::DONE].into_iter().flat_map(|k| [(k, 1), (k, 3)]) {
        let message = Message { header: Header { kind, ..REQUEST }, payload: &[0; 3][..len] };
        let truncated = Error { context: "nlmsgerr", offset: 16, kind: ErrorKind::Truncated };
        assert_eq!(Ack::parse(message), Err(truncated), "{kind} {len}");
    }
    let empty = |kind| Message { header: Header { kind, ..REQUEST }, payload: &[] };
    assert!(Ack::parse(empty(Header::ERROR)).is_err());
    let done = Ack::parse(empty(Header::DONE)).unwrap();
    assert_eq!((done.error, done.errno(), done.request), (0, None, None), "success");
}

#[test]
fn attributes_start_where_the_request_ends() {
    let (tlvs, capped) = (NlmFlags::ACK_TLVS, NlmFlags::ACK_TLVS | NlmFlags::CAPPED);
    // It is padded to a multiple of 4.
    let payload = [1, 2, 3, 4, 5, 0, 0, 0];
    for (flags, errno, payload) in [
        (tlvs, -22, &payload[..]),
        (capped, -22, &[]),
        // A success never repeats the payload.
        (tlvs, 0, &[]),
        (capped, 0, &[]),
    ] {
        let bytes = error(flags, errno, payload);
        let ack = Ack::parse(only(&bytes)).unwrap();
        assert_eq!((ack.error, ack.request), (errno, Some(REQUEST)));
        assert_eq!(ack.request_payload, payload);
        assert_eq!(offs(&ack), Some((36, 36 + payload.len() as u32)), "{flags} {errno}");
    }
    let bytes = error(NlmFlags(0), -22, &payload);
    let ack = Ack::parse(only(&bytes)).unwrap();
    assert_eq!((ack.request_payload, offs(&ack)), (&payload[..], None), "none are announced");
}

#[test]
fn an_end_of_a_dump_has_no_request_in_it() {
    let mut buf = [0xff; 64];
    let text = "longer than a header";
    let bytes = Ack::done(&mut buf, &REQUEST, 4).push(AckAttr::Msg(text.into())).finish().unwrap();
    let message = only(bytes);
    let header = Header { len: 48, kind: Header::DONE, flags: NlmFlags::MULTI, ..REQUEST };
    assert_eq!(message.header, header);
    let ack = Ack::parse(message).unwrap();
    assert_eq!((ack.error, ack.errno(), ack.request), (-4, Some(4), None));
    assert_eq!(ack.request_payload, []);
    assert_eq!(ack.attrs.raw().next().unwrap().unwrap().offset(), 20);
    assert_eq!(ack.attrs.get(AckAttr::Msg).unwrap().unwrap(), text);
}

#[test]
fn an_answer_belongs_to_its_request() {
    let mut buf = [0xff; 64];
    let bytes = Ack::answer(&mut buf, &REQUEST, 95).finish().unwrap();
    let flags = NlmFlags::CAPPED | NlmFlags::ACK_TLVS;
    assert_eq!(only(bytes).header, Header { len: 36, kind: Header::ERROR, flags, ..REQUEST });
    let ack = Ack::parse(only(bytes)).unwrap();
    assert_eq!((ack.error, ack.errno(), ack.request), (-95, Some(95), Some(REQUEST)));
}

/// Some dumps end with the number of their entries.
#[test]
fn a_positive_number_is_no_refusal() {
    for error in [0, 1, i32::MAX] {
        let body = error.to_ne_bytes();
        let message = Message { header: Header { kind: Header::DONE, ..REQUEST }, payload: &body };
        let ack = Ack::parse(message).unwrap();
        assert_eq!((ack.error, ack.errno()), (error, None));
    }
}
