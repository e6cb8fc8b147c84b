//! Pairs of contacts as they stand in a CRM, and what duplicate detection must make of them. The labelled data has
//! no email addresses, phone numbers and companies.

use domain::dedupe::{CERTAIN, POSSIBLE, PersonFacts, Profile, compare, keys};

/// What is expected of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// One person: a merge is offered as one click.
    Merge,
    /// Worth a look.
    Look,
    /// Two people.
    Two,
}
use Expected::{Look, Merge, Two};

/// First name, last name, email, phone, company, birthday.
type Row = [&'static str; 6];

const PAIRS: &[(Expected, Row, Row)] = &[
    (Merge, ["Ada", "Lovelace", "ada@acme.com", "", "", ""], ["Ada", "Lovelace", "Ada+news@Acme.com", "", "", ""]),
    (Merge, ["Ada", "Lovelace", "", "+442079460018", "", ""], ["Ada", "Lovelace", "", "+44 20 7946 0018", "", ""]),
    (Merge, ["A.", "Lovelace", "ada@acme.com", "", "", ""], ["Ada", "Lovelace", "ada@acme.com", "", "", ""]),
    (Merge, ["Lovelace", "Ada", "", "+442079460018", "", ""], ["Ada", "Lovelace", "", "+442079460018", "", ""]),
    (Merge, ["Bob", "Miller", "", "+12125550142", "", ""], ["Robert", "Miller", "", "+12125550142", "", ""]),
    (Merge, ["José", "Muñoz", "jose.munoz@uno.es", "", "", ""], ["Jose", "Munoz", "jose.munoz@uno.es", "", "", ""]),
    (
        Merge,
        ["Ada Lovelace", "", "a.lovelace@gmail.com", "", "", ""],
        ["Ada", "Lovelace", "alovelace@gmail.com", "", "", ""],
    ),
    (Merge, ["Anna", "Schmidt", "", "", "", "1980-05-17"], ["Anna", "Schmidt", "", "", "", "1980-05-17"]),
    (Look, ["Ada", "Lovelace", "", "", "", ""], ["Ada", "Lovelace", "", "", "", ""]),
    (Look, ["Ada", "Lovelace", "", "", "Acme GmbH", ""], ["Ada", "Lovelace", "", "", "ACME", ""]),
    (Look, ["Jon", "Smith", "", "", "Acme", ""], ["John", "Smith", "", "", "Acme", ""]),
    (Look, ["Kristina", "Berg", "", "", "Acme", ""], ["Christina", "Berg", "", "", "Acme", ""]),
    (Look, ["Anna", "Schmidt", "", "+4930901820", "", ""], ["Anna", "Meyer", "", "+4930901820", "", ""]),
    (Look, ["Lovelace", "", "ada@acme.com", "", "", ""], ["Ada", "", "ada@acme.com", "", "", ""]),
    (Look, ["ada@acme.com", "", "ada@acme.com", "", "", ""], ["Ada", "Lovelace", "ada@acme.com", "", "", ""]),
    (
        Look,
        ["Homer", "Simpson", "simpsons@gmail.com", "", "", ""],
        ["Marge", "Simpson", "simpsons@gmail.com", "", "", ""],
    ),
    (Two, ["Ada", "Lovelace", "", "", "", "1980-05-17"], ["Ada", "Lovelace", "", "", "", "1975-11-02"]),
    (
        Look,
        ["Ada", "Lovelace", "ada.lovelace@acme.com", "", "", ""],
        ["Ada", "Lovelace", "ada.lovelace@globex.com", "", "", ""],
    ),
    (
        Two,
        ["John", "Smith", "john@acme.com", "+12125550142", "Acme", ""],
        ["John", "Smith", "john@globex.com", "+12125550777", "Globex", ""],
    ),
    (Two, ["Ada", "Lovelace", "info@acme.com", "", "Acme", ""], ["Bob", "Miller", "info@acme.com", "", "Acme", ""]),
    (
        Two,
        ["Anna", "Huber", "anna.huber@acme.com", "+4930901820", "Acme", ""],
        ["Anna", "Lang", "anna.lang@acme.com", "+4930901820", "Acme", ""],
    ),
    (
        Two,
        ["Ada", "Lovelace", "ada@acme.com", "+4930901820", "Acme", ""],
        ["Bob", "Miller", "bob@acme.com", "+4930901820", "Acme", ""],
    ),
    (Two, ["Homer", "Simpson", "", "+12125550142", "", ""], ["Marge", "Simpson", "", "+12125550142", "", ""]),
    (Two, ["Homer", "Simpson", "", "", "Acme", ""], ["Marge", "Simpson", "", "", "Acme", ""]),
    (Two, ["Ada", "Lovelace", "ada@gmail.com", "", "", ""], ["Bob", "Miller", "bob@gmail.com", "", "", ""]),
    (Two, ["Ada", "Lovelace", "", "", "", ""], ["Ada", "Byron", "", "", "", ""]),
    (Two, ["Ada", "", "", "", "", ""], ["Ada", "", "", "", "", ""]),
    (Two, ["Tom", "Huber", "", "", "", "1980-05-17"], ["Eva", "Lang", "", "", "", "1980-05-17"]),
    (
        Look,
        ["Tina", "Berg", "", "+12125550142", "", "2001-02-03"],
        ["Mark", "Berg", "", "+12125550142", "", "2001-02-03"],
    ),
    (Two, ["伟", "王", "", "", "", ""], ["芳", "王", "", "", "", ""]),
    (Two, ["", "", "", "", "Acme", ""], ["", "", "", "", "Acme", ""]),
];

fn profile([first_name, last_name, email, phone, company_name, birthday]: Row) -> Profile {
    Profile::person(&PersonFacts {
        first_name,
        last_name,
        emails: vec![email],
        phones: vec![phone],
        company_name,
        birthday: birthday.parse().ok(),
        ..PersonFacts::default()
    })
}

/// DEDUPE-01: contacts are found to be one by email, phone and name, however these are written; families, colleagues
/// and namesakes are not; what should be found meets under a key.
#[test]
fn pairs() {
    let mut wrong = Vec::new();
    for (expected, ours, theirs) in PAIRS {
        let (a, b) = (profile(*ours), profile(*theirs));
        let likeness = compare(&a, &b);
        let score = likeness.as_ref().map_or(0, |likeness| likeness.score);
        let found = match score {
            CERTAIN.. => Merge,
            POSSIBLE.. => Look,
            _ => Two,
        };
        let meet = keys(&a).iter().any(|key| keys(&b).contains(key));
        if found != *expected || *expected != Two && !meet {
            wrong.push(format!("{expected:?}, meet: {meet}\n  {ours:?}\n  {theirs:?}\n  {likeness:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
