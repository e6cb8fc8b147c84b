//! Duplicate detection against labelled data: blocking and comparison together.
//!
//! The data describes people by name, address and birthday; where it comes from stands in `data/SOURCES.md`. The
//! numbers are printed with `--nocapture`. What is missed are mostly records whose first name was replaced by another
//! one: in a CRM these are families, and telling them apart matters more than finding the few that are one person.

#[cfg(test)]
mod febrl;

use febrl::{Measured, measure, read};

/// Asserts lower bounds of precision and recall (in this order) from `POSSIBLE` and from `CERTAIN` on, and upper bounds
/// of candidates and of duplicates that blocking misses.
fn assert_bounds(measured: &Measured, possible: (f64, f64), certain: (f64, f64), candidates: usize, missed: usize) {
    let reaches = |is: (f64, f64), least: (f64, f64)| is.0 >= least.0 && is.1 >= least.1;
    assert!(reaches(measured.possible, possible), "possible: {measured:?}");
    assert!(reaches(measured.certain, certain), "certain: {measured:?}");
    assert!(measured.candidates <= candidates && measured.missed_by_blocking <= missed, "blocking: {measured:?}");
}

/// DEDUPE-01: duplicates are found, and nothing else, in the data that the weights were set with.
#[test]
fn seen_data() {
    let measured = measure(&read("febrl1.csv"));
    println!("1000 records, seen: {measured:#?}");
    assert_eq!(measured.duplicates, 500);
    assert_bounds(&measured, (0.99, 0.96), (0.995, 0.81), 700, 2);
}

/// DEDUPE-01: and in data that the weights were not set with, with up to five duplicates of one record.
#[test]
fn unseen_data() {
    let measured = measure(&read("febrl3.csv"));
    println!("5000 records, unseen: {measured:#?}");
    assert_eq!(measured.duplicates, 6538);
    assert_bounds(&measured, (0.99, 0.93), (0.995, 0.71), 11_500, 50);
}
