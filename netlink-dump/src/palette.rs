//! Colors, in the escape sequences of `ip`.

use std::{
    env,
    io::{IsTerminal, stdout},
};

use crate::args::{Color, Family};

/// What is colored.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Link,
    LlAddr,
    Inet,
    Inet6,
    Up,
    Down,
}

impl Kind {
    /// That of an address; other families have none.
    pub(crate) fn of_address(family: Family) -> Option<Self> {
        match family {
            Family::INET => Some(Self::Inet),
            Family::INET6 => Some(Self::Inet6),
            _ => None,
        }
    }

    /// That of an `operstate`.
    pub(crate) fn of_state(state: &str) -> Option<Self> {
        match state {
            "UP" => Some(Self::Up),
            "DOWN" => Some(Self::Down),
            _ => None,
        }
    }
}

/// The colors that suit the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Palette {
    /// None.
    #[default]
    Plain,
    Dark,
    Light,
}

impl Palette {
    /// Colors as they are wanted, for the background that `COLORFGBG` tells of.
    /// Where a terminal decides, `NO_COLOR` has a say as well.
    pub(crate) fn new(color: Color) -> Self {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        match color {
            Color::Never => Self::Plain,
            Color::Auto if !stdout().is_terminal() || is_set("NO_COLOR") => Self::Plain,
            _ => Self::on(env::var("COLORFGBG").as_deref().ok()),
        }
    }

    /// The last number is the color of the background, as terminals count them.
    fn on(fgbg: Option<&str>) -> Self {
        match fgbg.and_then(|colors| colors.rsplit_once(';')) {
            None | Some((_, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "8")) => Self::Dark,
            Some(_) => Self::Light,
        }
    }

    /// What starts the color, and what ends it.
    pub(crate) fn escapes(self, kind: Kind) -> [&'static str; 2] {
        let start = match (self, kind) {
            (Self::Plain, _) => return ["", ""],
            (Self::Dark, Kind::Link) => "\x1b[1;36m",
            (Self::Dark, Kind::LlAddr) => "\x1b[1;33m",
            (Self::Dark, Kind::Inet) => "\x1b[1;35m",
            (Self::Dark, Kind::Inet6) => "\x1b[1;94m",
            (Self::Dark, Kind::Up) => "\x1b[1;32m",
            (Self::Dark, Kind::Down) => "\x1b[1;31m",
            (Self::Light, Kind::Link) => "\x1b[36m",
            (Self::Light, Kind::LlAddr) => "\x1b[33m",
            (Self::Light, Kind::Inet) => "\x1b[35m",
            (Self::Light, Kind::Inet6) => "\x1b[34m",
            (Self::Light, Kind::Up) => "\x1b[32m",
            (Self::Light, Kind::Down) => "\x1b[31m",
        };
        [start, "\x1b[0m"]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_decides() {
        assert_eq!(Palette::on(None), Palette::Dark);
        assert_eq!(Palette::on(Some("15;0")), Palette::Dark);
        assert_eq!(Palette::on(Some("0;default;8")), Palette::Dark);
        assert_eq!(Palette::on(Some("0;7")), Palette::Light);
        assert_eq!(Palette::on(Some("0;15")), Palette::Light);
    }
}
