//! A function that asks the kernel, and its unit tests without one: `cargo run --example fake_kernel`.

use netlink_sys::{Protocol, Result, Socket, table::Links};
use netlink_wire::link::LinkAttr;

fn main() -> Result<()> {
    println!("{:?}", smallest_mtu(&mut Socket::open(Protocol::ROUTE)?)?);
    Ok(())
}

/// The smallest MTU of all links, in bytes. A list that is not whole is an error.
pub(crate) fn smallest_mtu(socket: &mut Socket) -> Result<Option<u32>> {
    let mut links = socket.dump(Links::default())?;
    let mut smallest = None;
    while let Some(link) = links.recv()? {
        let mtu = link.get(LinkAttr::Mtu)?;
        smallest = smallest.into_iter().chain(mtu).min();
    }
    Ok(smallest)
}

#[cfg(test)]
mod tests {
    use netlink_sys::{
        Errno, Error,
        fake::{FakeKernel, Fault},
    };
    use netlink_wire::{
        NlmFlags, Rtm,
        link::{IfInfoMsg, Link},
    };

    use super::*;

    /// A kernel whose links have these MTUs.
    fn kernel(mtus: &'static [u32]) -> FakeKernel {
        FakeKernel::new(move |request, answer| {
            assert_eq!(request.header.kind, Rtm::GETLINK.0);
            for mtu in mtus {
                let mut buf = [0; 64];
                let header = IfInfoMsg::default();
                let mut link = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::default(), &header);
                answer.reply(link.push(LinkAttr::Mtu(*mtu)).finish().unwrap());
            }
        })
    }

    fn ask(kernel: &FakeKernel) -> Result<Option<u32>> {
        smallest_mtu(&mut Socket::builder(Protocol::ROUTE).on(kernel).open()?)
    }

    #[test]
    fn finds_the_smallest() {
        assert_eq!(ask(&kernel(&[65_536, 1_500, 9_000])), Ok(Some(1_500)));
        assert_eq!(ask(&kernel(&[])), Ok(None));
    }

    #[test]
    fn a_list_with_holes_is_an_error() {
        let kernel = kernel(&[1_500]);
        kernel.inject(Fault::Interrupt(0));
        assert_eq!(ask(&kernel), Err(Error::Interrupted));
        kernel.inject(Fault::Done(Errno::ENOMEM));
        assert_eq!(ask(&kernel).unwrap_err().errno(), Some(Errno::ENOMEM));
    }
}
