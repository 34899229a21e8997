//! `capture`: what it writes is read by others, while it is written.

use std::{env, fs, process::Command};

use super::{
    live::{OURS, Program, alone, sh, wait_for},
    namespace::{self, Output},
};

const CHANGES: &str = "
    ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up
    ip addr add 10.0.0.1/24 dev d0; ip route add 10.9.0.0/16 via 10.0.0.2
    ip rule add from 10.1.1.1 table 55; ip route del 10.9.0.0/16";

#[test]
fn wireshark_and_decode_read_it() {
    alone(|| {
        let file =
            env::temp_dir().join(format!("netlink-dump-capture-{}.pcap", std::process::id()));
        let path = file.to_str().unwrap();
        let decode = || {
            let Output { code, out, .. } = Output::of(OURS, ["-j", "decode", path]).unwrap();
            assert_eq!(code, 0);
            String::from_utf8(out).unwrap()
        };
        let mut capture = Program::listening(OURS, ["capture", "-w", path, "route", "rule"]);
        sh(CHANGES);
        // Packets are there as soon as they came.
        wait_for("a deleted route", || decode().contains("RTM_DELROUTE").then_some(()));
        capture.signal("INT");
        assert_eq!(capture.end(), None, "ended by the signal");
        let json: Vec<serde_json::Value> = serde_json::from_str(&decode()).unwrap();
        let text = decode();
        for part in ["RTM_NEWROUTE", "RTM_NEWRULE", "10.9.0.0", "10.1.1.1"] {
            assert!(text.contains(part), "{part} is missing");
        }
        assert!(!text.contains("RTM_NEWLINK"), "which was not asked for");

        let fields = ["-T", "fields", "-e", "netlink-route.nltype", "-e", "netlink.hdr_len"];
        let mut tshark = Command::new("tshark");
        match tshark.args(["-r", path]).args(fields).output() {
            Ok(output) => {
                let text = String::from_utf8(output.stdout).unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                let kinds: Vec<_> =
                    text.lines().map(|line| line.split('\t').next().unwrap()).collect();
                assert_eq!(kinds.len(), json.len(), "{text}");
                // New and deleted routes, and a new rule.
                for kind in ["24", "25", "32"] {
                    assert!(kinds.contains(&kind), "{kind} is missing: {text}");
                }
            }
            Err(error) => {
                assert!(!namespace::are_promised(), "NETLINK_LIVE=1, but tshark: {error}");
                eprintln!("NOT RUN: tshark: {error}");
            }
        }
        fs::remove_file(&file).unwrap();
    });
}

#[test]
fn a_pipe_gets_so_many_messages() {
    alone(|| {
        let pipe = format!("{OURS} capture -c 3 route | {OURS} -j decode");
        let decode = Program::listening("sh", ["-c", &pipe]);
        sh(CHANGES);
        let out = wait_for("the end", || decode.out().ends_with("]\n").then(|| decode.out()));
        let datagrams: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
        assert_eq!(datagrams.len(), 3);
    });
}
