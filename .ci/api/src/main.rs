//! Prints the public items of a crate, one a line, from rustdoc's JSON. What a
//! derive or a blanket implementation adds is left out.

use std::collections::HashSet;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let json = std::env::args().nth(1).ok_or("which file?")?;
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    // That a type has a trait is told; what the trait has then goes without saying.
    let of_trait = |item: &&public_api::PublicItem| {
        let text = item.to_string();
        text.starts_with("impl") && text.contains(" for ")
    };
    let impls: HashSet<_> = api.items().filter(of_trait).map(|item| item.id()).collect();
    for item in api.items() {
        if !item.parent_id().is_some_and(|parent| impls.contains(&parent)) {
            println!("{item}");
        }
    }
    Ok(())
}
