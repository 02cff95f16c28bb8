//! `printf`: print by a format, which is used again while there are arguments. The shells' builtins are this too.
//!
//! It lacks `%a` and bash's `%(…)T` and `-v`.

use super::escape::{Escapes, decode, decode_all};
use super::number::{leading_float, parse_spec};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command { name: "printf", run: Run::Plain(run), options: &Options::short("") };

pub use super::echo::Dialect;

/// What a `printf` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    /// Its output.
    pub out: Vec<u8>,
    /// Its error messages, each without the name of the program or shell in front.
    pub complaints: Vec<String>,
    /// Its status.
    pub exit: Exit,
    /// A conversion that is not simulated.
    pub not_simulated: Option<String>,
}

/// Prints `args` (the format first; the name left out) in a dialect.
pub fn printf(args: &[String], dialect: Dialect) -> Printed {
    let (args, ended) = match args.split_first() {
        Some((first, rest)) if first == "--" => (rest, true),
        _ => (args, false),
    };
    if let Some(option) = args.first().filter(|arg| !ended && arg.len() > 1 && arg.starts_with('-')) {
        let complaints = match dialect {
            Dialect::Dash => vec![format!("Illegal option {}", &option[..option.len().min(2)])],
            Dialect::Bash => vec![
                format!("{}: invalid option", &option[..option.len().min(2)]),
                "usage: printf [-v var] format [arguments]".to_owned(),
            ],
            Dialect::Busybox | Dialect::Gnu => Vec::new(),
        };
        if !complaints.is_empty() {
            return Printed { complaints, exit: 2, ..Printed::default() };
        }
    }
    let mut printer = Printer { dialect, args: &[], printed: Printed::default(), stopped: false };
    let Some((format, rest)) = args.split_first() else {
        let usage = match dialect {
            Dialect::Busybox => "usage: printf FORMAT [ARGUMENT...]",
            Dialect::Dash => "usage: printf format [arg ...]",
            Dialect::Bash => "usage: printf [-v var] format [arguments]",
            Dialect::Gnu => "missing operand\nTry 'printf --help' for more information.",
        };
        printer.printed.complaints.push(usage.to_owned());
        printer.printed.exit = if dialect == Dialect::Gnu { 1 } else { 2 };
        return printer.printed;
    };
    printer.args = rest;
    loop {
        let before = printer.args.len();
        printer.pass(format.as_bytes());
        // One argument can give a megabyte, so the output is bounded here as the log is.
        let endless = printer.args.len() == before || printer.printed.out.len() > 64 << 20;
        if printer.stopped || printer.args.is_empty() || endless {
            return printer.printed;
        }
    }
}

struct Printer<'a> {
    dialect: Dialect,
    args: &'a [String],
    printed: Printed,
    stopped: bool,
}

impl Printer<'_> {
    fn next(&mut self) -> Option<String> {
        let (first, rest) = self.args.split_first()?;
        self.args = rest;
        Some(first.clone())
    }

    fn complain(&mut self, message: String) {
        self.printed.complaints.push(message);
        self.printed.exit = 1;
    }

    fn pass(&mut self, format: &[u8]) {
        let more = self.dialect != Dialect::Dash;
        let c = matches!(self.dialect, Dialect::Busybox | Dialect::Gnu);
        let escapes = Escapes { e: more, hex: more, octal: true, zero: false, c };
        let quotes = matches!(self.dialect, Dialect::Bash | Dialect::Gnu);
        let mut at = 0;
        while at < format.len() && !self.stopped {
            match format[at] {
                b'\\' => match decode(&format[at + 1..], escapes) {
                    Ok(Some((byte, taken))) => {
                        self.printed.out.push(byte);
                        at += 1 + taken;
                    }
                    Ok(None) if quotes && format.get(at + 1) == Some(&b'"') => {
                        self.printed.out.push(b'"');
                        at += 2;
                    }
                    Ok(None) => {
                        self.printed.out.push(b'\\');
                        at += 1;
                    }
                    Err(_) => self.stopped = true,
                },
                b'%' if format.get(at + 1) == Some(&b'%') => {
                    self.printed.out.push(b'%');
                    at += 2;
                }
                b'%' => {
                    let mut args = self.args;
                    let star = || {
                        let Some((first, rest)) = args.split_first() else { return 0 };
                        args = rest;
                        first.trim().parse().unwrap_or(0)
                    };
                    let (spec, taken) = parse_spec(&format[at + 1..], star);
                    self.args = args;
                    let from = at;
                    at += 1 + taken;
                    let Some(&letter) = format.get(at) else {
                        self.invalid(&format[from..], true);
                        return;
                    };
                    at += 1;
                    self.convert(spec, letter, &format[from..at]);
                }
                byte => {
                    self.printed.out.push(byte);
                    at += 1;
                }
            }
        }
    }

    fn convert(&mut self, spec: super::number::Spec, letter: u8, whole: &[u8]) {
        let out = match letter {
            b's' => {
                let text = self.next().unwrap_or_default();
                spec.text(text.as_bytes())
            }
            b'c' => {
                let text = self.next().unwrap_or_default();
                spec.pad(&text.as_bytes()[..text.len().min(1)])
            }
            b'b' => {
                let text = self.next().unwrap_or_default();
                let more = self.dialect != Dialect::Dash;
                let escapes = Escapes { e: more, hex: more, octal: more, zero: true, c: true };
                let (bytes, stopped) = decode_all(text.as_bytes(), escapes);
                self.stopped = stopped;
                spec.text(&bytes)
            }
            b'd' | b'i' => {
                let value = self.integer();
                spec.signed(value.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
            }
            b'u' | b'o' | b'x' | b'X' => {
                let value = self.integer();
                spec.unsigned(if value < 0 { value as i64 as u64 } else { value.min(u64::MAX.into()) as u64 }, letter)
            }
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
                let value = self.float();
                spec.float(value, letter)
            }
            b'q' if matches!(self.dialect, Dialect::Bash | Dialect::Gnu) => {
                let text = self.next().unwrap_or_default();
                spec.text(quote(&text, self.dialect).as_bytes())
            }
            b'a' | b'A' | b'(' if self.dialect != Dialect::Busybox => {
                self.printed.not_simulated = Some(format!("conversion {}", String::from_utf8_lossy(whole)));
                self.stopped = true;
                return;
            }
            _ => return self.invalid(whole, false),
        };
        self.printed.out.extend_from_slice(&out);
    }

    /// A conversion that is none, or one that the format's end cuts off.
    fn invalid(&mut self, whole: &[u8], unfinished: bool) {
        self.stopped = true;
        let text = String::from_utf8_lossy(whole).into_owned();
        self.complain(match self.dialect {
            Dialect::Busybox => format!("{text}: invalid format"),
            Dialect::Dash if text.len() == 1 => "missing format character".to_owned(),
            Dialect::Dash => format!("{text}: invalid directive"),
            Dialect::Bash if unfinished => format!("`{text}': missing format character"),
            Dialect::Bash => format!("`{}': invalid format character", text.chars().next_back().unwrap_or('%')),
            Dialect::Gnu => format!("{text}: invalid conversion specification"),
        });
        if self.dialect == Dialect::Dash {
            self.printed.exit = 2;
        }
    }

    /// An argument for a numeric conversion: a C constant, or a quote and the character whose code it is.
    fn integer(&mut self) -> i128 {
        let given = self.next();
        let missing = given.is_none();
        let arg = given.unwrap_or_default();
        if let Some(code) = character(&arg) {
            return code.into();
        }
        let text = arg.trim_start();
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (radix, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            Some(hex) => (16, hex),
            None if digits.starts_with('0') => (8, digits),
            None => (10, digits),
        };
        let taken = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let value = digits[..taken].bytes().fold(0i128, |value, digit| {
            let digit = char::from(digit).to_digit(radix).unwrap_or(0);
            (value * i128::from(radix) + i128::from(digit)).min(i128::from(u64::MAX) + 1)
        });
        let value = if negative { -value } else { value };
        let whole = taken > 0 && taken == digits.len();
        let out_of_range = value > u64::MAX.into() || value < i64::MIN.into();
        if self.judge(&arg, missing, whole, taken > 0, out_of_range) { value } else { 0 }
    }

    fn float(&mut self) -> f64 {
        let given = self.next();
        let missing = given.is_none();
        let arg = given.unwrap_or_default();
        if let Some(code) = character(&arg) {
            return code.into();
        }
        let (value, taken) = leading_float(arg.as_bytes());
        if self.judge(&arg, missing, taken == arg.len() && taken > 0, taken > 0, false) { value } else { 0.0 }
    }

    /// Complains of a bad number; false if 0 is printed for it.
    fn judge(&mut self, arg: &str, missing: bool, whole: bool, some: bool, out_of_range: bool) -> bool {
        if whole && !out_of_range || missing && self.dialect != Dialect::Busybox {
            return true;
        }
        match self.dialect {
            Dialect::Busybox => {
                // It goes on and ends well all the same, unless the argument was there.
                self.printed.complaints.push(format!("invalid number '{arg}'"));
                if !missing {
                    self.printed.exit = 1;
                }
                return false;
            }
            Dialect::Dash | Dialect::Bash if arg.is_empty() => {}
            Dialect::Dash | Dialect::Bash if out_of_range => {
                let warning = if self.dialect == Dialect::Bash { "warning: " } else { "" };
                let exit = self.printed.exit;
                self.complain(format!("{warning}{arg}: Numerical result out of range"));
                if self.dialect == Dialect::Bash {
                    self.printed.exit = exit;
                }
            }
            Dialect::Dash if some => self.complain(format!("{arg}: not completely converted")),
            Dialect::Dash => self.complain(format!("{arg}: expected numeric value")),
            Dialect::Bash if arg.starts_with('0') && !arg.starts_with("0x") && arg.contains(['8', '9']) => {
                self.complain(format!("{arg}: invalid octal number"));
            }
            Dialect::Bash => self.complain(format!("{arg}: invalid number")),
            Dialect::Gnu if out_of_range => self.complain(format!("'{arg}': Numerical result out of range")),
            Dialect::Gnu if some => self.complain(format!("'{arg}': value not completely converted")),
            Dialect::Gnu => self.complain(format!("'{arg}': expected a numeric value")),
        }
        true
    }
}

fn character(arg: &str) -> Option<u32> {
    arg.strip_prefix(['"', '\'']).and_then(|rest| rest.chars().next()).map(u32::from)
}

/// A text as a shell would read it back.
fn quote(text: &str, dialect: Dialect) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+:,./-=".contains(c) || !c.is_ascii();
    if text.is_empty() {
        return "''".to_owned();
    }
    if text.chars().all(plain) {
        return text.to_owned();
    }
    if dialect == Dialect::Gnu {
        return if text.contains('\'') && !text.contains(['"', '$', '`', '\\']) {
            format!("\"{text}\"")
        } else {
            format!("'{}'", text.replace('\'', "'\\''"))
        };
    }
    if text.chars().any(char::is_control) {
        let inner = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\t', "\\t");
        return format!("$'{inner}'");
    }
    text.chars().flat_map(|c| if plain(c) { vec![c] } else { vec!['\\', c] }).collect()
}

fn run(cx: &mut Context<'_>) -> Exit {
    let dialect = if cx.busybox() { Dialect::Busybox } else { Dialect::Gnu };
    let printed = printf(&cx.args[1..], dialect);
    if let Some(what) = printed.not_simulated {
        return cx.not_simulated(what);
    }
    cx.out(&printed.out);
    for complaint in printed.complaints {
        cx.complain(complaint);
    }
    printed.exit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(args: &[&str], out: &str) {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        assert_eq!(String::from_utf8_lossy(&printf(&args, Dialect::Busybox).out), out);
    }

    #[test]
    fn conversions() {
        check(&["%s=%d (%x, %5.2f)\\n", "answer", "42", "255", "3.14159"], "answer=42 (ff,  3.14)\n");
        check(&["%-8s|%08d|%c\\n", "left", "42", "char"], "left    |00000042|c\n");
        check(&["%s\\n", "one", "two"], "one\ntwo\n");
        check(
            &["%.3d|%+d|% d|%#x|%#o|%*d|%-*d|", "5", "5", "5", "255", "8", "4", "7", "4", "7"],
            "005|+5| 5|0xff|010|   7|7   |",
        );
        check(&["%5.1e|%g|%G|%g", "1234.5", "1e10", "0.0001", "100000"], "1.2e+03|1e+10|0.0001|100000");
        check(&["%d %d %d %u", "0x1f", "010", "\"A", "-1"], "31 8 65 18446744073709551615");
        check(&["%b|", "a\\0101b\\c", "x"], "aAb");
    }
}
