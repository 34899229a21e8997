//! Watching what a socket sends and receives.

use std::{
    os::fd::BorrowedFd,
    sync::{Mutex, PoisonError},
};

use crate::{
    Errno, Socket,
    transport::{Datagram, Origin, Transport},
};

/// A datagram that went through an observed socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed<'a> {
    /// It was sent to the kernel.
    Sent {
        /// Port of the socket, which it has at the latest from now on.
        port: u32,
        /// The datagram.
        datagram: &'a [u8],
    },
    /// It came from the kernel. One that did not fit the buffer is cut off.
    Received(&'a [u8]),
}

impl Socket {
    /// The same socket, which from now on shows every datagram to `observe`.
    #[must_use]
    pub fn observed(self, observe: impl FnMut(Observed<'_>) + Send + 'static) -> Self {
        self.map_io(|io| Box::new(Observer { io, observe: Mutex::new(observe) }))
    }
}

/// A transport that shows what goes through another one.
struct Observer<F> {
    io: Box<dyn Transport>,
    /// Never locked: it can be shared so.
    observe: Mutex<F>,
}

impl<F: FnMut(Observed<'_>)> Observer<F> {
    fn show(&mut self, observed: Observed<'_>) {
        self.observe.get_mut().unwrap_or_else(PoisonError::into_inner)(observed);
    }
}

impl<F: FnMut(Observed<'_>) + Send> Transport for Observer<F> {
    fn port(&mut self) -> Result<u32, Errno> {
        self.io.port()
    }

    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        self.io.send(datagram)?;
        let port = self.io.port()?;
        self.show(Observed::Sent { port, datagram });
        Ok(())
    }

    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno> {
        let datagram = self.io.recv(buf)?;
        if datagram.sender == 0 {
            self.show(Observed::Received(&buf[..datagram.len.min(buf.len())]));
        }
        Ok(datagram)
    }

    fn catch_up(&mut self) {
        self.io.catch_up();
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.io.fd()
    }

    fn join(&mut self, group: u32) -> Result<(), Errno> {
        self.io.join(group)
    }

    fn leave(&mut self, group: u32) -> Result<(), Errno> {
        self.io.leave(group)
    }

    fn receive_buffer(&self) -> Result<usize, Errno> {
        self.io.receive_buffer()
    }

    fn set_receive_buffer(&mut self, len: usize) -> Result<(), Errno> {
        self.io.set_receive_buffer(len)
    }

    fn origin(&self) -> Origin<'_> {
        self.io.origin()
    }
}
