//! The core of the mirror beside a model of the kernel: scripts of changes, dumps
//! and faults that look random. The fuzz target runs the same ones.

#[path = "common/model.rs"]
mod model;

#[test]
fn any_script() {
    let scripts = std::env::var("MIRROR_SCRIPTS").map_or(8_000, |count| count.parse().unwrap());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for number in 0..scripts {
        let mut byte = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        let script: Vec<u8> = (0..number % 400).map(|_| byte()).collect();
        let run = std::panic::catch_unwind(|| model::run(&script));
        if let Err(panic) = run {
            eprintln!("script {number}: {script:?}");
            std::panic::resume_unwind(panic);
        }
    }
}
