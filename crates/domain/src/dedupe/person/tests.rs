use super::*;

fn outcomes(a: (&str, &str), b: (&str, &str)) -> (Outcome, Outcome, bool) {
    let (a, b) = (PersonName::new(a.0, a.1), PersonName::new(b.0, b.1));
    let names = compare(&a, &b);
    (names.first, names.last, names.swapped)
}

/// DEDUPE-01: one person's name in the ways that people write it.
#[test]
fn one_name_in_many_ways() {
    use Outcome::{Initial, Like, Missing, Nickname, Same};
    let ada = ("Ada", "Lovelace");
    assert_eq!(outcomes(ada, ("Lovelace, Ada", "")), (Same, Same, false));
    assert_eq!(outcomes(ada, ("Dr. Ada Lovelace", "")), (Same, Same, false));
    assert_eq!(outcomes(ada, ("Lovelace", "Ada")), (Same, Same, true));
    assert_eq!(outcomes(ada, ("A.", "Lovelace")), (Initial, Same, false));
    assert_eq!(outcomes(ada, ("ada@example.com", "")), (Missing, Missing, false));
    assert_eq!(outcomes(ada, ("Ada", "")), (Same, Missing, false));
    assert_eq!(outcomes(("Bob", "Miller"), ("Robert", "Millar")), (Nickname, Like, false));
    assert_eq!(outcomes(("Anna Maria", "Meyer-Schmidt"), ("Anna", "Schmidt")), (Like, Like, false));
    assert_eq!(outcomes(("José", "Muñoz"), ("jose", "munoz")), (Same, Same, false));
    assert_eq!(outcomes(("Miss", "Prof"), ("Miss", "Prof")), (Same, Same, false), "titles that are all there is");
}

/// DEDUPE-01: two people are not one because their names share letters.
#[test]
fn two_names() {
    use Outcome::{Different, Faint, Same};
    assert_eq!(outcomes(("John", "Smith"), ("Mary", "Smith")), (Different, Same, false));
    assert_eq!(outcomes(("J", "Smith"), ("Mary", "Smith")).0, Different);
    assert!(matches!(outcomes(("Alexander", "Smith"), ("Alexandra", "Smith")).0, Outcome::Like | Faint));
    assert_ne!(outcomes(("伟", "王"), ("伟明", "王")).0, Outcome::Initial, "a sign is a name");
}
