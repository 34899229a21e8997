//! BPF programs.

use crate::{attrs::Attrs, value::Str};

attributes! {
    /// An attribute of [`Encap::Bpf`](super::Encap::Bpf).
    pub enum LwtBpfAttr<'a> in "lwtunnel-bpf-attrs" {
        /// Program for packets that came in.
        LWT_BPF_IN = 1 => In(Attrs<'a, LwtBpfProgAttr<'a>>),
        /// Program for packets of this host.
        LWT_BPF_OUT = 2 => Out(Attrs<'a, LwtBpfProgAttr<'a>>),
        /// Program for packets about to be sent. It may change them.
        LWT_BPF_XMIT = 3 => Xmit(Attrs<'a, LwtBpfProgAttr<'a>>),
        /// In a request: how many bytes that program may put before a packet, up to 256.
        LWT_BPF_XMIT_HEADROOM = 4 => XmitHeadroom(u32),
    }
}

attributes! {
    /// An attribute of [`LwtBpfAttr::In`] and its likes.
    pub enum LwtBpfProgAttr<'a> in "lwtunnel-bpf-prog-attrs" {
        /// In a request: file descriptor of the program.
        LWT_BPF_PROG_FD = 1 => Fd(u32),
        /// Name that was given to the program.
        LWT_BPF_PROG_NAME = 2 => Name(Str<'a>),
    }
}
