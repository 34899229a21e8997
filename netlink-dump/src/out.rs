//! Rows, written once for text and JSON.
//!
//! Like iproute2's printers, one call says both: what stands before and after
//! the value in text, and its key in JSON.
//!
//! ```ignore
//! out.num("mtu", ["mtu ", " "], 1500);   // text: "mtu 1500 "   JSON: "mtu":1500
//! ```

use std::io::{self, Write};

use serde_json::ser::Formatter as _;

use crate::{
    json::Layout,
    palette::{Kind, Palette},
    text::{Bytes, Text},
};

/// Collects rows, and hands them on in large pieces.
pub(crate) struct Out {
    /// Where the pieces go; without it, all rows stay collected.
    to: Option<Box<dyn Write + Send>>,
    buf: Vec<u8>,
    json: Option<Layout>,
    /// For each array or object that is open, whether it is still empty.
    empty: Vec<bool>,
    /// What ends a line of text.
    new_line: &'static str,
    palette: Palette,
    /// The line on standard error below the rows.
    progress: Option<String>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Format {
    pub(crate) json: bool,
    /// JSON for people.
    pub(crate) pretty: bool,
    /// Text with one line a row.
    pub(crate) oneline: bool,
    /// Colors of text.
    pub(crate) palette: Palette,
}

impl Out {
    /// Rows are written when they come to so many bytes.
    const PIECE: usize = 1 << 16;

    pub(crate) fn new(to: impl Write + Send + 'static, format: Format) -> Self {
        Self { to: Some(Box::new(to)), ..Self::in_memory(format) }
    }

    /// Collects rows for [`Out::into_bytes`].
    pub(crate) fn in_memory(format: Format) -> Self {
        Self {
            to: None,
            buf: Vec::with_capacity(Self::PIECE + 4096),
            json: format.json.then(|| Layout::new(format.pretty)),
            empty: Vec::new(),
            new_line: if format.oneline { "\\" } else { "\n" },
            palette: format.palette,
            progress: None,
        }
    }

    /// What is collected.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.buf
    }

    /// Writes JSON, whatever the options were.
    pub(crate) fn turn_to_json(&mut self) {
        self.json.get_or_insert_with(|| Layout::new(false));
    }

    /// Whether JSON is written.
    pub(crate) fn is_json(&self) -> bool {
        self.json.is_some()
    }

    /// Starts the table: JSON has it as an array.
    pub(crate) fn begin(&mut self) {
        self.open_array();
    }

    /// Ends the table, and writes what is left.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.close_array();
        if self.is_json() {
            self.buf.push(b'\n');
        }
        self.wipe_progress();
        self.progress = None;
        self.flush()
    }

    /// Tells on standard error, below the rows so far, how far the table is.
    pub(crate) fn progress(&mut self, line: String) -> io::Result<()> {
        self.wipe_progress();
        self.progress = None;
        self.flush()?;
        let _ = write!(io::stderr(), "{line}");
        self.progress = Some(line);
        Ok(())
    }

    fn wipe_progress(&self) {
        if self.progress.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    /// Writes text that is no table.
    pub(crate) fn page(&mut self, text: &str) -> io::Result<()> {
        self.buf.extend_from_slice(text.as_bytes());
        self.flush()
    }

    /// Writes one row: JSON has it as an object, text ends its line.
    pub(crate) fn row(&mut self, write: impl FnOnce(&mut Self)) -> io::Result<()> {
        self.item_object(write);
        self.text("\n");
        if self.buf.len() >= Self::PIECE { self.flush() } else { Ok(()) }
    }

    /// Writes a row that is in no table: JSON has a line of its own for each.
    pub(crate) fn line(&mut self, write: impl FnOnce(&mut Self)) -> io::Result<()> {
        self.item_object(write);
        self.buf.push(b'\n');
        if self.buf.len() >= Self::PIECE { self.flush() } else { Ok(()) }
    }

    /// Hands on what is collected.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.wipe_progress();
        let Some(to) = &mut self.to else { return Ok(()) };
        to.write_all(&self.buf)?;
        self.buf.clear();
        to.flush()?;
        if let Some(line) = &self.progress {
            let _ = write!(io::stderr(), "{line}");
        }
        Ok(())
    }

    // One value, in both.

    /// A number.
    #[inline(always)]
    pub(crate) fn num(&mut self, key: &str, text: [&str; 2], value: impl Text) {
        if self.is_json() {
            self.json_num(key, value);
        } else {
            self.plain(text, value);
        }
    }

    /// A word, an address, a name: quoted in JSON. Of bytes that are not UTF-8,
    /// JSON has the exact ones in hex beside them.
    #[inline(always)]
    pub(crate) fn word(&mut self, key: &str, text: [&str; 2], value: impl Text) {
        if self.is_json() {
            self.json_word(key, value);
        } else {
            self.plain(text, value);
        }
    }

    /// A mark that is there or not; JSON has it as null.
    pub(crate) fn mark(&mut self, key: &str, text: &str) {
        if self.is_json() {
            self.raw(key, "null");
        } else {
            self.text(text);
        }
    }

    /// A truth; text has the given words for it.
    pub(crate) fn truth(&mut self, key: &str, text: &str, value: bool) {
        if self.is_json() {
            self.raw(key, if value { "true" } else { "false" });
        } else {
            self.text(text);
        }
    }

    /// A word in a column of text that is at least so wide, and ends in a blank.
    pub(crate) fn column(&mut self, key: &str, width: usize, value: impl Text) {
        if self.is_json() {
            self.word(key, ["", ""], value);
        } else {
            self.text_column(width, value);
        }
    }

    /// The same, which only text has.
    pub(crate) fn text_column(&mut self, width: usize, value: impl Text) {
        if self.is_json() {
            return;
        }
        let start = self.buf.len();
        value.append(&mut self.buf);
        // As in C, bytes count.
        let end = (start + width).max(self.buf.len());
        self.buf.resize(end, b' ');
        self.buf.push(b' ');
    }

    /// Colors what is written, if text is colored.
    #[inline]
    pub(crate) fn paint(&mut self, kind: impl Into<Option<Kind>>, write: impl FnOnce(&mut Self)) {
        let kind = kind.into().filter(|_| self.palette != Palette::Plain);
        let Some(kind) = kind else { return write(self) };
        let [start, end] = self.palette.escapes(kind);
        self.text(start);
        write(self);
        self.text(end);
    }

    // One of the two alone.

    /// Text that JSON does without.
    #[inline(always)]
    pub(crate) fn text(&mut self, text: &str) {
        if !self.is_json() {
            self.buf.extend_from_slice(text.as_bytes());
        }
    }

    /// The end of a line inside of a row.
    pub(crate) fn new_line(&mut self) {
        self.text(self.new_line);
    }

    /// A value that only text has.
    pub(crate) fn text_value(&mut self, text: [&str; 2], value: impl Text) {
        if !self.is_json() {
            self.plain(text, value);
        }
    }

    /// A number that only JSON has.
    #[inline(never)]
    pub(crate) fn json_num(&mut self, key: &str, value: impl Text) {
        if self.is_json() {
            self.key(key);
            value.append(&mut self.buf);
            self.end_value();
        }
    }

    /// A word that only JSON has.
    #[inline(never)]
    pub(crate) fn json_word(&mut self, key: &str, value: impl Text) {
        if !self.is_json() {
            return;
        }
        self.key(key);
        let inexact = self.quote(value);
        self.end_value();
        if let Some(bytes) = inexact {
            self.key(&format!("{key}_hex"));
            self.quote(Bytes(&bytes));
            self.end_value();
        }
    }

    /// A truth that only JSON has.
    pub(crate) fn json_truth(&mut self, key: &str, value: bool) {
        if self.is_json() {
            self.truth(key, "", value);
        }
    }

    // Arrays and objects, in JSON alone: text goes on as it is.

    /// An array under a key.
    pub(crate) fn array(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        if self.is_json() {
            self.key(key);
            self.open_array();
        }
        write(self);
        if self.is_json() {
            self.close_array();
            self.end_value();
        }
    }

    /// An object under a key.
    pub(crate) fn object(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        if self.is_json() {
            self.key(key);
            self.open_object();
        }
        write(self);
        if self.is_json() {
            self.close_object();
            self.end_value();
        }
    }

    /// An item of an array: an object.
    pub(crate) fn item_object(&mut self, write: impl FnOnce(&mut Self)) {
        if self.is_json() {
            self.begin_item();
            self.open_object();
        }
        write(self);
        if self.is_json() {
            self.close_object();
            self.end_item();
        }
    }

    /// An item of an array: a word.
    pub(crate) fn item(&mut self, text: [&str; 2], value: impl Text) {
        if self.is_json() {
            self.begin_item();
            self.quote(value);
            self.end_item();
        } else {
            self.plain(text, value);
        }
    }

    /// An item of an array: a number.
    pub(crate) fn item_num(&mut self, text: [&str; 2], value: impl Text) {
        if self.is_json() {
            self.begin_item();
            value.append(&mut self.buf);
            self.end_item();
        } else {
            self.plain(text, value);
        }
    }

    /// An array of names that need not be UTF-8; text goes on as it is. If one
    /// is not, JSON has the exact bytes of all in hex beside them.
    pub(crate) fn json_names<'a>(
        &mut self,
        key: &str,
        names: impl Iterator<Item = &'a [u8]> + Clone,
    ) {
        if !self.is_json() {
            return;
        }
        self.array(key, |out| names.clone().for_each(|name| out.item([""; 2], name)));
        if names.clone().any(|name| std::str::from_utf8(name).is_err()) {
            self.array(&format!("{key}_hex"), |out| {
                names.for_each(|name| out.item([""; 2], Bytes(name)));
            });
        }
    }

    // The parts.

    #[inline(always)]
    fn plain(&mut self, [before, after]: [&str; 2], value: impl Text) {
        self.buf.extend_from_slice(before.as_bytes());
        value.append(&mut self.buf);
        self.buf.extend_from_slice(after.as_bytes());
    }

    fn raw(&mut self, key: &str, value: &str) {
        self.key(key);
        self.buf.extend_from_slice(value.as_bytes());
        self.end_value();
    }

    /// A JSON string. Gives back the bytes if they are not UTF-8.
    fn quote<T: Text>(&mut self, value: T) -> Option<Vec<u8>> {
        self.buf.push(b'"');
        let start = self.buf.len();
        value.append(&mut self.buf);
        let escape = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f | 0x7f..);
        let mut inexact = None;
        if T::ESCAPE && self.buf[start..].iter().any(escape) {
            let bytes = self.buf.split_off(start);
            self.buf.pop();
            let text = String::from_utf8_lossy(&bytes);
            let _ = serde_json::to_writer(&mut self.buf, &*text); // memory does not fail
            inexact = matches!(text, std::borrow::Cow::Owned(_)).then_some(bytes);
        } else {
            self.buf.push(b'"');
        }
        inexact
    }

    fn key(&mut self, key: &str) {
        let first = self.first();
        self.layout(|json, buf| {
            json.begin_object_key(buf, first)?;
            buf.push(b'"');
            key.append(buf);
            buf.push(b'"');
            json.end_object_key(buf)?;
            json.begin_object_value(buf)
        });
    }

    fn end_value(&mut self) {
        self.layout(|json, buf| json.end_object_value(buf));
    }

    fn begin_item(&mut self) {
        let first = self.first();
        self.layout(|json, buf| json.begin_array_value(buf, first));
    }

    fn end_item(&mut self) {
        self.layout(|json, buf| json.end_array_value(buf));
    }

    fn open_array(&mut self) {
        self.empty.push(true);
        self.layout(|json, buf| json.begin_array(buf));
    }

    fn close_array(&mut self) {
        self.empty.pop();
        self.layout(|json, buf| json.end_array(buf));
    }

    fn open_object(&mut self) {
        self.empty.push(true);
        self.layout(|json, buf| json.begin_object(buf));
    }

    fn close_object(&mut self) {
        self.empty.pop();
        self.layout(|json, buf| json.end_object(buf));
    }

    /// Whether what comes now is the first in what is open.
    fn first(&mut self) -> bool {
        self.empty.last_mut().is_none_or(|empty| std::mem::replace(empty, false))
    }

    fn layout(&mut self, write: impl FnOnce(&mut Layout, &mut Vec<u8>) -> io::Result<()>) {
        if let Some(json) = &mut self.json {
            let _ = write(json, &mut self.buf); // memory does not fail
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Read, os::unix::net::UnixStream};

    use super::*;

    fn written(format: Format, write: impl FnOnce(&mut Out)) -> String {
        let mut out = Out::in_memory(format);
        out.begin();
        write(&mut out);
        out.end().unwrap();
        String::from_utf8_lossy(&out.into_bytes()).into_owned()
    }

    const JSON: Format =
        Format { json: true, pretty: false, oneline: false, palette: Palette::Plain };

    fn link(out: &mut Out) {
        out.row(|out| {
            out.num("ifindex", ["", ": "], 1u32);
            out.word("ifname", ["", ": "], b"l\xff\x1b".as_slice());
            out.array("flags", |out| {
                out.text("<");
                out.item(["", ""], "UP");
                out.item([",", ""], "LOOPBACK");
                out.text("> ");
            });
            out.mark("not", "not ");
            out.array("none", |_| {});
        })
        .unwrap();
    }

    #[test]
    fn text_keeps_bytes() {
        let (to, mut from) = UnixStream::pair().unwrap();
        from.set_nonblocking(true).unwrap();
        let mut out = Out::new(to, Format::default());
        link(&mut out);
        let mut bytes = Vec::new();
        assert!(from.read_to_end(&mut bytes).is_err(), "rows are collected");
        out.flush().unwrap();
        drop(out);
        from.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"1: l\xff\x1b: <UP,LOOPBACK> not \n");
    }

    #[test]
    fn json_is_valid_for_any_bytes() {
        assert_eq!(
            written(JSON, link),
            concat!(
                r#"[{"ifindex":1,"ifname":"l�\u001b","ifname_hex":"6cff1b","#,
                r#""flags":["UP","LOOPBACK"],"not":null,"none":[]}]"#,
                "\n"
            )
        );
        assert_eq!(written(JSON, |_| {}), "[]\n");
    }

    #[test]
    fn json_for_people_is_laid_out_as_iproute2_does() {
        let format = Format { pretty: true, ..JSON };
        let text = written(format, |out| {
            for index in 1..3u32 {
                out.row(|out| {
                    out.num("ifindex", ["", ""], index);
                    out.array("flags", |out| out.item(["", ""], "UP"));
                    out.array("addr_info", |_| {});
                })
                .unwrap();
            }
        });
        let one = |index| {
            format!(
                "{{\n        \"ifindex\": {index},\n        \"flags\": [ \"UP\" ],\n        \
                 \"addr_info\": [ ]\n    }}"
            )
        };
        assert_eq!(text, format!("[ {},{} ]\n", one(1), one(2)));
        assert_eq!(written(format, |_| {}), "[ ]\n");
    }
}
