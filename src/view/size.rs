//! Sizes as Docker prints them, with how certain they are, and the thickness they are drawn with.

use serde::{Deserialize, Serialize};

pub use crate::image::Certainty;

/// A number of bytes and how certain it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Amount {
    /// Bytes.
    pub bytes: u64,
    /// How certain.
    pub certainty: Certainty,
}

impl Amount {
    /// A number of bytes, as certain as this.
    pub fn new(bytes: u64, certainty: Certainty) -> Self {
        Self { bytes, certainty }
    }

    /// An exact number of bytes.
    pub fn exact(bytes: u64) -> Self {
        Self { bytes, certainty: Certainty::Exact }
    }

    /// The amount as the page writes it: `9.69MB`, `≈ 41MB`, `≥ 9.69MB`.
    pub fn text(self) -> String {
        let size = human(self.bytes);
        match self.certainty {
            Certainty::Exact => size,
            Certainty::Modelled => format!("≈ {size}"),
            Certainty::Unknown => format!("≥ {size}"),
        }
    }
}

pub use crate::units::human;

/// The thickest edge, in steps.
pub const MAX_THICK: u8 = 48;
/// The thickness of a whiteout's lid, which stores nothing and must still be seen.
pub const LID_THICK: u8 = 11;
/// From this thickness on a cell has room for its path and size.
pub const LABEL_THICK: u8 = 8;

/// How thick a layer of so many bytes is drawn, in steps of the stylesheet's `--edge-unit`: 0 for nothing, else
/// three steps for each doubling above 64 KiB, between 2 and 48.
pub fn thickness(bytes: u64) -> u8 {
    if bytes == 0 {
        return 0;
    }
    let steps = (3.0 * (bytes as f64 / 65536.0).log2()).round();
    steps.clamp(2.0, f64::from(MAX_THICK)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thickness_grows_with_the_logarithm() {
        let cases = [
            (0, 0),
            (1, 2),
            (65_536, 2),
            (131_072, 3),
            (1_048_576, 12),
            (2_097_152, 15),
            (10_000_000, 22),
            (100_000_000, 32),
            (1_000_000_000, 42),
            (8_000_000_000, 48),
        ];
        for (bytes, expected) in cases {
            assert_eq!(thickness(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn uncertain_amounts_say_so() {
        let of = |certainty| Amount { bytes: 9_690_000, certainty }.text();
        assert_eq!(of(Certainty::Exact), "9.69MB");
        assert_eq!(of(Certainty::Modelled), "≈ 9.69MB");
        assert_eq!(of(Certainty::Unknown), "≥ 9.69MB");
    }
}
