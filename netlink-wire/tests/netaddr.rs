//! Addresses and prefixes as text.

use netlink_wire::{Addr, LlAddr, Prefix};

fn prefix(text: &str) -> Option<(String, u8)> {
    let prefix: Prefix<Addr<'_>> = text.parse().ok()?;
    Some((prefix.addr.to_string(), prefix.len))
}

#[test]
fn a_prefix_is_no_longer_than_its_address() {
    for (addr, bits) in [("192.0.2.1", 32), ("2001:db8::1", 128)] {
        let expected = |len| Some((addr.to_string(), len));
        assert_eq!(prefix(addr), expected(bits), "one host");
        for len in [0, 1, bits - 1, bits] {
            assert_eq!(prefix(&format!("{addr}/{len}")), expected(len));
        }
        for len in ["33", "129", "256", "-1", "", "24/24", "x"] {
            let is_v6 = bits == 128 && len == "33";
            assert_eq!(prefix(&format!("{addr}/{len}")).is_some(), is_v6, "{addr}/{len}");
        }
    }
    for text in ["", "/24", "192.0.2/24", "default"] {
        assert_eq!(prefix(text), None, "{text}");
    }
    let error = "x".parse::<Prefix<Addr<'_>>>().unwrap_err();
    assert_eq!(error.to_string(), "no IP address with a prefix length");
}

#[test]
fn addresses_that_are_no_ip_are_hex() {
    assert_eq!(LlAddr(&[0x02, 0, 0xfe]).to_string(), "02:00:fe");
    assert_eq!(LlAddr(&[]).to_string(), "");
    assert_eq!(Addr::new(&[7, 0xa0]).to_string(), "07:a0");
    assert_eq!(Addr::new(&[192, 0, 2, 1]).to_string(), "192.0.2.1");
    let prefix = Prefix { addr: Addr::new(&[7]), len: 8 };
    assert_eq!(prefix.to_string(), "07/8");
}
