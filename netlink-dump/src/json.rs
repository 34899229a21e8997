//! How JSON is laid out: as iproute2 does, compact or for people.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// On one line without blanks, or indented by four.
#[derive(Debug)]
pub(crate) struct Layout {
    pretty: bool,
    depth: usize,
    /// Whether the array or object that is open has anything in it.
    has_value: bool,
}

impl Layout {
    pub(crate) fn new(pretty: bool) -> Self {
        Self { pretty, depth: 0, has_value: false }
    }

    fn new_line<W: ?Sized + Write>(&self, to: &mut W) -> io::Result<()> {
        to.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| to.write_all(b"    "))
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        to.write_all(if self.pretty { b"[ " } else { b"[" })
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        to.write_all(if self.pretty && self.has_value { b" ]" } else { b"]" })?;
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        to.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.pretty && self.has_value {
            self.new_line(to)?;
        }
        self.has_value = true;
        to.write_all(b"}")
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if !first {
            to.write_all(b",")?;
        }
        if self.pretty { self.new_line(to) } else { Ok(()) }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(if self.pretty { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}
