//! Receiving in a thread, while the caller works on what came before.

use std::{
    os::fd::BorrowedFd,
    panic::resume_unwind,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use crate::{
    Datagram, Errno, Error, Result,
    netns::errno_of,
    transport::{Kernel, Origin, Transport},
    wait::{Waker, wait},
};

/// The kernel behind a socket that is read by a thread, once many datagrams came in a row.
#[derive(Debug)]
pub(crate) struct ReadAhead {
    kernel: Kernel,
    /// How many datagrams came since one was sent; `None` if no thread is to start, ever or once more.
    received: Option<u32>,
    reader: Option<Reader>,
}

impl ReadAhead {
    /// A dump of so many datagrams, about 32 KiB each, may be over before a thread is of use.
    const FEW: u32 = 4;

    pub(crate) const fn new(kernel: Kernel) -> Self {
        Self { kernel, received: Some(0), reader: None }
    }
}

impl Transport for ReadAhead {
    fn port(&mut self) -> Result<u32, Errno> {
        self.kernel.port()
    }

    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        self.received = self.received.map(|_| 0);
        self.kernel.send(datagram)
    }

    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno> {
        if self.received == Some(Self::FEW) {
            // Without a thread it takes longer, and that is all.
            self.reader = Reader::start(&self.kernel, buf.len()).ok();
            self.received = None;
        }
        if let Some(reader) = &mut self.reader {
            match reader.recv(buf) {
                Some(received) => return received,
                None if reader.is_running() => return Err(Errno::EAGAIN),
                None => self.reader = None,
            }
        }
        let datagram = self.kernel.recv(buf)?;
        self.received = self.received.map(|received| received + 1);
        Ok(datagram)
    }

    fn catch_up(&mut self) {
        self.received = None;
        if let Some(reader) = &mut self.reader {
            reader.stop();
        }
    }

    fn fd(&self) -> BorrowedFd<'_> {
        let reader = self.reader.as_ref().filter(|reader| reader.is_running());
        reader.map_or_else(|| self.kernel.fd(), |reader| reader.ready.fd())
    }

    fn join(&mut self, group: u32) -> Result<(), Errno> {
        // Whoever reads events has to know when none are left.
        self.catch_up();
        self.kernel.join(group)
    }

    fn leave(&mut self, group: u32) -> Result<(), Errno> {
        self.kernel.leave(group)
    }

    fn receive_buffer(&self) -> Result<usize, Errno> {
        self.kernel.receive_buffer()
    }

    fn set_receive_buffer(&mut self, len: usize) -> Result<(), Errno> {
        self.kernel.set_receive_buffer(len)
    }

    fn origin(&self) -> Origin<'_> {
        self.kernel.origin()
    }
}

/// What came, in the order in which it did.
struct Piece {
    received: Result<Datagram, Errno>,
    bytes: Vec<u8>,
}

/// A thread that receives.
#[derive(Debug)]
struct Reader {
    /// Locked by nobody: the socket can be shared, and this could not.
    pieces: Mutex<Receiver<Piece>>,
    /// Buffers that can be used again; none once the thread shall end.
    spare: Option<SyncSender<Vec<u8>>>,
    /// Awake while there may be pieces.
    ready: Waker,
    end: Waker,
    /// None once it has ended. What it received may still be waiting.
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// How many datagrams wait at most.
    const WAITING: usize = 4;

    /// Starts the thread, with buffers of this length.
    fn start(kernel: &Kernel, len: usize) -> Result<Self> {
        let kernel = kernel.try_clone()?;
        let (sender, pieces) = sync_channel(Self::WAITING);
        let (spare, buffers) = sync_channel(Self::WAITING);
        for _ in 0..Self::WAITING {
            spare.send(vec![0; len]).expect("there is room, and who receives");
        }
        let (ready, end) = (Waker::new()?, Waker::new()?);
        let thread = {
            let (ready, end) = (ready.clone(), end.clone());
            let work = move || work(kernel, &buffers, &sender, &ready, &end);
            thread::Builder::new().name("netlink reader".into()).spawn(work)
        };
        let thread = thread.map_err(|error| Error::os("clone")(errno_of(&error)))?;
        Ok(Self {
            pieces: Mutex::new(pieces),
            spare: Some(spare),
            ready,
            end,
            thread: Some(thread),
        })
    }

    const fn is_running(&self) -> bool {
        self.thread.is_some()
    }

    /// What the thread received, if there is anything.
    fn recv(&mut self, buf: &mut [u8]) -> Option<Result<Datagram, Errno>> {
        let pieces = self.pieces.get_mut().unwrap_or_else(PoisonError::into_inner);
        let piece = pieces.try_recv().or_else(|_| {
            // One that comes from now on makes it ready again.
            self.ready.take();
            pieces.try_recv()
        });
        let Piece { received, mut bytes } = piece.ok()?;
        let received = received.map(|mut datagram| {
            let len = datagram.len.min(bytes.len()).min(buf.len());
            buf[..len].copy_from_slice(&bytes[..len]);
            if datagram.len > bytes.len() {
                // The caller's buffer has grown since, but what was cut off is lost.
                datagram.len = datagram.len.max(buf.len() + 1);
            }
            datagram
        });
        if bytes.len() < buf.len() {
            bytes.resize(buf.len(), 0);
        }
        if let Some(spare) = &self.spare {
            let _ = spare.send(bytes);
        }
        Some(received)
    }

    /// Ends the thread.
    fn stop(&mut self) {
        self.spare = None;
        self.end.wake();
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            resume_unwind(panic);
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Receives into each buffer that is free, until there are no more, or nothing is to be received and it
/// shall end.
fn work(
    mut kernel: Kernel,
    buffers: &Receiver<Vec<u8>>,
    pieces: &SyncSender<Piece>,
    ready: &Waker,
    end: &Waker,
) {
    for mut bytes in buffers {
        let received = loop {
            match kernel.recv(&mut bytes) {
                Err(Errno::EAGAIN) => match wait(kernel.fd(), Some(end), None) {
                    Ok(()) => {}
                    Err(Error::Os { errno, .. }) => break Err(errno),
                    Err(_) => return,
                },
                received => break received,
            }
        };
        if pieces.send(Piece { received, bytes }).is_err() {
            return;
        }
        ready.wake();
    }
}
