//! What the feature `tracing` tells.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use netlink_sys::{
    Errno, Protocol, Socket,
    fake::{FakeKernel, Fault},
    table::Rules,
};
use netlink_wire::{
    NlmFlags, Rtm, RtnlGrp,
    rule::{FibRuleHdr, Rule, RuleAttr},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::with_default,
};

/// Writes each span and event into a line.
#[derive(Clone, Default)]
struct Lines {
    lines: Arc<Mutex<Vec<String>>>,
    depth: Arc<AtomicU64>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            // It differs from machine to machine.
            "bytes" => {}
            "message" => self.0 += &format!(" {value:?}"),
            name => self.0 += &format!(" {name}={value:?}"),
        }
    }
}

impl Lines {
    fn push(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Line)) {
        let indent = "  ".repeat(self.depth.load(Ordering::Relaxed) as usize);
        let name = if metadata.is_span() { metadata.name() } else { "-" };
        let mut line = Line(format!("{indent}{} {name}", metadata.level()));
        record(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.push(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.push(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {
        self.depth.fetch_add(1, Ordering::Relaxed);
    }

    fn exit(&self, _: &Id) {
        self.depth.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A kernel with one rule, which refuses all but to show it.
fn kernel() -> FakeKernel {
    FakeKernel::new(|request, answer| {
        if request.header.kind != Rtm::GETRULE.0 {
            answer.ext_ack(|attrs| {
                attrs.push(netlink_wire::AckAttr::Msg("carved in stone".into()));
            });
            return answer.refuse(Errno::EPERM);
        }
        let mut buf = [0; 64];
        let header = FibRuleHdr { family: 2, ..FibRuleHdr::default() };
        let mut rule = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::default(), &header);
        answer.reply(rule.push(RuleAttr::Priority(7)).finish().unwrap());
    })
}

#[test]
fn tells_of_requests_dumps_and_losses() {
    let (lines, kernel) = (Lines::default(), kernel());
    with_default(lines.clone(), || {
        let mut socket = Socket::builder(Protocol::ROUTE).on(&kernel).open().unwrap();
        socket.dump(Rules::ipv4()).unwrap().collect(|_| ()).unwrap();
        let dump = [
            "DEBUG netlink_request protocol=0 kind=RTM_GETRULE seq=1",
            "  TRACE - sending flags=request|ack|root|match",
            "  TRACE - received group=0",
            "  DEBUG - done",
            "  DEBUG - dumped consistency=unproven attempt=1",
        ];
        assert_eq!(lines.take(), dump);

        kernel.inject(Fault::Stranger(4242));
        kernel.inject(Fault::Interrupt(0));
        socket.dump(Rules::ipv4()).unwrap().collect(|_| ()).unwrap();
        let dump = lines.take();
        let has = |line: &str| assert!(dump.iter().any(|found| found == line), "{line}: {dump:#?}");
        has("  DEBUG - skipped what a stranger sent sender=4242");
        has("  WARN - dumped consistency=interrupted attempt=1");
        has("  DEBUG - dumped consistency=unproven attempt=2");
        assert!(
            dump.iter().any(|line| line.contains("dumping again") && line.contains("attempt=2"))
        );

        let mut buf = [0; 64];
        let request =
            Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::CREATE, &FibRuleHdr::default());
        socket.request({ request }.finish().unwrap()).unwrap().finish().unwrap_err();
        let failed = lines.take().pop().unwrap();
        assert!(
            failed.starts_with("  DEBUG - failed error=") && failed.contains("carved in stone"),
            "{failed}"
        );

        kernel.inject(Fault::Truncate);
        let mut buf = [0; 64];
        let header = FibRuleHdr { family: 2, ..FibRuleHdr::default() };
        let request =
            Rule::writer(&mut buf, Rtm::GETRULE, NlmFlags::DUMP, &header).finish().unwrap();
        socket.request(request).unwrap().finish().unwrap_err();
        let lost = lines.take();
        assert!(
            lost.iter().any(|line| line.starts_with("  WARN - replies were lost error=")),
            "{lost:#?}"
        );
    });
}

#[test]
fn tells_of_lost_events() {
    let (lines, kernel) = (Lines::default(), kernel());
    with_default(lines.clone(), || {
        let builder = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_RULE);
        let mut events = builder.on(&kernel).listen().unwrap();
        kernel.inject(Fault::Overflow);
        let mut buf = [0; 64];
        let event =
            Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::default(), &FibRuleHdr::default());
        kernel.notify(RtnlGrp::IPV4_RULE, None, { event }.finish().unwrap());
        events.recv().unwrap();
        let reason = "events were lost: the receive buffer was full";
        assert_eq!(lines.take(), [format!("WARN - events were lost reason={reason}")]);
    });
}
