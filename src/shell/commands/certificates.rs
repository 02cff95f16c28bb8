//! `update-ca-certificates`: puts the certificates of `/usr/local/share/ca-certificates` into the bundle, as Debian's script
//! and Alpine's program do. The links named by a hash of the subject (`4a6481c9.0`) are left out: so it is a model.

use super::syscalls::concat;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, OpenOptions};

pub(super) const COMMAND: Command = Command {
    name: "update-ca-certificates",
    run: Run::Plain(run),
    options: &Options { short: "fv", long: &[("fresh", 'f'), ("verbose", 'v')], hidden: "", in_order: false },
};

const LOCAL: &str = "/usr/local/share/ca-certificates";
const CERTS: &str = "/etc/ssl/certs";

fn run(cx: &mut Context<'_>) -> Exit {
    if let Err(exit) = cx.options(COMMAND.options) {
        return exit;
    }
    let busybox = cx.busybox();
    if !cx.is_dir(CERTS) {
        cx.complain(format_args!("{CERTS}: No such file or directory"));
        return 1;
    }
    cx.modelled("links named by hashes are left out");
    let mut found = Vec::new();
    collect(cx, LOCAL, &mut found);
    let bundle = concat(CERTS, "ca-certificates.crt");
    let mut content = cx.input(&bundle).unwrap_or_default();
    let mut added = 0;
    for path in found {
        let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".crt").replace(' ', "_");
        let link = concat(CERTS, &if busybox { format!("ca-cert-{stem}.pem") } else { format!("{stem}.pem") });
        if cx.lstat(&link).is_ok() {
            continue;
        }
        if let Err(errno) = cx.symlink(&path, &link) {
            cx.complain_of(&link, errno);
            return 1;
        }
        if let Ok(certificate) = cx.input(&path) {
            content.append(&certificate);
            let ends = certificate.slice(certificate.len().saturating_sub(1), certificate.len());
            if ends.to_bytes().is_ok_and(|bytes| *bytes != b"\n") {
                content.append(&Content::from("\n"));
            }
        }
        added += 1;
    }
    if !busybox {
        cx.out(format!("Updating certificates in {CERTS}...\n"));
    }
    // The bundle is written anew in any case, and renamed into place.
    let beside = concat(CERTS, if busybox { "bundleXXXXXX" } else { "ca-certificates.crt.new" });
    let written = cx
        .open(&beside, OpenOptions::replacing(), 0o644)
        .and_then(|ino| if content.is_empty() { Ok(()) } else { cx.system.fs.write_handle(ino, 0, &content) })
        .and_then(|()| cx.chmod(&beside, 0o644))
        .and_then(|()| cx.rename(&beside, &bundle));
    if let Err(errno) = written {
        cx.complain_of(&bundle, errno);
        return 1;
    }
    if !busybox {
        cx.out(format!("{added} added, 0 removed; done.\nRunning hooks in /etc/ca-certificates/update.d...\ndone.\n"));
    }
    0
}

/// The `.crt` files below a directory, in its order.
fn collect(cx: &Context<'_>, dir: &str, found: &mut Vec<String>) {
    for child in cx.read_dir(dir).unwrap_or_default() {
        let path = concat(dir, &child.name);
        if cx.is_dir(&path) {
            collect(cx, &path, found);
        } else if path.ends_with(".crt") {
            found.push(path);
        }
    }
}
