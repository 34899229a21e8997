//! What concerns the whole process, or another one: files, threads, rights,
//! signals, old kernels. One test at a time.

mod common;

use std::{
    io::{BufRead, BufReader, Read},
    os::{
        fd::{AsFd, AsRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    process::{Command, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use common::*;
use netlink_sys::{
    BpfInsn, Consistency, Errno, Error, Event, Netns, Options, Protocol, Socket,
    mirror::{Mirror, Table},
    table::{Links, Routes},
};
use netlink_wire::{
    Rtm, RtnlGrp,
    route::{Route, RouteAddr, RtTable},
};
use nix::libc;

/// Lets one test run at a time, for what it counts belongs to the process.
fn alone() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

live! {
    fn a_thousand_sockets_and_none_is_left() {
        let _alone = alone();
        let limit = nix::sys::resource::Resource::RLIMIT_NOFILE;
        let (_, hard) = nix::sys::resource::getrlimit(limit).unwrap();
        nix::sys::resource::setrlimit(limit, hard.min(4_096), hard).unwrap();
        let before = open_files();
        let mut sockets: Vec<Socket> =
            (0..1_000).map(|_| Socket::open(Protocol::ROUTE).unwrap()).collect();
        let mut ports = std::collections::HashSet::new();
        for socket in &mut sockets {
            assert_eq!(socket.link("lo").unwrap().header.index, 1);
            ports.insert(socket.port().unwrap());
        }
        assert_eq!(ports.len(), 1_000, "each has a port of its own");
        assert_eq!(open_files(), before + 1_000);
        drop(sockets);
        assert_eq!(open_files(), before);
    }

    fn two_pid_namespaces_in_one_network_namespace() {
        let _alone = alone();
        let test = std::env::current_exe().unwrap();
        let start = || {
            let args = ["--exact", "in_a_pid_namespace", "--ignored", "--nocapture"];
            let mut unshare = Command::new("unshare");
            unshare.args(["--fork", "--pid"]).arg(&test).args(args).env("PID_NAMESPACE", "1");
            unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
        };
        // Both have all their sockets open at once, and take each other for themselves.
        let mut others = [start(), start()];
        let mut ports = std::collections::HashSet::new();
        for other in &mut others {
            let out = BufReader::new(other.stdout.as_mut().unwrap());
            let line = out.lines().map(Result::unwrap).find(|line| line.starts_with("pid ")).unwrap();
            let mut words = line.split(' ').skip(1);
            assert_eq!(words.next(), Some("1"), "{line}");
            ports.extend(words.map(|port| port.parse::<u32>().unwrap()));
        }
        assert_eq!(ports.len(), 1_000, "each socket has a port of its own");
        for mut other in others {
            drop(other.stdin.take());
            assert!(other.wait().unwrap().success());
        }
    }

    fn a_hundred_thousand_opens_and_closes() {
        let _alone = alone();
        let before = open_files();
        for round in 0..many(100_000) {
            let mut socket = Socket::open(Protocol::ROUTE).unwrap();
            if round % 100 == 0 {
                assert_eq!(socket.link("lo").unwrap().header.index, 1);
                assert_eq!(open_files(), before + 1);
            }
        }
        assert_eq!(open_files(), before);
    }

    fn opens_and_closes_leave_nothing() {
        let _alone = alone();
        let netns = Netns::current().unwrap();
        let before = open_files();
        for round in 0..many(300) {
            let mut socket = Socket::open(Protocol::ROUTE).unwrap();
            socket.dump_proven(Links::default()).unwrap().collect(|_| ()).unwrap();
            let _waker = socket.waker().unwrap();
            // One that fails half-way, in any of its steps.
            let builder = Socket::builder(Protocol::ROUTE).netns(netns.clone());
            assert!(builder.clone().group(40_000u32).open().is_err());
            assert!(Socket::open(Protocol(99)).is_err());
            let first = builder.clone().port(4_000).open().unwrap();
            let error = builder.clone().port(4_000).open().unwrap_err();
            assert_eq!(error.errno(), Some(Errno::EADDRINUSE));
            drop(first);
            let filter = [BpfInsn { code: 0xffff, jt: 0, jf: 0, k: 0 }];
            assert!(builder.clone().filter(&filter).open().is_err());
            let none = Netns::from_path("/dev/null").unwrap();
            assert!(Socket::builder(Protocol::ROUTE).netns(none.clone()).open().is_err());
            assert!(Mirror::builder().links().netns(none).open().is_err());
            assert!(Mirror::builder().links().open().unwrap().try_recv().is_ok());
            assert!(socket.dump_proven(Routes::ipv4().table(RtTable(12_345))).unwrap().recv().is_err());
            // From and to a file of its own: closed once.
            let fd = socket.as_fd().try_clone_to_owned().unwrap();
            let mut adopted = Socket::from(fd);
            assert_eq!(adopted.protocol(), Protocol::ROUTE);
            assert_eq!(adopted.port().unwrap(), socket.port().unwrap());
            assert_eq!(adopted.link("lo").unwrap().header.index, 1, "round {round}");
        }
        assert_eq!(open_files(), before);
    }

    fn sockets_are_closed_on_exec() {
        let _alone = alone();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let _waker = socket.waker().unwrap();
        let netns = Netns::current().unwrap();
        for fd in [socket.as_fd(), netns.as_fd()] {
            let flags = nix::fcntl::fcntl(fd, nix::fcntl::FcntlArg::F_GETFD).unwrap();
            assert_eq!(flags, libc::FD_CLOEXEC);
        }
        let out = Command::new("ls").arg("-l").arg("/proc/self/fd").output().unwrap();
        let listed = String::from_utf8(out.stdout).unwrap();
        assert!(!listed.contains("socket:") && !listed.contains("eventfd"), "{listed}");
    }

    fn a_stranger_to_netlink_is_no_kernel() {
        let _alone = alone();
        let (ours, theirs) = std::os::unix::net::UnixDatagram::pair().unwrap();
        theirs.send(&[0; 64]).unwrap();
        let mut socket = Socket::from(OwnedFd::from(ours));
        socket.set_timeout(Some(Duration::from_millis(20)));
        let error = socket.recv_into(&mut [0; 100]).unwrap_err();
        assert_eq!(error.errno(), Some(Errno::EAFNOSUPPORT));
        assert!(socket.link("lo").is_err());
        let mut file = Socket::from(OwnedFd::from(std::fs::File::open("/dev/null").unwrap()));
        assert_eq!(file.protocol(), Protocol(-1));
        assert!(file.link("lo").is_err());
    }

    fn a_callers_buffer() {
        let _alone = alone();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut request = get_link(&mut [0; 64], 1).to_vec();
        netlink_wire::Exchange::start(&mut request, 77, 0);
        socket.send(&request).unwrap();
        assert!(matches!(socket.recv_into(&mut [0; 100]), Err(Error::Truncated(400..))));
        let mut buf = [0; 100];
        let datagram = socket.recv_into(&mut buf).unwrap();
        let message = netlink_wire::Messages::new(&buf[..datagram.len]).next().unwrap().unwrap();
        assert_eq!((message.header.kind, message.header.seq), (2, 77));
        assert_eq!((datagram.sender, datagram.group, datagram.nsid), (0, 0, None));
        assert_eq!(message.header.portid, socket.port().unwrap());
    }

    fn another_namespace_by_file_path_and_name() {
        let _alone = alone();
        let before = netns_inode();
        let there = new_netns();
        let path = format!("/proc/self/fd/{}", there.as_fd().as_raw_fd());
        for netns in [there.clone(), Netns::from_path(path).unwrap()] {
            let mut socket = Socket::builder(Protocol::ROUTE).netns(netns).open().unwrap();
            let name = format!("there{}", open_files());
            if socket.link("there").is_err() {
                let mut buf = [0; 128];
                socket.request(new_bridge(&mut buf, "there")).unwrap().finish().unwrap();
            }
            assert!(socket.link(&name).unwrap_err().is_not_found());
            let dump = socket.dump_proven(Links::default()).unwrap();
            let found = dump.collect(|link| link.header.index).unwrap();
            assert_eq!(found.entries, [1, 2], "lo and the bridge");
            assert_eq!(found.consistency, Consistency::Proven, "watched in the other one");
            assert_eq!(netns_inode(), before, "the thread has moved");
        }
        let mut here = Socket::open(Protocol::ROUTE).unwrap();
        assert!(here.link("there").unwrap_err().is_not_found());
        // A namespace that is gone but for the socket in it.
        let mut socket = Socket::builder(Protocol::ROUTE).netns(there).open().unwrap();
        assert!(socket.link("there").is_ok());
        // What is none.
        assert!(Netns::from_name("no-such-name").is_err());
        let error = Netns::from_name("../etc/passwd").unwrap_err();
        assert_eq!(error.errno(), Some(Errno::EINVAL));
        let none = Netns::from_path("/dev/null").unwrap();
        let error = Socket::builder(Protocol::ROUTE).netns(none).open().unwrap_err();
        assert_eq!(error.errno(), Some(Errno::EINVAL), "{error}");
    }

    fn what_the_kernel_lets_nobody_do() {
        let _alone = alone();
        let test = std::env::current_exe().unwrap();
        let args = ["--exact", "nobody", "--ignored", "--nocapture"];
        let mut command = Command::new(test);
        command.args(args).env("NOBODY", "1").current_dir("/");
        if nix::unistd::geteuid().is_root() {
            // Somebody without rights, if there is such a user here.
            command.uid(65_534).gid(65_534);
        }
        match command.output() {
            Err(error) => eprintln!("NOT RUN as another user: {error}"),
            Ok(output) => {
                let printed = String::from_utf8_lossy(&output.stdout);
                assert!(printed.contains("1 passed"), "{output:?}");
            }
        }
    }

    fn an_old_kernel_lacks_options() {
        let _alone = alone();
        // Only on a thread that ends with the test: the kernel never takes it back.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                refuse_netlink_options();
                let mut socket = Socket::builder(Protocol::ROUTE).pkt_info(true).open().unwrap();
                assert_eq!(socket.options(), Options::default(), "told to be off");
                // It works all the same.
                assert_eq!(socket.link("lo").unwrap().header.index, 1);
                let error = socket.link("nothing").unwrap_err();
                assert!(error.is_not_found());
                assert!(error.ext_ack().unwrap().message.is_none());
                let found = socket.dump(Links::default().kind("bridge")).unwrap();
                assert_eq!(found.collect(|_| ()).unwrap().entries.len(), 0);
                // Without NETLINK_CAP_ACK the answer to a long request is long.
                let mut buf = vec![0; 1 << 16];
                let error = socket.request(wide_route(&mut buf, 1, 3_000)).unwrap().finish();
                assert!(error.unwrap_err().errno().is_some());
                assert!(socket.link("lo").is_ok());
            });
        });
    }

    fn a_thousand_signals_a_second() {
        let _alone = alone();
        let routes = many(50_000);
        add_routes(routes);
        let open = || Socket::builder(Protocol::ROUTE).timeout(Duration::from_secs(60));
        let mut events = open().group(RtnlGrp::IPV4_ROUTE).receive_buffer(64 << 20).listen().unwrap();
        let mut mirror = Mirror::builder().links().routes().timeout(Duration::from_secs(60)).open().unwrap();
        let signals = Signals::start();
        let end = Instant::now() + Duration::from_secs(2);
        let mut rounds = 0;
        while Instant::now() < end {
            let mut socket = open().open().unwrap();
            let found = socket.dump(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
            assert_eq!(found.entries.len(), routes as usize);
            let found = socket.dump_proven(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
            assert_eq!((found.entries.len(), found.consistency), (routes as usize, Consistency::Proven));
            for kind in [Rtm::NEWROUTE, Rtm::DELROUTE] {
                change_routes(kind, 60_000..60_100);
                // Each event, in order.
                for n in 60_000..60_100 {
                    let Event::Message(event) = events.recv().unwrap() else { panic!("lost") };
                    let route = Route::parse(event.message).unwrap();
                    let dst = RouteAddr::Addr(addr(n).into());
                    assert_eq!((event.message.header.kind, route.destination().unwrap().addr), (kind.0, dst));
                }
            }
            while !mirror.is_settled() {
                mirror.recv().unwrap();
            }
            assert_eq!(mirror.len(Table::Ipv4Routes), routes as usize);
            assert_eq!(mirror.stats().losses, 0);
            rounds += 1;
        }
        // A wait goes on, and ends in time.
        events.set_timeout(Some(Duration::from_millis(200)));
        let start = Instant::now();
        assert_eq!(events.recv(), Err(Error::TimedOut));
        assert!((200..1_000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
        // It is woken by who means to, and by nobody else.
        events.set_timeout(None);
        let waker = events.waker().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(100));
                waker.wake();
            });
            assert_eq!(events.recv(), Err(Error::Woken));
        });
        let handled = signals.stop();
        assert!(rounds > 0 && handled > 300, "{rounds} rounds, {handled} signals");
    }
}

/// One of the two processes of [`two_pid_namespaces_in_one_network_namespace`].
#[test]
#[ignore = "run in another pid namespace by another test"]
fn in_a_pid_namespace() {
    if std::env::var_os("PID_NAMESPACE").is_none() {
        return;
    }
    let mut sockets: Vec<Socket> =
        (0..500).map(|_| Socket::open(Protocol::ROUTE).unwrap()).collect();
    let mut ports = String::new();
    for socket in &mut sockets {
        assert_eq!(socket.link("lo").unwrap().header.index, 1);
        ports += &format!(" {}", socket.port().unwrap());
    }
    println!("\npid {}{ports}", std::process::id());
    // Until the other one is as far.
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    for socket in &mut sockets {
        assert_eq!(socket.link("lo").unwrap().header.index, 1);
    }
}

/// What somebody without rights can do; [`what_the_kernel_lets_nobody_do`] runs it.
#[test]
#[ignore = "run as another user by another test"]
fn nobody() {
    if std::env::var_os("NOBODY").is_none() {
        return;
    }
    let mut events = Socket::builder(Protocol::ROUTE)
        .group(RtnlGrp::LINK)
        .group(RtnlGrp::NEXTHOP)
        .receive_buffer(1 << 30)
        .listen()
        .unwrap();
    let root = nix::unistd::geteuid().is_root();
    let reached = events.receive_buffer().unwrap();
    assert!(root || reached < 1 << 30, "the limit of the system holds: {reached}");
    assert!(reached > 4_096);
    assert!(matches!(events.try_recv(), Ok(None | Some(Event::Message(_)))));
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let found = socket.dump_proven(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
    assert_eq!(found.consistency, Consistency::Proven);
    assert_eq!(socket.link("lo").unwrap().header.index, 1);
    if !root {
        let request = route(&mut [0; 64], Rtm::NEWROUTE, 1).to_vec();
        let error = socket.request(&mut request.clone()).unwrap().finish().unwrap_err();
        assert!(error.is_permission() && !error.is_exists(), "{error}");
        let builder = Socket::builder(Protocol::ROUTE).listen_all_nsid(true);
        assert!(builder.open().unwrap_err().is_permission());
        let netns = Netns::current().unwrap();
        let builder = Socket::builder(Protocol::ROUTE).netns(netns);
        assert!(builder.open().unwrap_err().is_permission());
    }
}

/// Makes the kernel answer ENOPROTOOPT to every `setsockopt` of level
/// `SOL_NETLINK` by the calling thread, as one does that has none of them.
fn refuse_netlink_options() {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let insn = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    // struct seccomp_data: the number of the call, and its second argument.
    let (number, level) = (0, 16 + 8 + if cfg!(target_endian = "big") { 4 } else { 0 });
    let mut program = [
        insn(LOAD, 0, 0, number),
        insn(EQUAL, 0, 3, libc::SYS_setsockopt as u32),
        insn(LOAD, 0, 0, level),
        insn(EQUAL, 0, 1, libc::SOL_NETLINK as u32),
        insn(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOPROTOOPT as u32),
        insn(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
    // SAFETY: both calls read what they are given, which lives until they return.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        let mode = libc::SECCOMP_MODE_FILTER;
        assert_eq!(libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program), 0);
    }
}

/// SIGALRM, a thousand times a second, to the thread that starts it.
struct Signals {
    stop: Arc<AtomicBool>,
    sender: std::thread::JoinHandle<()>,
}

/// How many there were, in any thread.
static HANDLED: AtomicU32 = AtomicU32::new(0);

impl Signals {
    fn start() -> Self {
        extern "C" fn handle(_: libc::c_int) {
            HANDLED.fetch_add(1, Relaxed);
        }
        use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
        // Without SA_RESTART: system calls that block fail with EINTR.
        let action = SigAction::new(SigHandler::Handler(handle), SaFlags::empty(), SigSet::empty());
        // SAFETY: the handler does nothing that is not allowed in one.
        unsafe { sigaction(Signal::SIGALRM, &action) }.unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let is_over = stop.clone();
        // SAFETY: it has no conditions.
        let thread = unsafe { libc::pthread_self() };
        let sender = std::thread::spawn(move || {
            while !is_over.load(Relaxed) {
                // SAFETY: the thread lives until it has stopped this one.
                assert_eq!(unsafe { libc::pthread_kill(thread, libc::SIGALRM) }, 0);
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        Self { stop, sender }
    }

    /// Ends them, and returns how many there were.
    fn stop(self) -> u32 {
        self.stop.store(true, Relaxed);
        self.sender.join().unwrap();
        HANDLED.load(Relaxed)
    }
}
