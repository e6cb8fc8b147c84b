//! Reads the labelled data and measures blocking and comparison on it.

use chrono::NaiveDate;
use domain::dedupe::{CERTAIN, MAX_BLOCK, POSSIBLE, PersonFacts, Profile, compare, keys};
use domain::records::Address;
use std::collections::{BTreeMap, BTreeSet};

/// The records of one file, and which of them are one person.
pub struct Data {
    /// What is compared.
    pub profiles: Vec<Profile>,
    /// The number of the original record.
    pub people: Vec<String>,
}

/// Reads a file of `tests/data`.
pub fn read(file: &str) -> Data {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut data = Data { profiles: Vec::new(), people: Vec::new() };
    for row in reader.records() {
        let row = row.unwrap();
        let of = |name: &str| &row[header.iter().position(|h| h == name).unwrap()];
        let address = Address {
            street: format!("{} {}\n{}", of("street_number"), of("address_1"), of("address_2")),
            city: of("suburb").to_owned(),
            state: of("state").to_owned(),
            zip: of("postcode").to_owned(),
            ..Address::default()
        };
        data.people.push(of("rec_id").split('-').nth(1).unwrap().to_owned());
        data.profiles.push(Profile::person(&PersonFacts {
            first_name: of("given_name"),
            last_name: of("surname"),
            addresses: vec![&address],
            birthday: NaiveDate::parse_from_str(of("date_of_birth"), "%Y%m%d").ok(),
            ..PersonFacts::default()
        }));
    }
    data
}

/// What came of one file.
#[derive(Debug)]
pub struct Measured {
    /// Pairs that blocking lets meet.
    pub candidates: usize,
    /// Pairs of records of one person.
    pub duplicates: usize,
    /// Of these, pairs that do not meet.
    pub missed_by_blocking: usize,
    /// Precision and recall of all steps together, from `POSSIBLE` on.
    pub possible: (f64, f64),
    /// The same from `CERTAIN` on.
    pub certain: (f64, f64),
}

/// The pairs that meet under a key that is not crowded.
pub fn candidates(data: &Data) -> BTreeSet<(usize, usize)> {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, profile) in data.profiles.iter().enumerate() {
        for key in keys(profile) {
            blocks.entry(key).or_default().push(at);
        }
    }
    let small = blocks.values().filter(|block| block.len() <= MAX_BLOCK);
    small
        .flat_map(|block| block.iter().enumerate().flat_map(|(n, a)| block[n + 1..].iter().map(|b| (*a, *b))))
        .collect()
}

/// Runs blocking and comparison.
pub fn measure(data: &Data) -> Measured {
    let same = |(a, b): &(usize, usize)| data.people[*a] == data.people[*b];
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for person in &data.people {
        *sizes.entry(person).or_default() += 1;
    }
    let duplicates = sizes.values().map(|n| n * (n - 1) / 2).sum();
    let met = candidates(data);
    let scored: Vec<(u8, bool)> = met
        .iter()
        .filter_map(|pair| Some((compare(&data.profiles[pair.0], &data.profiles[pair.1])?.score, same(pair))))
        .collect();
    let quality = |threshold: u8| {
        let found = scored.iter().filter(|(score, _)| *score >= threshold).count();
        let right = scored.iter().filter(|(score, same)| *score >= threshold && *same).count();
        (ratio(right, found), ratio(right, duplicates))
    };
    Measured {
        candidates: met.len(),
        duplicates,
        missed_by_blocking: duplicates - met.iter().filter(|pair| same(pair)).count(),
        possible: quality(POSSIBLE),
        certain: quality(CERTAIN),
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(whole).unwrap())
}
