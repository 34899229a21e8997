//! What can be said to each object: told by `OBJECT help`, by the manual, and by completions.

use std::fmt;

/// How an object is used.
///
/// Words in capitals stand for values. `[]` is around what may be left out, and `|` between words
/// of which one is taken.
#[derive(Debug)]
pub(crate) struct Help {
    /// What it shows, in a few words.
    pub(crate) about: &'static str,
    /// Each way to call it, without the name of the program.
    pub(crate) usage: &'static [&'static str],
    /// Words after the command, with their values, and what they mean: `dev DEV`, `[to] PREFIX`.
    pub(crate) words: &'static [(&'static str, &'static str)],
    /// What else is to be known.
    pub(crate) notes: &'static str,
}

impl Help {
    /// The words that one can be, and those that its value can be.
    pub(crate) fn alternatives(syntax: &str) -> [Vec<&str>; 2] {
        let mut parts = syntax.split(' ').map(|part| part.split('|').map(bare).collect());
        [(); 2].map(|()| parts.next().unwrap_or_default())
    }
}

/// A word without the brackets around it.
fn bare(word: &str) -> &str {
    word.trim_matches(['[', ']'])
}

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "Usage:";
        for usage in self.usage {
            writeln!(f, "{before} netlink-dump {usage}")?;
            before = "      ";
        }
        for (syntax, meaning) in self.words {
            writeln!(f, "  {syntax:21} {meaning}")?;
        }
        f.write_str(self.notes)
    }
}

#[cfg(test)]
mod tests {
    use super::Help;

    #[test]
    fn words_and_their_values() {
        assert_eq!(Help::alternatives("novf"), [vec!["novf"], vec![]]);
        assert_eq!(Help::alternatives("[to] PREFIX"), [vec!["to"], vec!["PREFIX"]]);
        assert_eq!(
            Help::alternatives("dev|oif DEV|none"),
            [vec!["dev", "oif"], vec!["DEV", "none"]]
        );
    }
}
