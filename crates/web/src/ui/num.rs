//! Number conversions that Rust has no lossless `From` for. Everything else in the crate uses `From`/`TryFrom`.

/// A float as a whole number, towards zero. NaN is 0, values outside the range saturate.
#[expect(clippy::as_conversions, reason = "Rust offers no other float-to-integer conversion; `as` saturates")]
pub const fn trunc_i64(value: f64) -> i64 {
    value as i64
}

/// A float as an index or a count, towards zero. Negative values and NaN are 0.
#[expect(clippy::as_conversions, reason = "Rust offers no other float-to-integer conversion; `as` saturates")]
pub const fn trunc_usize(value: f64) -> usize {
    value as usize
}

/// A count as a float; exact up to 2^53, far beyond any count here.
#[expect(clippy::as_conversions, reason = "no From<usize> for f64; exact below 2^53")]
pub const fn count_f64(value: usize) -> f64 {
    value as f64
}

/// A whole number as a float; exact up to ±2^53.
#[expect(clippy::as_conversions, reason = "no From<i64> for f64; exact below 2^53")]
pub const fn int_f64(value: i64) -> f64 {
    value as f64
}
