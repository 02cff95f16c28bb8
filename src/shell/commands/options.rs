//! Reading options as getopt_long(3) does, from a declaration that also documents them.

use super::{Context, Exit};
use crate::vfs::Libc;

/// The options of a command.
///
/// `short` lists letters as for getopt: `"m:i::pv"` (`m` takes a value, `i` one that is in the same word). `long` pairs each long name with the letter it stands
/// for (`("mode", 'm')`); for one without a letter, use one from the digits or capitals that `short` declares but the
/// program does not have as a short option, and list that in `hidden`. Options may follow operands, unless `in_order` is set
/// (or `POSIXLY_CORRECT` programs such as `env`, `xargs`, which stop at the first operand).
pub struct Options {
    /// Letters; a colon after one that takes a value, two after one that may.
    pub short: &'static str,
    /// Long names.
    pub long: &'static [(&'static str, char)],
    /// Letters that only stand for a long name.
    pub hidden: &'static str,
    /// The first operand ends the options.
    pub in_order: bool,
}

impl Options {
    /// Short options only.
    pub const fn short(short: &'static str) -> Self {
        Self { short, long: &[], hidden: "", in_order: false }
    }
}

/// Whether an option takes a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    Value,
    /// If it is in the same word: `-i.bak`, `--in-place=.bak`.
    Attached,
}

/// What was given.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The options in order, each with its value (empty for one that takes none).
    pub given: Vec<(char, String)>,
    /// What is left.
    pub operands: Vec<String>,
}

impl Parsed {
    /// Was this option given?
    pub fn has(&self, option: char) -> bool {
        self.given.iter().any(|(letter, _)| *letter == option)
    }

    /// The last value of an option.
    pub fn value(&self, option: char) -> Option<&str> {
        self.given.iter().rev().find(|(letter, _)| *letter == option).map(|(_, value)| value.as_str())
    }

    /// Which of these options was given last?
    pub fn last_of(&self, options: &str) -> Option<char> {
        self.given.iter().rev().map(|(letter, _)| *letter).find(|letter| options.contains(*letter))
    }
}

impl Context<'_> {
    /// The options and operands of this command.
    ///
    /// # Errors
    /// The status to end with: 0 after an unknown option, which makes the command *not simulated* and names the option; 1
    /// after a missing value, which the real program refuses too.
    pub fn options(&mut self, options: &Options) -> Result<Parsed, Exit> {
        let mut parsed = Parsed::default();
        let args: Vec<String> = self.args.iter().skip(1).cloned().collect();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                parsed.operands.extend(args);
                break;
            }
            if let Some(long) = arg.strip_prefix("--") {
                if let Some(exit) = self.refuse_long(long) {
                    return Err(exit);
                }
                let (name, value) =
                    long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value.to_owned())));
                let Some(letter) = options.long(name) else { return Err(self.unknown(&format!("--{name}"))) };
                let value = match (options.takes(letter), value) {
                    (Takes::Value, None) => args.next().ok_or_else(|| self.lacks_value(&arg))?,
                    (Takes::Value | Takes::Attached, Some(value)) => value,
                    (Takes::Nothing | Takes::Attached, None) => String::new(),
                    (Takes::Nothing, Some(_)) => return Err(self.unknown(&arg)),
                };
                parsed.given.push((letter, value));
            } else if arg.len() > 1 && arg.starts_with('-') {
                for (i, letter) in arg[1..].char_indices() {
                    if let Some(exit) = self.refuse_letter(letter) {
                        return Err(exit);
                    }
                    if !options.knows(letter) {
                        return Err(self.unknown(&format!("-{letter}")));
                    }
                    let takes = options.takes(letter);
                    if takes == Takes::Nothing {
                        parsed.given.push((letter, String::new()));
                        continue;
                    }
                    let rest = &arg[1 + i + letter.len_utf8()..];
                    let value = if rest.is_empty() && takes == Takes::Value {
                        args.next().ok_or_else(|| self.lacks_value(&format!("-{letter}")))?
                    } else {
                        rest.to_owned()
                    };
                    parsed.given.push((letter, value));
                    break;
                }
            } else {
                parsed.operands.push(arg);
                if options.in_order {
                    parsed.operands.extend(args);
                    break;
                }
            }
        }
        Ok(parsed)
    }

    fn unknown(&mut self, option: &str) -> Exit {
        self.not_simulated(format_args!("option {option}"))
    }

    fn lacks_value(&mut self, option: &str) -> Exit {
        let letter = option.trim_start_matches('-');
        match (self.busybox(), self.system.libc) {
            (true, Libc::Musl) => self.complain(format_args!("option requires an argument: {letter}")),
            _ => self.complain(format_args!("option requires an argument -- '{letter}'")),
        }
        if self.busybox() {
            self.busybox_usage();
        } else {
            let line = format!("Try '{} --help' for more information.\n", self.name());
            self.err(line);
        }
        1
    }
}

impl Options {
    fn knows(&self, letter: char) -> bool {
        letter != ':' && self.short.contains(letter) && !self.hidden.contains(letter)
    }

    fn takes(&self, letter: char) -> Takes {
        match self.short.split_once(letter) {
            Some((_, rest)) if rest.starts_with("::") => Takes::Attached,
            Some((_, rest)) if rest.starts_with(':') => Takes::Value,
            _ => Takes::Nothing,
        }
    }

    /// The letter of a long name, or of an unambiguous start of one.
    fn long(&self, name: &str) -> Option<char> {
        if let Some((_, letter)) = self.long.iter().find(|(long, _)| *long == name) {
            return Some(*letter);
        }
        let mut starting = self.long.iter().filter(|(long, _)| long.starts_with(name));
        match (starting.next(), starting.next()) {
            (Some((_, letter)), None) => Some(*letter),
            _ => None,
        }
    }
}
