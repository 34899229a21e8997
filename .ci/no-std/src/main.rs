//! Builds a request and reads it again, on Linux but without `std`, without an
//! allocator, without C: were anything of them used anywhere, it would not link.

#![no_std]
#![no_main]

use core::{
    arch::{asm, global_asm},
    panic::PanicInfo,
};

use netlink_wire::{
    Messages, NlmFlags, Rtm,
    rule::{FibRuleHdr, Rule, RuleAttr},
};

global_asm!(".globl _start", "_start:", "and rsp, -16", "call {}", "ud2", sym start);

/// Exits with 0 if what was written is what is read.
extern "C" fn start() -> ! {
    let status = if priority() == Some(0x0102_0304) { 0 } else { 1 };
    // SAFETY: `exit_group` touches no memory and does not return.
    unsafe { asm!("syscall", in("rax") 231, in("rdi") status, options(noreturn)) }
}

fn priority() -> Option<u32> {
    let mut buf = [0xff; 64];
    let request = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::CREATE, &FibRuleHdr::default())
        .push(RuleAttr::IifName("lo".into()))
        .push(RuleAttr::Priority(0x0102_0304))
        .finish()
        .ok()?;
    let message = Messages::new(request).next()?.ok()?;
    Rule::parse(message).ok()?.get(RuleAttr::Priority).ok()?
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// The precompiled `core` refers to it, though nothing here unwinds.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

// What the compiler calls for copies and comparisons; every C library has them.

#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    // SAFETY: the caller promises `len` bytes at both addresses.
    unsafe {
        asm!("rep movsb", inout("rcx") len => _, inout("rdi") to => _, inout("rsi") from => _)
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, len: usize) -> *mut u8 {
    // SAFETY: the caller promises `len` bytes at `to`.
    unsafe { asm!("rep stosb", inout("rcx") len => _, inout("rdi") to => _, in("al") byte as u8) }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, len: usize) -> i32 {
    for at in 0..len {
        // SAFETY: the caller promises `len` bytes at both addresses.
        let (a, b) = unsafe { (a.add(at).read_volatile(), b.add(at).read_volatile()) };
        if a != b {
            return i32::from(a) - i32::from(b);
        }
    }
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, len: usize) -> i32 {
    // SAFETY: the caller promises the same as for `memcmp`.
    unsafe { memcmp(a, b, len) }
}
