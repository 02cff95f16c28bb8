//! The programs that are simulated: one file each, one row each in [`COMMANDS`]. The table drives look-up, and says which
//! options each knows.
//!
//! A command works on the filesystem through its [`Context`] as a process does through system calls, prints to its
//! descriptors, and hands back its exit status. What changes the shell itself (`cd`, `export`, `exit`) is a builtin and not
//! here. An option that a command does not know makes it *not simulated* ([`Context::not_simulated`]): no effect, status 0.

mod account_files;
mod adduser;
mod base64;
mod calendar;
mod cat;
mod chgrp;
mod chmod;
mod chown;
mod cksum;
mod context;
mod copy;
mod copy_gnu;
mod cp;
mod cut;
mod dd;
mod debian_adduser;
mod deluser;
mod df;
mod du;
pub mod echo;
pub mod escape;
mod grep;
mod groupadd;
mod head;
mod human;
mod id;
mod input;
mod install;
mod ln;
mod ls;
mod mkdir;
mod mknod;
mod mktemp;
pub mod mode;
mod mv;
mod names;
mod number;
mod options;
mod passwd;
pub mod printf;
mod readlink;
mod realpath;
mod regex;
mod remove;
mod rm;
mod rmdir;
mod rope;
mod sed;
mod seq;
mod sort;
mod stat;
mod sums;
mod sync;
mod syscalls;
mod tail;
mod tee;
pub mod test;
#[cfg(test)]
mod testing;
mod touch;
mod tr;
mod truncate;
mod uniq;
mod useradd;
mod usermod;
mod walk;
mod wc;

pub use context::Context;
pub use options::{Options, Parsed};

use std::future::Future;
use std::pin::Pin;

/// An exit status, 0 to 255.
pub type Exit = u8;

/// What a command that runs others hands back.
pub type Running<'a> = Pin<Box<dyn Future<Output = Exit> + 'a>>;

/// How a command runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// By itself.
    Plain(fn(&mut Context<'_>) -> Exit),
    /// It runs other programs (`xargs`, `find -exec`, `env`, `sh`).
    Launcher(for<'a, 'b> fn(&'a mut Context<'b>) -> Running<'a>),
}

/// A row of the table.
pub struct Command {
    /// Its name in PATH.
    pub name: &'static str,
    /// What runs.
    pub run: Run,
    /// The options it knows, as [`Options`] has them.
    pub options: &'static Options,
}

/// The programs that are simulated, sorted by name.
pub const COMMANDS: &[Command] = &[
    test::BRACKET,
    adduser::ADDGROUP,
    adduser::ADDUSER,
    base64::COMMAND,
    names::BASENAME,
    cat::COMMAND,
    chgrp::COMMAND,
    chmod::COMMAND,
    chown::COMMAND,
    passwd::CHPASSWD,
    usermod::CHSH,
    cksum::COMMAND,
    cp::COMMAND,
    cut::COMMAND,
    dd::COMMAND,
    deluser::DELGROUP,
    deluser::DELUSER,
    df::COMMAND,
    names::DIRNAME,
    du::COMMAND,
    echo::COMMAND,
    grep::EGREP,
    grep::FGREP,
    usermod::GPASSWD,
    grep::COMMAND,
    groupadd::GROUPADD,
    groupadd::GROUPDEL,
    groupadd::GROUPMOD,
    id::GROUPS,
    head::COMMAND,
    id::ID,
    install::COMMAND,
    ln::COMMAND,
    ls::COMMAND,
    sums::MD5SUM,
    mkdir::COMMAND,
    mknod::MKFIFO,
    mknod::COMMAND,
    mktemp::COMMAND,
    mv::COMMAND,
    passwd::PASSWORD,
    printf::COMMAND,
    readlink::COMMAND,
    realpath::COMMAND,
    rm::COMMAND,
    rmdir::COMMAND,
    sed::COMMAND,
    seq::COMMAND,
    sums::SHA1SUM,
    sums::SHA224SUM,
    sums::SHA256SUM,
    sums::SHA384SUM,
    sums::SHA512SUM,
    sort::COMMAND,
    stat::COMMAND,
    cksum::SUM,
    sync::COMMAND,
    tail::COMMAND,
    tee::COMMAND,
    test::COMMAND,
    touch::COMMAND,
    tr::COMMAND,
    truncate::COMMAND,
    uniq::COMMAND,
    useradd::COMMAND,
    usermod::USERDEL,
    usermod::USERMOD,
    wc::COMMAND,
    id::WHOAMI,
];

/// The row of a name.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.binary_search_by(|command| command.name.cmp(name)).ok().map(|i| &COMMANDS[i])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::COMMANDS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
