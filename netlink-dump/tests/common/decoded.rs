//! What must hold of any file that is decoded: JSON is valid, text tells as many datagrams, and every
//! part of a message lies inside of it.

use serde_json::Value;

/// Decodes a file as text and as JSON.
pub(crate) fn check(file: &[u8]) {
    let text = netlink_dump::decode(file, false);
    let json = netlink_dump::decode(file, true);
    let datagrams: Vec<Value> = serde_json::from_slice(&json).expect("it is valid");
    let starts = |line: &&[u8]| line.starts_with(b"datagram ");
    assert_eq!(text.split(|byte| *byte == b'\n').filter(starts).count(), datagrams.len());
    for datagram in &datagrams {
        let bytes = number(&datagram["bytes"]);
        for message in items(&datagram["messages"]) {
            let start = number(&message["offset"]);
            within(items(&message["parts"]), 0, bytes - start, &message["type"]);
        }
    }
}

/// Parts follow each other, between the two places.
fn within(parts: &[Value], start: u64, end: u64, of: &Value) {
    let mut at = start;
    for part in parts {
        let (offset, len) = (number(&part["offset"]), number(&part["length"]));
        assert!(at <= offset && offset + len <= end, "{part} of {of} is not in {at}..{end}");
        within(items(&part["parts"]), offset, offset + len, &part["name"]);
        at = offset + len;
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
