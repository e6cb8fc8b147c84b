//! Words of headers in other languages than English, for the fields that nearly every file has.

use crate::catalog::RecordType;
use std::collections::HashMap;
use std::sync::LazyLock;

mod de;
mod es;
mod fr;
mod it;
mod nl;
mod pl;
mod pt;

/// Words of one language, by what they mean; as people write them, case, blanks and accents do not matter.
type Table = &'static [(Word, &'static [&'static str])];

const TABLES: [Table; 7] = [de::WORDS, fr::WORDS, es::WORDS, pt::WORDS, it::WORDS, nl::WORDS, pl::WORDS];

/// What a word of a header means, whatever the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Name,
    /// A name, or the first name beside a last name (`Nombre`, `Nome`).
    NameOrFirst,
    /// A name, or the last name beside a first name (`Nom`).
    NameOrLast,
    FirstName,
    LastName,
    FullName,
    Email,
    Phone,
    Mobile,
    WorkPhone,
    Company,
    Domain,
    Street,
    Zip,
    City,
    State,
    Country,
    JobTitle,
    Department,
    Notes,
    Birthday,
    Website,
    Industry,
    Employees,
    Revenue,
    Amount,
    Currency,
    Stage,
    Status,
    Probability,
    CloseDate,
    ClosedDate,
    Owner,
    Tags,
    Source,
    Contact,
    Deal,
    Number,
}

/// Words that mean a field which most record types have.
const COMMON: &[(Word, &str)] =
    &[(Word::Status, "status"), (Word::Owner, "owner_id"), (Word::Tags, "tags"), (Word::Notes, "notes")];

impl Word {
    /// The target of a record type that the word means.
    fn target(self, record: RecordType) -> Option<&'static str> {
        let find = |of: &'static [(Self, &str)]| of.iter().find(|(word, _)| *word == self).map(|(_, key)| *key);
        let common = || find(COMMON).filter(|name| record.standard().field(name).is_some());
        find(record.spec().import.words).or_else(common)
    }
}

/// The target that a header means in one of the languages, by the header in lower-case letters and digits only.
/// A number at its end (`Telefon 2`) does not matter.
pub fn target_of(record: RecordType, squashed: &str) -> Option<&'static str> {
    let wanted = fold(squashed.trim_end_matches(|c: char| c.is_ascii_digit()));
    FORMS.get(&wanted)?.iter().find_map(|word| word.target(record))
}

/// What each word can mean, by the form in which words are compared.
static FORMS: LazyLock<HashMap<String, Vec<Word>>> = LazyLock::new(|| {
    let mut forms: HashMap<String, Vec<Word>> = HashMap::new();
    for (word, names) in TABLES.into_iter().flatten() {
        for name in *names {
            forms.entry(form(name)).or_default().push(*word);
        }
    }
    forms
});

/// The form in which words are compared.
fn form(name: &str) -> String {
    fold(&super::squash(name))
}

/// Lower-case text without the accents of the languages above, because many files are without them.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'ą' => out.push('a'),
            'ç' | 'ć' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => out.push('o'),
            'ś' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'ź' | 'ż' => out.push('z'),
            'œ' => out.push_str("oe"),
            // Accents that stand apart, as some systems write them.
            '\u{300}'..='\u{36f}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
