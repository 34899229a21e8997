//! The command; the library beside it is all of it.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    netlink_dump::main()
}
