//! Sizes in Docker's units.

const UNITS: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/// A size in Docker's units: powers of 1000 and three significant digits, as `docker history` and `docker images` print
/// it (go-units `HumanSizeWithPrecision(size, 3)`): `0B`, `448B`, `1.05MB`, `2.1MB`, `9.69MB`.
///
/// One difference: where rounding reaches 1000, go-units prints `1e+03kB`, and this the next unit, `1MB`.
pub fn human(bytes: u64) -> String {
    // Whole numbers all the way: a float's rounding must not depend on the machine.
    let mut divisor: u128 = 1;
    let mut unit = 0;
    while u128::from(bytes) / divisor >= 1000 && unit + 1 < UNITS.len() {
        divisor *= 1000;
        unit += 1;
    }
    let bytes = u128::from(bytes);
    let decimals: u32 = match bytes / divisor {
        _ if unit == 0 => 0,
        0..=9 => 2,
        10..=99 => 1,
        _ => 0,
    };
    let scale = 10_u128.pow(decimals);
    let mut rounded = rounded_half_even(bytes * scale, divisor);
    let mut decimals = decimals;
    if unit > 0 && decimals > 0 && rounded >= 1000 {
        // 9.995 became 10.00: one decimal less keeps three digits.
        rounded /= 10;
        decimals -= 1;
    }
    if unit > 0 && decimals == 0 && rounded >= 1000 && unit + 1 < UNITS.len() {
        return format!("1{}", UNITS[unit + 1]);
    }
    let scale = 10_u128.pow(decimals);
    let whole = rounded / scale;
    let mut number = whole.to_string();
    if decimals > 0 {
        let fraction = format!("{:0width$}", rounded % scale, width = decimals as usize);
        let fraction = fraction.trim_end_matches('0');
        if !fraction.is_empty() {
            number = format!("{number}.{fraction}");
        }
    }
    format!("{number}{}", UNITS[unit])
}

fn rounded_half_even(numerator: u128, divisor: u128) -> u128 {
    let (quotient, rest) = (numerator / divisor, numerator % divisor);
    match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient % 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_docker_s() {
        // Recorded from `docker history` and `docker images` 28.5, and from go-units' own tests.
        let cases = [
            (0, "0B"),
            (1, "1B"),
            (448, "448B"),
            (999, "999B"),
            (1000, "1kB"),
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
