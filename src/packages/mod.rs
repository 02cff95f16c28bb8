//! Programs that know the world outside an image: package managers, build tools, downloads. One file each, one row each in
//! [`TOOLS`]; `build` joins the table with the shell's `COMMANDS`.
//!
//! A tool is a command like any other (see [`crate::shell::commands`]). What it knows of packages it reads from the
//! catalogue's data files, through [`Context::system`]'s `data`: that may wait, so such a tool is a [`Run::Launcher`]. What
//! it does is a model, and it notes so ([`Context::modelled`]) once for each line; what the data lack (a package, a version)
//! it reports in the real program's words and with its exit status. It lacks any network.
//!
//! [`Context::system`]: crate::shell::commands::Context::system
//! [`Context::modelled`]: crate::shell::commands::Context::modelled
//! [`Run::Launcher`]: crate::shell::commands::Run::Launcher

mod apk;
mod apt_cache;
mod apt_get;
mod apt_mark;
mod debian;
mod debian_small;
mod dpkg;
mod dpkg_query;
mod files;
mod given;
mod languages;
mod models;
mod node;
mod python;
mod update_alternatives;

pub use languages::TOOLS as LANGUAGE_TOOLS;

use crate::shell::commands::Command;

/// The tools of the distribution, sorted by name; those of languages are in [`LANGUAGE_TOOLS`].
pub const TOOLS: &[Command] = &[
    debian_small::ADD_APT_REPOSITORY,
    apk::COMMAND,
    apt_get::APT,
    apt_cache::COMMAND,
    apt_get::APT_GET,
    debian_small::APT_KEY,
    apt_mark::COMMAND,
    debian_small::DEBCONF_SET,
    dpkg::COMMAND,
    debian_small::ARCHITECTURE,
    debian_small::DIVERT,
    dpkg_query::COMMAND,
    debian_small::RECONFIGURE,
    debian_small::INVOKE_RC,
    update_alternatives::COMMAND,
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::TOOLS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
