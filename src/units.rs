//! Sizes in Docker's units.

const UNITS: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/// A size in Docker's units: powers of 1000 and three significant digits, as `docker history` and `docker images` print
/// it (go-units `HumanSizeWithPrecision(size, 3)`): `0B`, `448B`, `1.05MB`, `2.1MB`, `9.69MB`.
///
/// One difference: where rounding reaches 1000, go-units prints `1e+03kB`, and this the next unit, `1MB`.
pub fn human(bytes: u64) -> String {
    with_digits(bytes, 3)
}

/// The same with four significant digits, as `docker system df -v` prints shared and unique sizes (go-units `HumanSize`):
/// `4.446MB`.
pub fn human4(bytes: u64) -> String {
    with_digits(bytes, 4)
}

fn with_digits(bytes: u64, digits: usize) -> String {
    // As Go does it, with floats: 9,995 bytes are 9.99kB, for 9.995 as a float is a little less. IEEE arithmetic and exact
    // rounding are the same on every machine.
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    let scientific = format!("{size:.*e}", digits - 1);
    let exponent: usize = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if exponent >= digits && unit + 1 < UNITS.len() {
        return format!("1{}", UNITS[unit + 1]);
    }
    let decimals = (digits - 1).saturating_sub(exponent);
    let mut number = format!("{size:.decimals$}");
    if decimals > 0 {
        number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
    }
    format!("{number}{}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_sizes_are_docker_s() {
        // Recorded from `docker system df -v` 28.5.
        for (bytes, expected) in [
            (0, "0B"),
            (3, "3B"),
            (4_445_830, "4.446MB"),
            (9995, "9.995kB"),
            (1_244_562, "1.245MB"),
            (7_797_600, "7.798MB"),
            (12_345_678, "12.35MB"),
            (999_960, "1000kB"),
        ] {
            assert_eq!(human4(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn sizes_are_docker_s() {
        // Recorded from `docker history` and `docker images` 28.5, and from go-units' own tests.
        let cases = [
            (0, "0B"),
            (1, "1B"),
            (448, "448B"),
            (999, "999B"),
            (1000, "1kB"),
            (9994, "9.99kB"),
            (9995, "9.99kB"),
            (9999, "10kB"),
            (1024, "1.02kB"),
            (12_345, "12.3kB"),
            (1_048_576, "1.05MB"),
            (2_097_152, "2.1MB"),
            (3_145_728, "3.15MB"),
            (4_194_304, "4.19MB"),
            (4_450_000, "4.45MB"),
            (9_690_000, "9.69MB"),
            (41_000_000, "41MB"),
            (999_400, "999kB"),
            (999_999, "1MB"),
            (9_999_999, "10MB"),
            (1_000_000_000, "1GB"),
            (1_099_511_627_776, "1.1TB"),
            (u64::MAX, "18.4EB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(human(bytes), expected, "{bytes}");
        }
    }
}
