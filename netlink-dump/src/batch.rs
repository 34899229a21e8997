//! Command lines from a file, one after the other.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    os::unix::ffi::OsStringExt,
    path::Path,
};

use netlink_sys::Errno;

use crate::failure::{Failure, complain};

/// Runs each line of a file. The first that fails ends it, unless all are to be tried.
pub(crate) fn run(
    path: &Path,
    force: bool,
    mut run: impl FnMut(Vec<OsString>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let name = path.display();
    let cannot = |error: io::Error| {
        let why = Errno(error.raw_os_error().unwrap_or_default()).desc();
        let message = format_args!("Cannot open file \"{name}\" for reading: {why}").to_string();
        Failure::new(Failure::MISSING, message)
    };
    let file: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(path).map_err(cannot)?),
    };
    let mut lines = Lines { file: BufReader::new(file), number: 0 };
    let mut failed = false;
    while let Some(words) = lines.next()? {
        if words.is_empty() {
            continue;
        }
        match run(words) {
            Ok(()) => {}
            // Nobody reads along any more; or the words make no sense, which `ip` does not get over.
            Err(failure) if matches!(failure.code, 0 | Failure::USAGE) => return Err(failure),
            Err(failure) => {
                failure.tell();
                complain(format_args!("Command failed {name}:{}", lines.number));
                failed = true;
                if !force {
                    break;
                }
            }
        }
    }
    if failed { Err(Failure::new(Failure::MISSING, "")) } else { Ok(()) }
}

/// The lines of a file, cut up into words.
struct Lines {
    file: BufReader<Box<dyn Read>>,
    number: usize,
}

impl Lines {
    /// The words of the next line, and of those that it goes on in.
    fn next(&mut self) -> Result<Option<Vec<OsString>>, Failure> {
        let Some(mut line) = self.line()? else { return Ok(None) };
        while let Some(start) = line.strip_suffix(b"\\\n") {
            line.truncate(start.len());
            match self.line()? {
                Some(more) => line.extend(more),
                None => {
                    complain("Missing continuation line");
                    return Ok(None);
                }
            }
        }
        words(&line).map(Some)
    }

    /// A line without its comment.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut line = Vec::new();
        if self.file.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let comment = line.iter().position(|&byte| byte == b'#');
        line.truncate(comment.unwrap_or(line.len()));
        Ok(Some(line))
    }
}

/// The words of a line. One that starts with a quote goes up to the next.
fn words(mut line: &[u8]) -> Result<Vec<OsString>, Failure> {
    let is_blank = |byte: &u8| b" \t\r\n".contains(byte);
    let mut words = Vec::new();
    loop {
        let start = line.iter().position(|byte| !is_blank(byte)).unwrap_or(line.len());
        let (word, rest) = match &line[start..] {
            [] => return Ok(words),
            [quote @ (b'\'' | b'"'), quoted @ ..] => {
                let end = quoted.iter().position(|byte| byte == quote);
                let end = end
                    .ok_or_else(|| Failure::new(Failure::MISSING, "Unterminated quoted string"))?;
                (&quoted[..end], &quoted[end + 1..])
            }
            line => line.split_at(line.iter().position(is_blank).unwrap_or(line.len())),
        };
        words.push(OsString::from_vec(word.to_vec()));
        line = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_be_quoted() {
        let words = |line: &str| words(line.as_bytes()).unwrap();
        assert_eq!(
            words(" link\tshow 'a b'\"c\" d'e f\n"),
            ["link", "show", "a b", "c", "d'e", "f"]
        );
        assert_eq!(words(" \n"), [""; 0]);
        assert!(super::words(b"link show 'lo").is_err());
    }

    #[test]
    fn lines_may_go_on() {
        let file: Box<dyn Read> = Box::new(&b"rule \\\nlist # all\n\n#\nlink"[..]);
        let mut lines = Lines { file: BufReader::new(file), number: 0 };
        let mut next =
            || lines.next().unwrap().map(|words| words.join(OsString::from(" ").as_os_str()));
        let found: Vec<_> = std::iter::from_fn(&mut next).collect();
        assert_eq!(found, ["rule list", "", "", "link"]);
        assert_eq!(lines.number, 5);
    }
}
