//! A family of one's own, declared from outside the crate.

#![allow(missing_docs)]

use netlink_wire::{
    Attribute, Attrs, Body, Header, Messages, Multi, NlmFlags, Str, Struct, Sub, attributes,
    constants, flags, select, wire_struct,
};

wire_struct! {
    pub struct MadeUpMsg in "madeupmsg" {
        pub family: u8,
        pub color: Color,
        pub marks: Marks,
    }
}

constants! {
    pub struct Color(u8) in "COLOR_" {
        RED = 1, "red";
    }
}

flags! {
    pub struct Marks(u16) in "MARK_" {
        NEW = 1, "new";
    }
}

attributes! {
    pub enum MadeUpAttr<'a> in "made-up-attrs" {
        MU_KIND = 1 => Kind(Str<'a>),
        MU_DATA = 2 => Data(Sub<'a, MadeUpData<'a>>),
        MU_SELF = 3 => Own(Attrs<'a, MadeUpAttr<'a>>),
        MU_PORTS = 4 => Port(Multi<u16>),
        MU_INFO = 5 => Info(Struct<'a, MadeUpMsg>),
    }
}

select! {
    pub enum MadeUpData<'a> in "made-up-data" is MadeUpAttr::Data by Kind(Str<'a>) {
        "number" => Number(u32),
        "self" => Own(Attrs<'a, MadeUpAttr<'a>>),
    }
}

type MadeUp<'a> = Body<'a, MadeUpMsg, MadeUpAttr<'a>>;

#[test]
fn declares_a_family() {
    let header = MadeUpMsg { family: 1, color: Color::RED, marks: Marks::NEW };
    let mut buf = [0; 128];
    let bytes = MadeUp::writer(&mut buf, 40u16, NlmFlags(0), &header)
        .select(MadeUpData::Number(7))
        .push(MadeUpAttr::Port(Multi(1)))
        .push(MadeUpAttr::Port(Multi(2)))
        .finish()
        .unwrap();
    assert_eq!(bytes.len() % 4, 0);
    let message = Messages::new(bytes).next().unwrap().unwrap();
    assert_eq!(message.header.len as usize, size_of::<Header>() + message.payload.len());
    let made_up = MadeUp::parse(message).unwrap();
    assert_eq!(made_up.header, header);
    assert_eq!(MadeUpData::of(made_up.attrs), Ok(Some(MadeUpData::Number(7))));
    let ports: Result<Vec<u16>, _> = made_up.attrs.all(MadeUpAttr::Port).collect();
    assert_eq!(ports, Ok(vec![1, 2]));
}

#[test]
fn tells_the_schema() {
    const SCHEMA: &netlink_wire::schema::Schema = MadeUpAttr::SCHEMA;
    let lines: Vec<String> = SCHEMA
        .attrs
        .iter()
        .map(|attr| format!("{} {} {}", attr.code, attr.name, attr.ty))
        .collect();
    assert_eq!(
        lines,
        [
            "1 MU_KIND string",
            "2 MU_DATA select:made-up-data",
            "3 MU_SELF nest:made-up-attrs",
            "4 MU_PORTS multi:u16",
            "5 MU_INFO struct:madeupmsg",
        ]
    );
}
