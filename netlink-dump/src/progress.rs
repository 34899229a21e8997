//! How far a long table is: a line on standard error, where people read along.

use std::{
    io::{IsTerminal, stderr, stdout},
    time::{Duration, Instant},
};

/// What takes no longer needs no line.
const SHORT: Duration = Duration::from_secs(1);
/// Between two lines.
const PAUSE: Duration = Duration::from_millis(200);

/// Counts rows.
#[derive(Debug)]
pub(crate) struct Progress {
    start: Instant,
    next: Instant,
    rows: u64,
}

impl Progress {
    /// Nothing where one of both outputs is no terminal.
    pub(crate) fn on_terminal() -> Option<Self> {
        (stdout().is_terminal() && stderr().is_terminal()).then(|| Self::since(Instant::now()))
    }

    fn since(start: Instant) -> Self {
        Self { start, next: start + SHORT, rows: 0 }
    }

    /// One more row was read: the line, if it is time for one.
    pub(crate) fn row(&mut self) -> Option<String> {
        self.row_at(Instant::now())
    }

    fn row_at(&mut self, now: Instant) -> Option<String> {
        self.rows += 1;
        if now < self.next {
            return None;
        }
        self.next = now + PAUSE;
        let rate = self.rows as f64 / (now - self.start).as_secs_f64();
        Some(format!("{} rows, {rate:.0} rows/s", self.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_after_a_second_and_then_seldom() {
        let start = Instant::now();
        let mut progress = Progress::since(start);
        let mut at = |millis| progress.row_at(start + Duration::from_millis(millis));
        assert_eq!([at(0), at(500), at(999)], [None, None, None]);
        assert_eq!(at(1000).as_deref(), Some("4 rows, 4 rows/s"));
        assert_eq!(at(1199), None);
        assert_eq!(at(2000).as_deref(), Some("6 rows, 3 rows/s"));
    }
}
