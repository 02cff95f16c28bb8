//! Times as Docker keeps and shows them. The engine has no clock: who wants to know how long ago something was says what
//! time it is.

/// Seconds since 1970 of an RFC 3339 time, its fraction dropped; none if it is not one.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't'])?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (clock, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => return None,
    };
    let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
    let mut clock = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let offset = match offset.as_bytes().first()? {
        b'Z' | b'z' => 0,
        sign => {
            let (hours, minutes) = offset[1..].split_once(':')?;
            let all = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            if *sign == b'-' { -all } else { all }
        }
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// As RFC 3339 in UTC: `2025-01-01T00:00:00Z`.
pub(super) fn rfc3339(seconds: i64) -> String {
    let (date, clock) = parts(seconds);
    format!("{date}T{clock}Z")
}

/// As Go prints a time: `2025-01-01 00:00:00 +0000 UTC`.
pub(super) fn go(seconds: i64) -> String {
    let (date, clock) = parts(seconds);
    format!("{date} {clock} +0000 UTC")
}

/// How long ago, as Docker puts it (go-units, `HumanDuration`): `About an hour ago`.
pub(super) fn ago(then: i64, now: i64) -> String {
    let seconds = now - then;
    let minutes = seconds / 60;
    // Go rounds the hours.
    let hours = (seconds + 1800).div_euclid(3600);
    let text = match () {
        () if seconds < 1 => "Less than a second".to_owned(),
        () if seconds == 1 => "1 second".to_owned(),
        () if seconds < 60 => format!("{seconds} seconds"),
        () if minutes == 1 => "About a minute".to_owned(),
        () if minutes < 60 => format!("{minutes} minutes"),
        () if hours == 1 => "About an hour".to_owned(),
        () if hours < 48 => format!("{hours} hours"),
        () if hours < 24 * 7 * 2 => format!("{} days", hours / 24),
        () if hours < 24 * 30 * 2 => format!("{} weeks", hours / 24 / 7),
        () if hours < 24 * 365 * 2 => format!("{} months", hours / 24 / 30),
        () => format!("{} years", seconds / 3600 / 24 / 365),
    };
    format!("{text} ago")
}

fn parts(seconds: i64) -> (String, String) {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    (format!("{year:04}-{month:02}-{day:02}"), format!("{hour:02}:{minute:02}:{second:02}"))
}

/// Days since 1970 of a date of the Gregorian calendar, by eras of 400 years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expectations from `date -u -d TEXT +%s` of GNU coreutils.
    #[test]
    fn times_are_read_and_written() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2025-01-01T00:00:00Z", 1_735_689_600),
            ("2024-02-29T23:59:59Z", 1_709_251_199),
            ("1900-03-01T00:00:00Z", -2_203_891_200),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
            assert_eq!(rfc3339(expected), text);
        }
        assert_eq!(seconds("2026-11-24T02:39:26.995506678Z"), Some(1_795_487_966));
        assert_eq!(seconds("2026-11-24T03:39:26+01:00"), Some(1_795_487_966));
        assert_eq!(go(1_795_487_966), "2026-11-24 02:39:26 +0000 UTC");
        for bad in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    /// The examples of go-units' own documentation and tests.
    #[test]
    fn how_long_ago_is_docker_s() {
        const HOUR: i64 = 3600;
        for (seconds, expected) in [
            (0, "Less than a second ago"),
            (1, "1 second ago"),
            (45, "45 seconds ago"),
            (60, "About a minute ago"),
            (180, "3 minutes ago"),
            (HOUR, "About an hour ago"),
            (3 * HOUR, "3 hours ago"),
            (47 * HOUR, "47 hours ago"),
            (3 * 24 * HOUR, "3 days ago"),
            (2 * 7 * 24 * HOUR, "2 weeks ago"),
            (3 * 30 * 24 * HOUR, "3 months ago"),
            (15 * 30 * 24 * HOUR, "15 months ago"),
            (3 * 365 * 24 * HOUR, "3 years ago"),
        ] {
            assert_eq!(ago(0, seconds), expected);
        }
    }
}
