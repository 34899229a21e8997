//! Patterns of names, as a shell has them.

/// Whether the name matches: `*` is any bytes, `?` one, `[a-z]` one of these, `[!a-z]` one of the
/// others; what follows `\` means itself.
///
/// It takes time in proportion to the product of both lengths at most.
pub(super) fn matches(mut pattern: &[u8], mut name: &[u8]) -> bool {
    // Where to go on when what follows the last star does not match: the star takes a byte more.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        if let [b'*', rest @ ..] = pattern {
            pattern = rest;
            retry = Some((rest, name));
            continue;
        }
        match name {
            [] if pattern.is_empty() => return true,
            [byte, after @ ..] => {
                if let Some(rest) = one(pattern, *byte) {
                    (pattern, name) = (rest, after);
                    continue;
                }
            }
            [] => {}
        }
        match retry {
            Some((rest, [_, after @ ..])) => {
                (pattern, name) = (rest, after);
                retry = Some((rest, after));
            }
            _ => return false,
        }
    }
}

/// The pattern after what matches this byte, if it does.
fn one(pattern: &[u8], byte: u8) -> Option<&[u8]> {
    match pattern {
        [b'?', rest @ ..] => Some(rest),
        [b'[', set @ ..] => match in_set(set, byte) {
            Some((true, rest)) => Some(rest),
            Some((false, _)) => None,
            // Without an end it is no set.
            None => (byte == b'[').then_some(set),
        },
        [b'\\', escaped, rest @ ..] | [escaped, rest @ ..] => (byte == *escaped).then_some(rest),
        [] => None,
    }
}

/// Whether the byte is in the set that starts `set`, and what follows the set.
fn in_set(set: &[u8], byte: u8) -> Option<(bool, &[u8])> {
    let (others, mut set) = match set {
        [b'!' | b'^', set @ ..] => (true, set),
        set => (false, set),
    };
    let (mut found, mut first) = (false, true);
    loop {
        let (low, high, rest) = match *set {
            [b']', ref rest @ ..] if !first => return Some((found != others, rest)),
            [low, b'-', high, ref rest @ ..] if high != b']' => (low, high, rest),
            [b'\\', one, ref rest @ ..] | [one, ref rest @ ..] => (one, one, rest),
            [] => return None,
        };
        found |= (low..=high).contains(&byte);
        (set, first) = (rest, false);
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn as_in_a_shell() {
        for (pattern, name) in [
            ("", ""),
            ("eth0", "eth0"),
            ("*", ""),
            ("eth*", "eth0:1"),
            ("*:*", "eth0:1"),
            ("*0*1", "eth0:0:1"),
            ("eth?", "eth7"),
            ("eth[0-3]", "eth2"),
            ("eth[!0-3]", "eth4"),
            ("eth[]x]", "eth]"),
            ("eth[0", "eth[0"),
            (r"eth\*", "eth*"),
            (r"[\]]", "]"),
        ] {
            assert!(matches(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("eth", "eth0"),
            ("eth0", "eth"),
            ("*:*", "eth0"),
            ("eth?", "eth"),
            ("eth[0-3]", "eth4"),
            ("eth[!0-3]", "eth2"),
            (r"eth\*", "eth0"),
            ("*0*1", "eth0:2"),
        ] {
            assert!(!matches(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
    }
}
