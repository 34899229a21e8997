//! Scenarios: commands that make a kernel speak.
//!
//! One command a line; `#` starts a comment. A leading `-` keeps what a command
//! causes out of the capture. The line `# modules: a b` names modules to load.

/// The commands of a scenario.
pub(crate) fn commands(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The modules that it needs.
pub(crate) fn modules(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.strip_prefix("# modules: ")).flat_map(str::split_whitespace)
}
