//! Build arguments that no ARG has to give a value.

use super::BuildOptions;
use crate::dockerfile::expand::EnvList;

/// Build arguments that are there without an ARG (in RUN only, and never in the history).
pub const PROXY_ARGS: &[&str] = &[
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// The ARGs that are declared for every file, with their values.
pub fn predefined_args(options: &BuildOptions, target: Option<&str>) -> EnvList {
    let mut list = EnvList::new();
    let (build, goal) = (&options.build_platform, &options.target_platform);
    for (prefix, platform) in [("BUILD", build), ("TARGET", goal)] {
        list.set(&format!("{prefix}PLATFORM"), &platform.to_string());
        list.set(&format!("{prefix}OS"), &platform.os);
        list.set(&format!("{prefix}OSVERSION"), "");
        list.set(&format!("{prefix}ARCH"), &platform.architecture);
        list.set(&format!("{prefix}VARIANT"), &platform.variant);
    }
    list.set("TARGETSTAGE", target.filter(|name| !name.is_empty()).unwrap_or("default"));
    let names: Vec<String> = list.names().map(str::to_owned).collect();
    for name in names {
        if let Some(value) = options.build_args.get(&name) {
            list.set(&name, value);
        }
    }
    list
}
