//! The programs that are simulated: one file each, one row each in [`COMMANDS`]. The table drives look-up, and says which
//! options each knows.
//!
//! A command works on the filesystem through its [`Context`] as a process does through system calls, prints to its
//! descriptors, and hands back its exit status. What changes the shell itself (`cd`, `export`, `exit`) is a builtin and not
//! here. An option that a command does not know makes it *not simulated* ([`Context::not_simulated`]): no effect, status 0.

mod account_files;
mod adduser;
pub mod applets;
mod awk;
mod base64;
mod calendar;
mod cat;
mod certificates;
mod chgrp;
mod chmod;
mod chown;
mod cksum;
mod column;
mod columns;
mod compare;
mod context;
mod copy;
mod copy_gnu;
mod cp;
mod crontab;
mod cut;
mod date;
mod dd;
mod debian_adduser;
mod deluser;
mod df;
mod diff;
mod dos2unix;
mod du;
mod dump;
pub mod echo;
mod env;
mod envsubst;
pub mod escape;
mod expr;
mod fallocate;
mod file;
mod find;
mod getent;
mod getopt;
mod grep;
mod groupadd;
mod gzip;
mod head;
mod host;
mod human;
mod id;
mod input;
mod install;
mod join;
mod launch;
mod libraries;
mod link;
mod ln;
mod locale_gen;
mod ls;
mod mkdir;
mod mknod;
mod mktemp;
pub mod mode;
mod mount;
mod mv;
mod names;
mod number;
mod options;
mod passwd;
pub mod printf;
mod processes;
mod readlink;
mod realpath;
pub(in crate::shell) mod regex;
mod remove;
mod rm;
mod rmdir;
mod rope;
mod sed;
mod seq;
mod sh;
mod shuf;
mod sleep;
mod sort;
mod split;
mod stat;
mod strings;
mod su;
mod sums;
mod sync;
mod syscalls;
mod tail;
mod tar;
mod tee;
pub mod test;
#[cfg(test)]
mod testing;
mod touch;
mod tr;
mod tree;
mod truncate;
mod uniq;
mod unzip;
mod useradd;
mod usermod;
mod walk;
mod wc;
mod which;
mod wrappers;
mod xargs;

pub use context::Context;
pub use options::{Options, Parsed};
pub(in crate::shell) use sh::{dialect as sh_dialect, script as run_script};

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
    host::ARCH,
    sh::ASH,
    awk::COMMAND,
    base64::COMMAND,
    names::BASENAME,
    sh::BASH,
    gzip::BUNZIP2,
    gzip::BZCAT,
    gzip::BZIP2,
    cat::COMMAND,
    chgrp::COMMAND,
    chmod::COMMAND,
    chown::COMMAND,
    passwd::CHPASSWD,
    su::CHROOT,
    usermod::CHSH,
    cksum::COMMAND,
    compare::CMP,
    column::COMMAND,
    compare::COMM,
    cp::COMMAND,
    crontab::COMMAND,
    cut::COMMAND,
    sh::DASH,
    date::COMMAND,
    dd::COMMAND,
    deluser::DELGROUP,
    deluser::DELUSER,
    df::COMMAND,
    diff::COMMAND,
    names::DIRNAME,
    dos2unix::DOS2UNIX,
    du::COMMAND,
    echo::COMMAND,
    grep::EGREP,
    env::COMMAND,
    envsubst::COMMAND,
    columns::EXPAND,
    expr::COMMAND,
    fallocate::COMMAND,
    sleep::FALSE,
    grep::FGREP,
    file::COMMAND,
    find::COMMAND,
    wrappers::FLOCK,
    columns::FOLD,
    getent::COMMAND,
    getopt::COMMAND,
    usermod::GPASSWD,
    grep::COMMAND,
    groupadd::GROUPADD,
    groupadd::GROUPDEL,
    groupadd::GROUPMOD,
    id::GROUPS,
    gzip::GUNZIP,
    gzip::GZIP,
    dump::HD,
    head::COMMAND,
    dump::HEXDUMP,
    host::HOSTNAME,
    id::ID,
    install::COMMAND,
    wrappers::IONICE,
    join::COMMAND,
    processes::KILL,
    processes::KILLALL,
    libraries::LDCONFIG,
    libraries::LDD,
    link::LINK,
    ln::COMMAND,
    locale_gen::COMMAND,
    ls::COMMAND,
    awk::MAWK,
    sums::MD5SUM,
    mkdir::COMMAND,
    mknod::MKFIFO,
    mknod::COMMAND,
    mktemp::COMMAND,
    mount::MOUNT,
    mount::MOUNTPOINT,
    mv::COMMAND,
    wrappers::NICE,
    columns::NL,
    wrappers::NOHUP,
    host::NPROC,
    dump::OD,
    passwd::PASSWORD,
    columns::PASTE,
    processes::PGREP,
    processes::PIDOF,
    processes::PKILL,
    which::PRINTENV,
    printf::COMMAND,
    processes::PS,
    readlink::COMMAND,
    realpath::COMMAND,
    columns::REV,
    rm::COMMAND,
    rmdir::COMMAND,
    su::RUNUSER,
    sed::COMMAND,
    seq::COMMAND,
    wrappers::SETSID,
    sh::COMMAND,
    sums::SHA1SUM,
    sums::SHA224SUM,
    sums::SHA256SUM,
    sums::SHA384SUM,
    sums::SHA512SUM,
    shuf::COMMAND,
    sleep::SLEEP,
    sort::COMMAND,
    split::COMMAND,
    stat::COMMAND,
    wrappers::STDBUF,
    strings::COMMAND,
    su::COMMAND,
    cksum::SUM,
    sync::COMMAND,
    columns::TAC,
    tail::COMMAND,
    tar::COMMAND,
    tee::COMMAND,
    test::COMMAND,
    wrappers::TIME,
    wrappers::TIMEOUT,
    touch::COMMAND,
    tr::COMMAND,
    tree::COMMAND,
    sleep::TRUE,
    truncate::COMMAND,
    sleep::TTY,
    mount::UMOUNT,
    host::UNAME,
    columns::UNEXPAND,
    uniq::COMMAND,
    dos2unix::UNIX2DOS,
    link::UNLINK,
    gzip::UNXZ,
    unzip::COMMAND,
    certificates::COMMAND,
    useradd::COMMAND,
    usermod::USERDEL,
    usermod::USERMOD,
    sleep::USLEEP,
    wc::COMMAND,
    which::WHICH,
    id::WHOAMI,
    xargs::COMMAND,
    dump::XXD,
    gzip::XZ,
    gzip::XZCAT,
    columns::YES,
    gzip::ZCAT,
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
