//! Builds the loops in C that the parser is measured against.

fn main() {
    println!("cargo:rerun-if-changed=loops.c");
    println!("cargo:rustc-check-cfg=cfg(c_loops)");
    match cc::Build::new().file("loops.c").opt_level(3).warnings(true).try_compile("loops") {
        Ok(()) => println!("cargo:rustc-cfg=c_loops"),
        Err(error) => println!("cargo:warning=no comparison with C: {error}"),
    }
}
