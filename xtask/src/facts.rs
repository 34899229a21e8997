//! `cargo xtask facts`: what the newest UAPI headers say, as a table for tests.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use netlink_wire::{
    Attribute, Family, Record,
    genl::{CtrlAttr, GenlMsgHdr},
    schema::{Layout, Schema, Type},
    sock_diag::{InetDiagAttr, InetDiagMsg, InetDiagReqAttr, InetDiagReqV2, InetDiagSockId},
};

use crate::{
    Result,
    debian::{Suite, run},
    temp::TempDir,
};

/// The headers that netlink-wire's tables are made from.
const HEADERS: &[&str] = &[
    "amt",
    "batman_adv",
    "can/netlink",
    "can/vxcan",
    "devlink",
    "dcbnl",
    "dpll",
    "veth",
    "wwan",
    "cfm_bridge",
    "fib_rules",
    "gen_stats",
    "genetlink",
    "if_addr",
    "if_addrlabel",
    "if_arp",
    "if_bonding",
    "if_bridge",
    "if_link",
    "if_macsec",
    "if_packet",
    "if_tun",
    "if_tunnel",
    "if_vlan",
    "icmpv6",
    "inet_diag",
    "sock_diag",
    "tcp",
    "tls",
    "mptcp_pm",
    "ila",
    "ioam6",
    "ip6_tunnel",
    "mpls",
    "ioam6_iptunnel",
    "lwtunnel",
    "mpls_iptunnel",
    "mroute",
    "mrp_bridge",
    "neighbour",
    "net_namespace",
    "netconf",
    "netlink",
    "nexthop",
    "pkt_sched",
    "rpl_iptunnel",
    "rtnetlink",
    "seg6",
    "seg6_iptunnel",
    "seg6_local",
    "if_ether",
    "in",
    "in6",
];

/// Messages of other protocols than `NETLINK_ROUTE`.
const OTHER_PROTOCOLS: &[(&Layout, &Schema)] = &[
    (GenlMsgHdr::LAYOUT, CtrlAttr::SCHEMA),
    (InetDiagReqV2::LAYOUT, InetDiagReqAttr::SCHEMA),
    (InetDiagMsg::LAYOUT, InetDiagAttr::SCHEMA),
];

/// Extracts the table, with headers of a suite that moves.
pub(crate) fn extract() -> Result {
    let suite = Suite { name: "forky", arch: "amd64" };
    let root = suite.unpack("headers", &["linux-libc-dev"])?;
    let include = root.join("usr/include");
    let headers = HEADERS.iter().filter(|h| include.join(format!("linux/{h}.h")).exists());
    let mut source = String::from("#include <sys/socket.h>\n");
    for header in headers {
        writeln!(source, "#include <linux/{header}.h>")?;
    }
    let work = TempDir::new()?;
    let file = work.path().join("headers.c");
    fs::write(&file, &source)?;
    let includes = [include.clone(), include.join("x86_64-linux-gnu")];
    let text = run(gcc(&includes).arg("-E").arg("-P").arg(&file))?;
    let macros = run(gcc(&includes).arg("-E").arg("-dM").arg(&file))?;

    let mut out = format!("# {}\n", version(&root)?);
    // Enumerators by their enumeration: what belongs together.
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once("enum") {
        rest = after;
        let Some((head, body)) = after.split_once('{') else { break };
        let is_name = head.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let Some((body, _)) = body.split_once('}') else { break };
        if !is_name {
            continue;
        }
        let names = body.split(',').filter_map(|item| {
            item.split(|c: char| c.is_whitespace() || c == '=').find(|w| !w.is_empty())
        });
        groups.push(names.filter(|name| wanted(name)).map(str::to_owned).collect());
    }
    let listed: BTreeSet<String> = groups.iter().flatten().cloned().collect();
    let defines = macros.lines().filter_map(|line| line.strip_prefix("#define "));
    let defines = defines.filter_map(|line| line.split_once(' '));
    let defines = defines.filter(|(name, value)| {
        !name.contains("(")
            && !name.ends_with("_MAX")
            && !value.contains("_IO")
            && !value.trim().is_empty()
            && wanted(name)
            && !listed.contains(*name)
    });
    groups.push(defines.map(|(name, _)| name.to_owned()).collect());
    groups.last_mut().ok_or("no macros")?.sort();

    let names: BTreeSet<_> = groups.iter().flatten().map(String::as_str).collect();
    let values = evaluate(&source, &includes, work.path(), &names)?;
    for group in &groups {
        let mut first = true;
        for name in group {
            let Some((_, value)) = values.iter().find(|(n, _)| n == name) else { continue };
            out += if std::mem::take(&mut first) { "group\n" } else { "" };
            writeln!(out, "{name} {value}")?;
        }
    }

    // Structs: size, then the offset of each field.
    let mut structs = BTreeSet::new();
    for family in Family::all() {
        structs.insert(family.header().name);
        collect(family.attrs(), &mut BTreeSet::new(), &mut structs);
    }
    for (header, attrs) in OTHER_PROTOCOLS {
        structs.extend([header.name, InetDiagSockId::LAYOUT.name]);
        collect(attrs, &mut BTreeSet::new(), &mut structs);
    }
    for name in structs {
        let Some(fields) = fields(&text, name) else { continue };
        let size = format!("sizeof(struct {name})");
        let offsets = fields.iter().map(|f| format!("__builtin_offsetof(struct {name}, {f})"));
        let exprs: Vec<_> = std::iter::once(size).chain(offsets).collect();
        let exprs: BTreeSet<_> = exprs.iter().map(String::as_str).collect();
        let values = evaluate(&source, &includes, work.path(), &exprs)?;
        let value = |expr: &str| values.iter().find(|(e, _)| e == expr).map(|(_, v)| *v);
        let Some(size) = value(&format!("sizeof(struct {name})")) else { continue };
        write!(out, "struct {name} {size}")?;
        for field in fields {
            if let Some(at) = value(&format!("__builtin_offsetof(struct {name}, {field})")) {
                write!(out, " {field}:{at}")?;
            }
        }
        out.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../netlink-wire/tests/facts/uapi.txt");
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    println!("{} lines", out.lines().count());
    Ok(fs::write(path, out)?)
}

fn version(root: &Path) -> Result<String> {
    let text = fs::read_to_string(root.join("usr/include/linux/version.h"))?;
    let number = |name: &str| {
        let line = text.lines().find(|line| line.contains(name));
        line.and_then(|line| line.rsplit(' ').next()).unwrap_or("?").to_owned()
    };
    let [major, minor] = ["LINUX_VERSION_MAJOR", "LINUX_VERSION_PATCHLEVEL"].map(number);
    Ok(format!("Constants and structs of the UAPI headers of Linux {major}.{minor}, x86_64"))
}

fn gcc(includes: &[PathBuf]) -> Command {
    let mut gcc = Command::new("gcc");
    gcc.arg("-w");
    for include in includes {
        gcc.arg("-isystem").arg(include);
    }
    gcc
}

/// Whether a name can be one of netlink's.
fn wanted(name: &str) -> bool {
    let kernels = ["_", "SO_", "PF_", "SOL_", "MSG_", "SHUT_", "SCM_", "SIO"];
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && !kernels.iter().any(|prefix| name.starts_with(prefix))
        && !["_H", "_H_"].iter().any(|suffix| name.ends_with(suffix))
}

/// The values of expressions; those that are no integers are left out.
fn evaluate(
    source: &str,
    includes: &[PathBuf],
    work: &Path,
    expressions: &BTreeSet<&str>,
) -> Result<Vec<(String, i64)>> {
    let mut kept: Vec<&str> = expressions.iter().copied().collect();
    let (file, program) = (work.join("values.c"), work.join("values"));
    let head = source.lines().count() + 3;
    for _ in 0..8 {
        let mut text =
            format!("{source}#include <stdio.h>\n#define BIT(n) (1UL << (n))\nint main(void) {{\n");
        for expression in &kept {
            writeln!(text, "printf(\"%lld\\n\", (long long)({expression}));")?;
        }
        text += "}\n";
        fs::write(&file, text)?;
        let output =
            gcc(includes).arg("-fmax-errors=0").arg(&file).arg("-o").arg(&program).output()?;
        if output.status.success() {
            let values = run(&mut Command::new(&program))?;
            let values = values.lines().map(|line| line.parse().unwrap_or_default());
            return Ok(kept.iter().map(|e| (*e).to_owned()).zip(values).collect());
        }
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let bad: BTreeSet<usize> = errors
            .lines()
            .filter(|line| line.contains("error:"))
            .filter_map(|line| line.split("values.c:").nth(1)?.split(':').next()?.parse().ok())
            .collect();
        if bad.is_empty() {
            return Err(errors.into());
        }
        let mut line = head;
        kept.retain(|_| {
            line += 1;
            !bad.contains(&line)
        });
    }
    Err("the constants do not compile".into())
}

/// The fields of a struct, in their order.
fn fields(text: &str, name: &str) -> Option<Vec<String>> {
    let (_, after) = text.split_once(&format!("struct {name} {{"))?;
    let mut depth = 1;
    let end = after.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    })?;
    let names = after[..end].split(';').filter_map(|field| {
        let field = field.split('[').next()?.trim();
        let word = field.rsplit(|c: char| c.is_whitespace() || c == '*').next()?;
        word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| word.to_owned())
    });
    Some(names.filter(|name| !name.is_empty()).collect())
}

/// The structs in a set and below it.
fn collect(
    schema: &'static Schema,
    seen: &mut BTreeSet<&'static str>,
    structs: &mut BTreeSet<&'static str>,
) {
    if seen.insert(schema.name) {
        schema.attrs.iter().for_each(|field| collect_type(&field.ty, seen, structs));
    }
}

fn collect_type(
    ty: &Type,
    seen: &mut BTreeSet<&'static str>,
    structs: &mut BTreeSet<&'static str>,
) {
    let mut layout = |layout: &Layout| structs.insert(layout.name);
    match ty {
        Type::Struct(found) => drop(layout(found)),
        Type::Nest(inner) => collect(inner(), seen, structs),
        Type::Headed(head, inner) | Type::Records(head, inner) => {
            layout(head);
            collect(inner(), seen, structs);
        }
        Type::List(item) | Type::Multi(item) | Type::Packed(item) | Type::Array(item, _) => {
            collect_type(item, seen, structs);
        }
        Type::Select(choices) => {
            choices.of.iter().for_each(|(_, ty)| collect_type(ty, seen, structs));
            collect_type(choices.other, seen, structs);
        }
        _ => {}
    }
}
