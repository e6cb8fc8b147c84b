//! Names of companies.

use super::text::{self, Alike, alike};
use super::weights;

/// Words at the end of a name that tell its legal form, and the form under one name for its variants.
const LEGAL_FORMS: &[(&str, &str)] = &[
    ("ab", "ab"),
    ("ag", "ag"),
    ("aktiengesellschaft", "ag"),
    ("aps", "aps"),
    ("as", "as"),
    ("bv", "bv"),
    ("corp", "inc"),
    ("corporation", "inc"),
    ("doo", "doo"),
    ("eg", "eg"),
    ("ek", "ek"),
    ("ev", "ev"),
    ("gbr", "gbr"),
    ("gmbh", "gmbh"),
    ("inc", "inc"),
    ("incorporated", "inc"),
    ("kft", "kft"),
    ("kg", "kg"),
    ("kk", "kk"),
    ("limited", "ltd"),
    ("llc", "llc"),
    ("llp", "llp"),
    ("lp", "lp"),
    ("ltd", "ltd"),
    ("ltda", "ltda"),
    ("mbh", "gmbh"),
    ("nv", "nv"),
    ("ohg", "ohg"),
    ("ooo", "ooo"),
    ("oy", "oy"),
    ("oyj", "oy"),
    ("plc", "plc"),
    ("sa", "sa"),
    ("sarl", "sarl"),
    ("sas", "sas"),
    ("se", "se"),
    ("sl", "sl"),
    ("slu", "sl"),
    ("spa", "spa"),
    ("spzoo", "spzoo"),
    ("srl", "srl"),
    ("sro", "sro"),
    ("ug", "ug"),
    ("zrt", "zrt"),
    ("ооо", "ooo"),
];

/// Legal forms that stand before the name.
const LEADING: &[&str] = &["ао", "зао", "оао", "ооо", "ooo", "пао", "pt", "sarl"];

/// Legal forms that are written without a blank, on either side.
const ATTACHED: &[&str] = &["株式会社", "有限会社", "合同会社", "股份有限公司", "有限责任公司", "有限公司", "주식회사"];

/// Further words at the end of a name that tell nothing.
const TRAILING: &[&str] = &["and", "co", "company", "com", "pty", "pvt", "private", "haftungsbeschrankt"];

/// Words that do not count.
const FILLERS: &[&str] = &["the", "and", "und", "et", "y", "of", "de", "la", "fur"];

/// A company's name, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyName {
    /// The words that make the name.
    pub words: Vec<String>,
    /// The words without blanks.
    pub whole: String,
    initials: String,
    legal_form: Option<&'static str>,
}

impl CompanyName {
    /// From a name as people write it.
    pub fn new(name: &str) -> Self {
        let mut words = parted(&text::fold(&without_attached(name)));
        let mut legal_form = None;
        if words.len() > 1 && words.first().is_some_and(|word| LEADING.contains(&word.as_str())) {
            words.remove(0);
        }
        while words.len() > 1 {
            let Some(last) = words.last() else { break };
            if let Some((_, form)) = LEGAL_FORMS.iter().find(|(word, _)| word == last) {
                // The outermost form is the company's: a `GmbH & Co. KG` is a KG.
                legal_form = legal_form.or(Some(*form));
            } else if !TRAILING.contains(&last.as_str()) {
                break;
            }
            words.pop();
        }
        if words.iter().any(|word| !FILLERS.contains(&word.as_str())) {
            words.retain(|word| !FILLERS.contains(&word.as_str()));
        }
        let initials = words.iter().filter_map(|word| word.chars().next()).collect();
        Self { whole: words.concat(), words, initials, legal_form }
    }

    /// Words of `self` that `other` has too, or has with a typing slip.
    fn common(&self, other: &Self) -> usize {
        self.words.iter().filter(|word| other.words.iter().any(|theirs| same_word(word, theirs))).count()
    }
}

/// The name without forms of [`ATTACHED`], unless nothing else is there.
fn without_attached(name: &str) -> String {
    let bare = ATTACHED
        .iter()
        .fold(name.to_owned(), |name, form| if name.contains(form) { name.replace(form, " ") } else { name });
    if bare.trim().is_empty() { name.to_owned() } else { bare }
}

/// Words, with `S.A.`, `G.m.b.H.`, `A/S` and `sp. z o.o.` as one each.
fn parted(folded: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for chunk in folded.replace('&', " and ").split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')) {
        let letters = chunk.split(['.', '/']).filter(|part| !part.is_empty());
        if chunk.contains(['.', '/']) && letters.clone().all(|part| part.chars().count() == 1) {
            words.push(letters.collect());
        } else {
            words.extend(text::words(chunk));
        }
    }
    if words.ends_with(&["sp".to_owned(), "z".to_owned(), "oo".to_owned()]) {
        words.truncate(words.len().saturating_sub(3));
        words.push("spzoo".to_owned());
    }
    words.retain(|word| !word.is_empty());
    words
}

fn same_word(a: &str, b: &str) -> bool {
    a == b || !text::has_digit(a) && !text::has_digit(b) && a.len().min(b.len()) > 4 && alike(a, b) >= Alike::Much
}

/// How two names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One is not known.
    Missing,
    /// No common word.
    Different,
    /// Common words, and words of its own on each side.
    Partly,
    /// One has all words of the other, or is its initials.
    Contained,
    /// Equal but for typing slips.
    Like,
    /// Equal.
    Same,
}

/// Compares two names; also whether their legal forms are known and two.
pub fn compare(a: &CompanyName, b: &CompanyName) -> (Outcome, bool) {
    let forms_differ = matches!((a.legal_form, b.legal_form), (Some(one), Some(other)) if one != other);
    (outcome(a, b), forms_differ)
}

fn outcome(a: &CompanyName, b: &CompanyName) -> Outcome {
    if a.whole.is_empty() || b.whole.is_empty() {
        return Outcome::Missing;
    }
    if a.whole == b.whole {
        return Outcome::Same;
    }
    let (ours, theirs) = (a.common(b), b.common(a));
    let (all_ours, all_theirs) = (ours == a.words.len(), theirs == b.words.len());
    if all_ours && all_theirs {
        let exact = a.words.len() == b.words.len() && a.words.iter().all(|word| b.words.contains(word));
        return if exact { Outcome::Same } else { Outcome::Like };
    }
    let digits = text::has_digit(&a.whole) || text::has_digit(&b.whole);
    if !digits && a.whole.len().min(b.whole.len()) >= 8 && text::one_slip(&a.whole, &b.whole) {
        return Outcome::Like;
    }
    let abbreviated = |short: &CompanyName, long: &CompanyName| {
        short.words.len() == 1 && long.words.len() > 1 && short.whole == long.initials
    };
    if all_ours || all_theirs || abbreviated(a, b) || abbreviated(b, a) {
        Outcome::Contained
    } else if ours + theirs > 0 {
        Outcome::Partly
    } else {
        Outcome::Different
    }
}

/// The evidence of two names, in tenths of a bit.
pub fn weigh(outcome: Outcome, a: &CompanyName, b: &CompanyName) -> i32 {
    match outcome {
        Outcome::Missing => 0,
        Outcome::Different => weights::NAME_DIFFERENT,
        Outcome::Partly => weights::NAME_PARTLY,
        Outcome::Contained => weights::NAME_CONTAINED,
        Outcome::Like => weights::NAME_LIKE,
        Outcome::Same if a.words.len().min(b.words.len()) > 1 => weights::LONG_NAME_SAME,
        Outcome::Same => weights::NAME_SAME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: &str, b: &str) -> (Outcome, bool) {
        compare(&CompanyName::new(a), &CompanyName::new(b))
    }

    /// DEDUPE-01: legal forms, punctuation and word order do not make another name; two legal forms are noted.
    #[test]
    fn names() {
        use Outcome::{Contained, Different, Like, Partly, Same};
        assert_eq!(of("ACME GmbH", "Acme"), (Same, false));
        assert_eq!(of("Müller GmbH & Co. KG", "Mueller KG").0, Like);
        assert_eq!(of("Müller G.m.b.H. & Co. KG", "The MULLER KG"), (Same, false));
        assert_eq!(of("Acme S.A.", "Acme AG"), (Same, true));
        assert_eq!(of("Pixel sp. z o.o.", "Pixel Sp. z o.o."), (Same, false));
        assert_eq!(of("Johnson & Johnson", "Johnson and Johnson Inc."), (Same, false));
        assert_eq!(of("Data Dog", "DataDog, Inc."), (Same, false));
        assert_eq!(of("Northwind Traders", "Nortwind Traders").0, Like);
        assert_eq!(of("IBM", "International Business Machines Corp").0, Contained);
        assert_eq!(of("Apple", "Apple Records").0, Contained);
        assert_eq!(of("Starbucks Berlin", "Starbucks Hamburg").0, Partly);
        assert_eq!(of("Studio 54", "Studio 55").0, Partly);
        assert_eq!(of("Acme", "Globex").0, Different);
        assert_eq!(of("ООО Ромашка", "Ромашка").0, Same);
        assert_eq!(of("株式会社トヨタ", "トヨタ").0, Same);
        assert_eq!(of("株式会社", "株式会社").0, Same);
        assert_eq!(of("GmbH", "GmbH"), (Same, false));
        assert_eq!(of("", "Acme").0, Outcome::Missing);
    }
}
