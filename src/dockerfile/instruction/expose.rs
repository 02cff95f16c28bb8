//! EXPOSE: ports that a container listens on.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, InstructionSpec, Parsed, Request, go_list};
use crate::diagnostic::quote;

/// `EXPOSE port[-port][/protocol] …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposeInstruction {
    /// In the order of their texts, as BuildKit sorts them before it expands them. One may expand to several words.
    pub ports: Vec<Word>,
}

impl ExposeInstruction {
    /// The row of the history, for ports as [`exposed_ports`] spells them out.
    pub fn created_by(ports: &[String]) -> String {
        format!("EXPOSE {}", go_list(ports))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "EXPOSE",
    arguments: ArgumentStyle::Words,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Name ports that a container listens on",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let mut ports = request.some_words()?;
    request.flags()?;
    ports.sort_by(|a, b| a.text.cmp(&b.text));
    Ok(InstructionKind::Expose(ExposeInstruction { ports }))
}

/// Spells out one expanded port: `80` is `80/tcp`, `9000-9001/udp` two of them. Host address and host port before the
/// last colon are checked and dropped. The error is BuildKit's message.
pub fn exposed_ports(port: &str) -> Result<Vec<String>, String> {
    let parts: Vec<&str> = port.split(':').collect();
    let (address, host, container) = match parts.as_slice() {
        [container] => (String::new(), "", *container),
        [host, container] => (String::new(), *host, *container),
        [address @ .., host, container] => (address.join(":"), *host, *container),
        [] => (String::new(), "", ""),
    };
    let (range, protocol) = container.split_once('/').unwrap_or((container, ""));
    if range.is_empty() {
        return Err(format!("invalid port: {}: no port specified", quote(port)));
    }
    let protocol = match protocol.to_lowercase() {
        name if name.is_empty() => "tcp".to_owned(),
        name if ["tcp", "udp", "sctp"].contains(&name.as_str()) => name,
        _ => {
            return Err(format!("invalid port: {}: invalid proto: {protocol}", quote(port)));
        }
    };
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&address);
    if !bare.is_empty() && bare.parse::<std::net::IpAddr>().is_err() {
        return Err(format!("invalid IP address: {address}"));
    }
    let (first, last) = port_range(range).ok_or_else(|| format!("invalid containerPort: {range}"))?;
    if !host.is_empty() {
        let (host_first, host_last) = port_range(host).ok_or_else(|| format!("invalid hostPort: {host}"))?;
        if last - first != host_last - host_first && first != last {
            return Err(format!("invalid ranges specified for container and host Ports: {range} and {host}"));
        }
    }
    Ok((first..=last).map(|port| format!("{port}/{protocol}")).collect())
}

fn port_range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| {
        if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse::<u16>().ok() } else { None }
    };
    match text.split_once('-') {
        None => number(text).map(|port| (port, port)),
        Some((first, last)) => Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last),
    }
}
