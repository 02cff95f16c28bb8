//! Dates for `date`, `touch -d`, `ls -l`, `stat` and `find`: the proleptic Gregorian calendar, in UTC only, as images have it
//! unless a time zone is installed.

use crate::vfs::{EPOCH, Time};

/// A second, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Civil {
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    /// 0 is Sunday.
    pub weekday: i64,
    /// 1 to 366.
    pub yearday: i64,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Days since 1970-01-01 of a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Seconds since 1970 of a date and time of day.
pub(super) fn seconds(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> i64 {
    days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}

/// The date and time of day of a second.
pub(super) fn civil(seconds: i64) -> Civil {
    let (day_number, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let z = day_number + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z - era * 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Civil {
        year,
        month,
        day,
        hour: rest / 3600,
        minute: rest / 60 % 60,
        second: rest % 60,
        weekday: (day_number + 4).rem_euclid(7),
        yearday: day_number - days(year, 1, 1) + 1,
    }
}

/// strftime(3) in the C locale, with `%N`, `%s` and GNU's `%-d`.
pub(super) fn format(format: &str, time: Time) -> String {
    let at = civil(time.seconds);
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let flag = chars.next_if(|c| "-_0^#:".contains(*c));
        let mut width = 0;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
            width = (width * 10 + digit as usize).min(99);
            chars.next();
        }
        let Some(letter) = chars.next_if(|c| *c != 'E' && *c != 'O').or_else(|| {
            chars.next();
            chars.next()
        }) else {
            out.push('%');
            break;
        };
        let number = |value: i64, digits: usize, pad: char| {
            let pad = match flag {
                Some('-') => return value.to_string(),
                Some('_') => ' ',
                Some('0') => '0',
                _ => pad,
            };
            let digits = if width > 0 { width } else { digits };
            let text = value.to_string();
            format!("{}{text}", pad.to_string().repeat(digits.saturating_sub(text.len())))
        };
        let month = MONTHS[(at.month - 1).rem_euclid(12) as usize];
        let day = DAYS[at.weekday.rem_euclid(7) as usize];
        let twelve = if at.hour % 12 == 0 { 12 } else { at.hour % 12 };
        let part = match letter {
            'Y' => number(at.year, 4, '0'),
            'C' => number(at.year / 100, 2, '0'),
            'y' => number(at.year % 100, 2, '0'),
            'm' => number(at.month, 2, '0'),
            'd' => number(at.day, 2, '0'),
            'e' => number(at.day, 2, ' '),
            'H' => number(at.hour, 2, '0'),
            'I' => number(twelve, 2, '0'),
            'k' => number(at.hour, 2, ' '),
            'l' => number(twelve, 2, ' '),
            'M' => number(at.minute, 2, '0'),
            'S' => number(at.second, 2, '0'),
            'j' => number(at.yearday, 3, '0'),
            's' => time.seconds.to_string(),
            'N' => {
                let digits = format!("{:09}", time.nanos);
                if width > 0 && width < 9 { digits[..width].to_owned() } else { digits }
            }
            'a' => day[..3].to_owned(),
            'A' => day.to_owned(),
            'b' | 'h' => month[..3].to_owned(),
            'B' => month.to_owned(),
            'p' => if at.hour < 12 { "AM" } else { "PM" }.to_owned(),
            'P' => if at.hour < 12 { "am" } else { "pm" }.to_owned(),
            'u' => (if at.weekday == 0 { 7 } else { at.weekday }).to_string(),
            'w' => at.weekday.to_string(),
            'q' => ((at.month + 2) / 3).to_string(),
            'U' => number((at.yearday + 6 - at.weekday) / 7, 2, '0'),
            'W' => number((at.yearday + 6 - (at.weekday + 6) % 7) / 7, 2, '0'),
            'V' => number(iso_week(at).1, 2, '0'),
            'G' => number(iso_week(at).0, 4, '0'),
            'g' => number(iso_week(at).0 % 100, 2, '0'),
            'Z' => "UTC".to_owned(),
            'z' if flag == Some(':') => "+00:00".to_owned(),
            'z' => "+0000".to_owned(),
            'F' => self::format("%Y-%m-%d", time),
            'T' | 'X' => self::format("%H:%M:%S", time),
            'R' => self::format("%H:%M", time),
            'D' | 'x' => self::format("%m/%d/%y", time),
            'r' => self::format("%I:%M:%S %p", time),
            'c' => self::format("%a %b %e %H:%M:%S %Y", time),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            other => format!("%{other}"),
        };
        if flag == Some('^') { out.push_str(&part.to_uppercase()) } else { out.push_str(&part) }
    }
    out
}

/// Year and number of the ISO 8601 week.
fn iso_week(at: Civil) -> (i64, i64) {
    let weekday = if at.weekday == 0 { 7 } else { at.weekday };
    let week = (at.yearday - weekday + 10) / 7;
    let long = |year: i64| {
        let jan1 = (days(year, 1, 1) + 4).rem_euclid(7);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        jan1 == 4 || (leap && jan1 == 3)
    };
    if week < 1 {
        (at.year - 1, if long(at.year - 1) { 53 } else { 52 })
    } else if week == 53 && !long(at.year) {
        (at.year + 1, 1)
    } else {
        (at.year, week)
    }
}

/// `YYYY-MM-DD` or the like and `hh:mm[:ss[.frac]]`, with a blank or `T` between, and `Z`, `UTC` or `+hh[:]mm` after them.
fn iso(text: &str) -> Option<Time> {
    let text = text.trim();
    let (date, rest) = match text.find(['T', ' ']) {
        Some(at) if text[..at].contains('-') => (&text[..at], text[at + 1..].trim()),
        _ if text.contains('-') && !text.contains(':') => (text, ""),
        _ => ("", text),
    };
    let (year, month, day) = if date.is_empty() {
        let now = civil(EPOCH);
        (now.year, now.month, now.day)
    } else {
        let parts: Vec<i64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [year, month, day] = parts[..] else { return None };
        (year, month, day)
    };
    let (clock, offset) = zone(rest)?;
    let (clock, nanos) = match clock.split_once('.') {
        Some((clock, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => {
            (clock, format!("{fraction:0<9.9}").parse().ok()?)
        }
        Some(_) => return None,
        None => (clock, 0),
    };
    let fields: Vec<i64> = if clock.is_empty() {
        vec![0, 0]
    } else {
        clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?
    };
    let (hour, minute, second) = match fields[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let valid = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    valid.then(|| Time { seconds: seconds(year, month, day, hour, minute, second) - offset, nanos })
}

/// Splits a zone off a time of day; its offset in seconds.
fn zone(text: &str) -> Option<(&str, i64)> {
    let text = text.trim();
    for name in ["UTC", "GMT", "Z", "z"] {
        if let Some(clock) = text.strip_suffix(name) {
            return Some((clock.trim(), 0));
        }
    }
    // A zone stands after a time of day only: `2020-01-01 +1 day` has none.
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, 0)) };
    if !text[..at].contains(':') {
        return None;
    }
    let digits: String = text[at + 1..].chars().filter(|c| *c != ':').collect();
    let value: i64 = digits.parse().ok()?;
    let minutes = match digits.len() {
        1 | 2 => value * 60,
        4 => value / 100 * 60 + value % 100,
        _ => return None,
    };
    let sign = if text.as_bytes().get(at) == Some(&b'-') { -1 } else { 1 };
    Some((text[..at].trim(), sign * minutes * 60))
}

/// What busybox's `-d` understands: `@seconds`, `hh:mm[:ss]`, `YYYY-MM-DD hh:mm[:ss]`, `[YYYY.]MM.DD-hh:mm[:ss]`,
/// `[[[[[YY]YY]MM]DD]hh]mm[.ss]`.
pub(super) fn parse_busybox(text: &str) -> Option<Time> {
    let at = |seconds| Some(Time { seconds, nanos: 0 });
    if let Some(number) = text.strip_prefix('@') {
        return number.parse().ok().and_then(at);
    }
    if text.contains(':') || text.contains('-') {
        if let Some((date, clock)) = text.split_once('-').filter(|(date, _)| date.contains('.')) {
            let parts: Vec<&str> = date.split('.').collect();
            let date = match parts[..] {
                [year, month, day] => format!("{year}-{month}-{day}"),
                [month, day] => format!("{}-{month}-{day}", civil(EPOCH).year),
                _ => return None,
            };
            return iso(&format!("{date} {clock}"));
        }
        return iso(text).map(|time| Time { nanos: 0, ..time });
    }
    digits(text, false)
}

/// `[[[[[YY]YY]MM]DD]hh]mm[.ss]`; with `date_first`, at least `MMDDhhmm` (POSIX `touch -t`).
pub(super) fn digits(text: &str, date_first: bool) -> Option<Time> {
    let (main, second) = match text.split_once('.') {
        Some((main, second)) if second.len() == 2 => (main, second.parse().ok()?),
        Some(_) => return None,
        None => (text, 0),
    };
    if main.is_empty() || main.len() > 12 || main.len() % 2 != 0 || !main.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if date_first && main.len() < 8 {
        return None;
    }
    let pairs: Vec<i64> = (0..main.len() / 2).filter_map(|i| main[2 * i..2 * i + 2].parse().ok()).collect();
    let now = civil(EPOCH);
    let from_end = |i: usize| pairs.len().checked_sub(i).and_then(|at| pairs.get(at)).copied();
    let year = match pairs.len() {
        6 => pairs[0] * 100 + pairs[1],
        5 => pairs[0] + if pairs[0] < 69 { 2000 } else { 1900 },
        _ => now.year,
    };
    let (month, day) = (from_end(4).unwrap_or(now.month), from_end(3).unwrap_or(now.day));
    let (hour, minute) = (from_end(2).unwrap_or(now.hour), from_end(1)?);
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60;
    valid.then(|| Time { seconds: seconds(year, month, day, hour, minute, second), nanos: 0 })
}

/// What GNU's `-d` understands, as far as it is modelled: ISO dates and times, `YYYYMMDD`, `@seconds`, RFC 2822 dates,
/// `now`, `today`, `yesterday`, `tomorrow`, and `[+-]N unit [ago]` after any of them.
pub(super) fn parse_gnu(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Some(number) = text.strip_prefix('@') {
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let nanos = if fraction.is_empty() { 0 } else { format!("{fraction:0<9.9}").parse().ok()? };
        return whole.parse().ok().map(|seconds| Time { seconds, nanos });
    }
    if text.is_empty() {
        let now = civil(EPOCH);
        return Some(Time { seconds: seconds(now.year, now.month, now.day, 0, 0, 0), nanos: 0 });
    }
    if let Some(time) = iso(text) {
        return Some(time);
    }
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return iso(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]));
    }
    rfc2822(text).or_else(|| relative(text))
}

/// `Wed, 01 Jan 2020 10:00:00 +0000`, `1 Jan 2020`, `Jan 1 2020 10:00`.
fn rfc2822(text: &str) -> Option<Time> {
    let (mut day, mut month, mut year) = (None, None, None);
    let mut rest = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        let lower = word.to_ascii_lowercase();
        let named = |name: &str| lower.len() >= 3 && name.to_ascii_lowercase().starts_with(&lower);
        if DAYS.iter().any(|name| named(name)) {
            continue;
        }
        if let Some(found) = MONTHS.iter().position(|name| named(name)) {
            month = Some(found as i64 + 1);
        } else if let Ok(number) = word.parse::<i64>()
            && !word.starts_with(['+', '-'])
        {
            if word.len() == 4 { year = Some(number) } else { day = Some(number) }
        } else {
            rest.push(word);
        }
    }
    let year = year.unwrap_or_else(|| civil(EPOCH).year);
    iso(format!("{year}-{:02}-{:02} {}", month?, day?, rest.join(" ")).trim())
}

fn relative(text: &str) -> Option<Time> {
    let mut at = Time { seconds: EPOCH, nanos: 0 };
    let words: Vec<String> = text.split_whitespace().map(str::to_ascii_lowercase).collect();
    let mut i = 0;
    // A date before the relative part.
    for cut in (1..words.len()).rev() {
        if let Some(time) = iso(&text.split_whitespace().take(cut).collect::<Vec<_>>().join(" ")) {
            (at, i) = (time, cut);
            break;
        }
    }
    while i < words.len() {
        let (step, unit) = match words[i].as_str() {
            "now" | "today" => (0, "day"),
            "yesterday" => (-1, "day"),
            "tomorrow" => (1, "day"),
            word => {
                let split = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
                let (number, unit) = word.split_at(split);
                let number: i64 = match number {
                    "" | "+" if word == "next" => 1,
                    "" if word == "last" => -1,
                    "" => return None,
                    number => number.trim_start_matches('+').parse().ok()?,
                };
                let unit = if unit.is_empty() || number.abs() == 1 && (word == "next" || word == "last") {
                    i += 1;
                    words.get(i)?.as_str()
                } else {
                    unit
                };
                (number, unit)
            }
        };
        i += 1;
        let ago = words.get(i).is_some_and(|word| word == "ago");
        let step = if ago { -step } else { step };
        i += usize::from(ago);
        let length = match unit.strip_suffix('s').unwrap_or(unit) {
            "sec" | "second" => 1,
            "min" | "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            "week" => 7 * 86_400,
            "fortnight" => 14 * 86_400,
            "month" | "year" => {
                let months = if unit.starts_with('m') { step } else { step.checked_mul(12)? };
                let from = civil(at.seconds);
                let index = from.year.checked_mul(12)?.checked_add(from.month - 1)?.checked_add(months)?;
                let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
                at.seconds = seconds(year, month, from.day, from.hour, from.minute, from.second);
                continue;
            }
            _ => return None,
        };
        at.seconds = at.seconds.checked_add(step.checked_mul(length)?)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_both_ways() {
        for day in (-200_000..200_000).step_by(37) {
            let at = civil(day * 86_400 + 3_723);
            assert_eq!(seconds(at.year, at.month, at.day, at.hour, at.minute, at.second), day * 86_400 + 3_723);
        }
    }

    /// Recorded with date of coreutils 9.1.
    #[test]
    fn formats() {
        let time = Time { seconds: 1_577_872_805, nanos: 1_234 };
        let check = |spec: &str, expected: &str| assert_eq!(format(spec, time), expected, "{spec}");
        check("%Y-%m-%d %H:%M:%S.%N %z", "2020-01-01 10:00:05.000001234 +0000");
        check("%a %b %e %H:%M:%S %Z %Y", "Wed Jan  1 10:00:05 UTC 2020");
        check("%-d/%-m %j %V %u %I%p %3N", "1/1 001 01 3 10AM 000");
        check("%Y%m%d-%s %%", "20200101-1577872805 %");
    }

    #[test]
    fn dates_are_read() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(parse_gnu(text).map(|time| time.seconds), expected, "{text}");
        };
        check("2020-01-01 10:00", Some(1_577_872_800));
        check("2020-01-01T10:00:05Z", Some(1_577_872_805));
        check("2020-01-01 10:00 +0200", Some(1_577_865_600));
        check("Wed, 01 Jan 2020 10:00:00 +0000", Some(1_577_872_800));
        check("20200101", Some(1_577_836_800));
        check("2020-01-01 +1 day", Some(1_577_923_200));
        check("2020-01-31 1 month ago", Some(1_577_750_400));
        check("yesterday", Some(EPOCH - 86_400));
        check("2 hours ago", Some(EPOCH - 7200));
        check("@5", Some(5));
        check("xx", None);
        let busybox = |text: &str| parse_busybox(text).map(|time| time.seconds);
        assert_eq!(busybox("2020-01-01 10:00"), Some(1_577_872_800));
        assert_eq!(busybox("202001011000.05"), Some(1_577_872_805));
        assert_eq!(busybox("xx"), None);
        assert_eq!(digits("2001011000", true).map(|time| time.seconds), Some(1_577_872_800));
    }
}
