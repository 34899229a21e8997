//! `explain` tells the exchange to its end, byte by byte.

use std::process::Command;

use serde_json::Value;

fn explain(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_netlink-dump")).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn steps(args: &[&str]) -> Vec<Value> {
    serde_json::from_str(&explain(args)).unwrap()
}

#[test]
fn tells_the_steps_up_to_done() {
    let steps = steps(&["-j", "explain", "rule"]);
    let names: Vec<_> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(names[..3], ["socket", "send", "receive"]);
    assert_eq!(steps[0]["options"]["NETLINK_EXT_ACK"], true);
    assert_ne!(steps[1]["port"], 0);
    assert_eq!(steps[1]["messages"][0]["type"], "RTM_GETRULE");
    assert_eq!(steps[2]["messages"][0]["type"], "RTM_NEWRULE");
    let last = steps.last().unwrap()["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(last["type"], "NLMSG_DONE");
}

#[test]
fn json_may_be_asked_for_after_the_object() {
    for args in [
        &["explain", "route", "get", "127.0.0.1", "-j"],
        &["explain", "-j", "route", "get", "127.0.0.1"],
    ] {
        assert_eq!(steps(args)[0]["step"], "socket");
    }
}

/// The bytes that `part` tells of, leaves alone: the headers of attributes with parts aside.
fn told(part: &Value) -> u64 {
    match part["parts"].as_array() {
        Some(parts) => {
            let header = if part.get("nla_type").is_some() { 4 } else { 0 };
            header + parts.iter().map(told).sum::<u64>()
        }
        None => part["length"].as_u64().unwrap(),
    }
}

#[test]
fn leaves_no_byte_out() {
    for object in [
        "link",
        "link show dev lo",
        "addr",
        "route show table all",
        "route get 127.0.0.1",
        "neigh",
        "rule",
        "nexthop",
        "ntable",
        "netconf",
        "addrlabel",
        "fdb",
    ] {
        let words = ["-j", "explain"].into_iter().chain(object.split(' '));
        let steps = steps(&words.collect::<Vec<_>>());
        let names = |step: &Value| step["step"].as_str().unwrap().to_owned();
        assert_eq!(
            steps.iter().take(3).map(names).collect::<Vec<_>>(),
            ["socket", "send", "receive"]
        );
        for messages in steps.iter().filter_map(|step| step["messages"].as_array()) {
            for message in messages {
                let parts = message["parts"].as_array().unwrap();
                let len = parts[0]["parts"][0]["value"].as_u64().unwrap();
                // Padding has no name: up to three bytes after an attribute, and after the header.
                let told = parts.iter().map(told).sum::<u64>();
                let attrs = message.to_string().matches("nla_type").count() as u64;
                assert!(told <= len && len <= told + 3 * (attrs + 1), "{told} of {len}: {message}");
            }
        }
    }
}

#[test]
fn names_header_fields_and_attributes() {
    let text = explain(&["explain", "rule"]);
    for name in ["nlmsg_len", "nlmsg_seq", "fib_rule_hdr", "FRA_TABLE", "NLMSG_DONE", "NLM_F_MULTI"]
    {
        assert!(text.contains(name), "{name} is missing: {text}");
    }
}

/// One question, its answer, and that there is no more.
#[test]
fn tells_how_a_route_is_looked_up() {
    let steps = steps(&["-j", "explain", "route", "get", "127.0.0.1"]);
    let types: Vec<_> = steps
        .iter()
        .filter_map(|step| step["messages"].as_array())
        .flatten()
        .map(|message| message["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["RTM_GETROUTE", "RTM_NEWROUTE", "NLMSG_ERROR"]);
    let text = explain(&["explain", "route", "get", "127.0.0.1"]);
    for name in ["NETLINK_EXT_ACK", "rtmsg", "dst_len", "RTA_DST", "127.0.0.1", "rta_cacheinfo"] {
        assert!(text.contains(name), "{name} is missing: {text}");
    }
}
