//! Nothing.

fn main() {
    println!("lo");
}
