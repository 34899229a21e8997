//! What calls are made of: steps, which never wait. Who makes a call takes steps
//! until the last, and waits between them in a way of its own. All that must not
//! be forgotten meanwhile lies in the socket, and in the state that the steps are
//! of: a call that is given up can be made again.

use std::time::Instant;

/// What a step came to.
#[must_use]
#[derive(Debug)]
pub(crate) enum Progress<T> {
    /// The call is over.
    Done(T),
    /// There is more to do, after a pause.
    Paused(Pause),
}

/// What a step leaves to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// Nothing: it is time to look at the clock, and to let others run.
    Moment,
    /// Until the socket is readable, or until this time.
    Readable(Option<Instant>),
    /// Until this time.
    Until(Instant),
}

impl<T> Progress<T> {
    pub(crate) const MOMENT: Self = Self::Paused(Pause::Moment);
    pub(crate) const READABLE: Self = Self::Paused(Pause::Readable(None));
}

/// What a step is done with. As long as it is not, the function returns.
macro_rules! done {
    ($step:expr) => {
        match $step? {
            $crate::progress::Progress::Done(done) => done,
            $crate::progress::Progress::Paused(pause) => {
                return Ok($crate::progress::Progress::Paused(pause));
            }
        }
    };
}

pub(crate) use done;
