//! `md5sum`, `sha1sum`, `sha256sum`, `sha512sum` and their like: print digests of files, or check them.
//!
//! The digest of a listed file is known where it is its SHA-256. Random bytes have a digest of known length and unknown
//! digits: *modelled*.

use super::input::{Failure, Words, chomp, lines};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::Content;

const OPTIONS: &Options = &Options {
    short: "bctswz12345",
    long: &[
        ("binary", 'b'),
        ("check", 'c'),
        ("text", 't'),
        ("warn", 'w'),
        ("zero", 'z'),
        ("status", '1'),
        ("quiet", '2'),
        ("strict", '3'),
        ("ignore-missing", '4'),
        ("tag", '5'),
    ],
    hidden: "12345",
    in_order: false,
};

pub(super) const MD5SUM: Command = Command { name: "md5sum", run: Run::Plain(run), options: OPTIONS };
pub(super) const SHA1SUM: Command = Command { name: "sha1sum", run: Run::Plain(run), options: OPTIONS };
pub(super) const SHA224SUM: Command = Command { name: "sha224sum", run: Run::Plain(run), options: OPTIONS };
pub(super) const SHA256SUM: Command = Command { name: "sha256sum", run: Run::Plain(run), options: OPTIONS };
pub(super) const SHA384SUM: Command = Command { name: "sha384sum", run: Run::Plain(run), options: OPTIONS };
pub(super) const SHA512SUM: Command = Command { name: "sha512sum", run: Run::Plain(run), options: OPTIONS };

const WORDS: Words = Words {
    missing: ["can't open '%'", "%"],
    directory: [Some("can't read '%': Is a directory"), Some("%: Is a directory")],
};

/// The longest content that is hashed, in bytes: generated content can be far longer than there is time for.
pub(super) const MAX_HASHED: u64 = 256 << 20;

/// An algorithm: its name, and the length of its digest in hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Algorithm {
    name: &'static str,
    digits: usize,
}

fn algorithm(command: &str) -> Algorithm {
    let (name, digits) = match command {
        "md5sum" => ("MD5", 32),
        "sha1sum" => ("SHA1", 40),
        "sha224sum" => ("SHA224", 56),
        "sha384sum" => ("SHA384", 96),
        "sha512sum" => ("SHA512", 128),
        _ => ("SHA256", 64),
    };
    Algorithm { name, digits }
}

/// A digest in hexadecimal; `Err(true)` if it depends on bytes that nobody knows, `Err(false)` if they are only not held.
fn digest(content: &Content, algorithm: Algorithm) -> Result<String, bool> {
    if algorithm.name == "SHA256"
        && let Some(known) = content.known_digest()
    {
        return Ok(known.hex());
    }
    if !content.is_held() {
        let unknown = content.segments().iter().any(|segment| matches!(segment, crate::vfs::Segment::Unknown(_)));
        return Err(unknown);
    }
    fn hash<D: sha2::Digest>(content: &Content) -> String {
        let mut hasher = D::new();
        let _ = content.for_each_chunk(|chunk| hasher.update(chunk));
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
    Ok(match algorithm.name {
        "MD5" => hash::<md5::Md5>(content),
        "SHA1" => hash::<sha1::Sha1>(content),
        "SHA224" => hash::<sha2::Sha224>(content),
        "SHA384" => hash::<sha2::Sha384>(content),
        "SHA512" => hash::<sha2::Sha512>(content),
        _ => hash::<sha2::Sha256>(content),
    })
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('s') && !cx.busybox() {
        return cx.misused("invalid option -- 's'");
    }
    let algorithm = algorithm(cx.name());
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    if parsed.has('c') {
        return operands.iter().map(|operand| check(cx, &parsed, algorithm, operand)).max().unwrap_or(0);
    }
    let mut exit = 0;
    let end = if parsed.has('z') { "\0" } else { "\n" };
    for operand in &operands {
        let content = match cx.operand(operand, &WORDS) {
            Ok(content) => content,
            Err(_) => {
                exit = 1;
                continue;
            }
        };
        if content.len() > MAX_HASHED && content.known_digest().is_none() {
            return cx.not_simulated(format_args!("the digest of {operand}, which has {} bytes", content.len()));
        }
        let mut out = Content::empty();
        let (before, after) = if parsed.has('5') {
            (format!("{} ({operand}) = ", algorithm.name), end.to_owned())
        } else {
            let mark = if parsed.has('b') && !cx.busybox() { '*' } else { ' ' };
            (String::new(), format!(" {mark}{operand}{end}"))
        };
        out.push_bytes(before.as_bytes());
        match digest(&content, algorithm) {
            Ok(hex) => out.push_bytes(hex.as_bytes()),
            Err(true) => {
                cx.modelled(format_args!("the digest of {operand}, whose bytes are random"));
                out.append(&Content::unknown(algorithm.digits as u64));
            }
            Err(false) => {
                return cx
                    .not_simulated(format_args!("the content of {operand} is not in the listing of the base image"));
            }
        }
        out.push_bytes(after.as_bytes());
        cx.out_content(&out);
    }
    exit
}

/// One list of digests.
fn check(cx: &mut Context<'_>, parsed: &Parsed, algorithm: Algorithm, list: &str) -> Exit {
    let bytes = match cx.operand_bytes(list, &Words::plain(None)) {
        Ok(bytes) => bytes,
        Err(Failure::Told) => return 1,
        Err(Failure::NotSimulated) => return 0,
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let silent = parsed.has('s') || parsed.has('1');
    let quiet = silent || parsed.has('2');
    let (mut total, mut wrong, mut unreadable, mut malformed, mut matched) = (0, 0, 0, 0, 0);
    for line in lines(text.as_bytes()).map(chomp) {
        let line = String::from_utf8_lossy(line).into_owned();
        let line = line.trim_end_matches('\r');
        let Some((expected, file)) = entry(line, algorithm, cx.busybox()) else {
            malformed += 1;
            if parsed.has('w') && !cx.busybox() {
                cx.complain(format_args!(
                    "{list}: {}: improperly formatted {} checksum line",
                    total + malformed,
                    algorithm.name
                ));
            }
            if cx.busybox() {
                // A digest like any other, and a wrong one.
                (total, wrong) = (total + 1, wrong + 1);
            }
            continue;
        };
        if parsed.has('4') && cx.system.fs.stat(&cx.process.cred, &cx.process.path(&file)).is_err() {
            continue;
        }
        total += 1;
        let content = match cx.operand(&file, &WORDS) {
            Ok(content) => content,
            Err(_) => {
                unreadable += 1;
                if !silent {
                    cx.out(if cx.busybox() {
                        format!("{file}: FAILED\n")
                    } else {
                        format!("{file}: FAILED open or read\n")
                    });
                }
                continue;
            }
        };
        let found = if content.len() > MAX_HASHED { Err(false) } else { digest(&content, algorithm) };
        let Ok(found) = found else {
            // A download's checksum: nobody can tell, so it is taken to be right.
            if !quiet {
                cx.out(format!("{file}: OK\n"));
            }
            cx.modelled(format_args!("the bytes of {file} are not held: its checksum is taken to be right"));
            matched += 1;
            continue;
        };
        if found.eq_ignore_ascii_case(&expected) {
            matched += 1;
            if !quiet {
                cx.out(format!("{file}: OK\n"));
            }
        } else {
            wrong += 1;
            if !silent {
                cx.out(format!("{file}: FAILED\n"));
            }
        }
    }
    if cx.busybox() {
        if total == 0 {
            cx.complain(format_args!("no checksum lines found in '{list}'"));
            return 1;
        }
        if wrong + unreadable > 0 && !silent {
            cx.complain(format_args!("WARNING: {} of {total} computed checksums did NOT match", wrong + unreadable));
        }
        return u8::from(wrong + unreadable > 0);
    }
    let list = if list == "-" { "'standard input'".to_owned() } else { list.to_owned() };
    if total == 0 && !parsed.has('4') {
        cx.complain(format_args!("{list}: no properly formatted checksum lines found"));
        return 1;
    }
    if !silent {
        let plural =
            |n: usize, one: &str, many: &str| if n == 1 { format!("{n} {one}") } else { format!("{n} {many}") };
        if malformed > 0 {
            let what = plural(malformed, "line is", "lines are");
            cx.complain(format_args!("WARNING: {what} improperly formatted"));
        }
        if unreadable > 0 {
            let what = plural(unreadable, "listed file", "listed files");
            cx.complain(format_args!("WARNING: {what} could not be read"));
        }
        if wrong > 0 {
            let what = plural(wrong, "computed checksum", "computed checksums");
            cx.complain(format_args!("WARNING: {what} did NOT match"));
        }
        if parsed.has('4') && matched == 0 && wrong == 0 {
            cx.complain(format_args!("{list}: no file was verified"));
        }
    }
    let none = parsed.has('4') && matched == 0;
    u8::from(wrong + unreadable > 0 || none || parsed.has('3') && malformed > 0)
}

/// `HEX  FILE`, `HEX *FILE`, and GNU's `NAME (FILE) = HEX`.
fn entry(line: &str, algorithm: Algorithm, busybox: bool) -> Option<(String, String)> {
    let is_hex = |text: &str| text.len() == algorithm.digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !busybox
        && let Some(rest) = line.strip_prefix(algorithm.name)
        && let Some((file, hex)) = rest.trim_start().strip_prefix('(')?.rsplit_once(") = ")
    {
        return is_hex(hex).then(|| (hex.to_owned(), file.to_owned()));
    }
    let (hex, file) = line.split_once(' ')?;
    let file = file.strip_prefix([' ', '*']).unwrap_or(file);
    // busybox takes any digest and finds it wrong later.
    ((busybox || is_hex(hex)) && !file.is_empty()).then(|| (hex.to_owned(), file.to_owned()))
}
