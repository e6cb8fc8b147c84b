//! Phone numbers of a row: several in a cell, and columns that name their kind.

use super::compile::Compiled;
use super::plan::Plan;
use super::target::Target;
use super::value::{self, several};
use super::{squash, words};
use crate::catalog::{Field, Kind, RecordType};

/// What a word beside a phone number says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// It belongs to this field.
    Field(&'static str),
    /// Nobody answers there.
    NoPhone,
}

/// Words for kinds of numbers in the languages that exports come in, by their beginnings.
const SAID: &[(Said, &[&str])] = &[
    (Said::NoPhone, &["pager", "beeper"]),
    (
        Said::Field("mobile_phone"),
        &["mobile", "mobil", "cell", "handy", "iphone", "portable", "movil", "telemovel", "komork"],
    ),
    (
        Said::Field("work_phone"),
        &[
            "work",
            "business",
            "office",
            "company",
            "arbeit",
            "buro",
            "geschaft",
            "dienst",
            "travail",
            "bureau",
            "profession",
            "trabajo",
            "oficina",
            "trabalho",
            "comercial",
            "lavoro",
            "ufficio",
            "werk",
            "zakelijk",
            "praca",
            "sluzb",
        ],
    ),
    (
        Said::Field("phone"),
        &["home", "main", "other", "privat", "haupt", "domicile", "casa", "principal", "thuis", "dom", "altr", "autre"],
    ),
];

fn said(kind: &str) -> Option<Said> {
    let kind = words::fold(&squash(kind));
    if kind.contains("fax") {
        return Some(Said::NoPhone);
    }
    let begins = |beginnings: &[&str]| beginnings.iter().any(|b| kind.starts_with(b));
    SAID.iter().find(|(_, beginnings)| begins(beginnings)).map(|(said, _)| *said)
}

/// The columns of numbers whose kind stands in another column, by their places.
#[derive(Debug)]
pub(super) struct Kinds {
    record: RecordType,
    /// The column of the numbers, and that of their kinds.
    pairs: Vec<(usize, usize)>,
}

/// A phone number of a row and the field that it feeds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phone<'r> {
    /// The field.
    pub field: &'static Field,
    /// The number as written.
    pub text: &'r str,
    /// Place of its column.
    pub column: usize,
}

/// The phone numbers of a row.
#[derive(Debug, Default)]
pub(super) struct Phones<'r> {
    /// Those that feed a field, in the order of forms.
    pub fed: Vec<Phone<'r>>,
    /// Those that no field is left for, with the fields that their columns are mapped to.
    pub spare: Vec<Phone<'r>>,
    /// Numbers of fax machines and pagers, the same.
    pub silent: Vec<Phone<'r>>,
}

impl Kinds {
    /// The columns of a plan that fits the headers.
    pub fn new(plan: &Plan, headers: &[String]) -> Self {
        let find = |name: &String| headers.iter().position(|h| h == name);
        let kinds = plan.options.phone_kinds.iter();
        let pairs = kinds.filter_map(|k| Some((find(&k.column)?, find(&k.kind)?))).collect();
        Self { record: plan.entity, pairs }
    }

    /// Whether a column names kinds.
    pub fn names(&self, at: usize) -> bool {
        self.pairs.iter().any(|(_, kind)| *kind == at)
    }

    /// The phone numbers of a row. Where it names no kind, the first column of a field that is not blank wins, as for
    /// all fields.
    pub fn phones<'r>(&self, sources: &[(Target, Compiled)], record: &[&'r str]) -> Phones<'r> {
        let mut phones = Phones::default();
        let mut later: Vec<Phone<'r>> = Vec::new();
        for (target, columns) in sources.iter().filter_map(phone_columns) {
            for column in columns.iter().copied() {
                let kind =
                    self.pairs.iter().find(|(value, _)| *value == column).and_then(|(_, kind)| record.get(*kind));
                let cell = record.get(column).map_or("", |cell| cell.trim());
                for (at, text) in several::phones(cell).into_iter().filter(|text| !text.is_empty()).enumerate() {
                    let named = kind.and_then(|kind| said(kind));
                    let mapped = Phone { field: target.field, text, column };
                    let phone = match named {
                        Some(Said::NoPhone) => {
                            phones.silent.push(mapped);
                            continue;
                        }
                        Some(Said::Field(name)) => Phone { field: self.field(name).unwrap_or(target.field), ..mapped },
                        None => mapped,
                    };
                    if phones.is_free(phone.field) {
                        phones.fed.push(phone);
                    } else if named.is_some() || at > 0 {
                        later.push(mapped);
                    }
                }
            }
        }
        // A second number of a kind takes the field of its column, if nothing else did.
        for phone in later {
            let place = if phones.is_free(phone.field) { &mut phones.fed } else { &mut phones.spare };
            place.push(phone);
        }
        let fields = self.record.spec().standard;
        phones.fed.sort_by_key(|phone| fields.iter().position(|field| field.name == phone.field.name));
        phones
    }

    /// The phone field with this name, if the record has one.
    fn field(&self, name: &str) -> Option<&'static Field> {
        self.record.standard().field(name).filter(|field| matches!(field.kind, Kind::Phone))
    }
}

impl Phones<'_> {
    fn is_free(&self, field: &Field) -> bool {
        self.fed.iter().all(|known| known.field.name != field.name)
    }
}

/// The columns that a target of phone numbers is fed by.
pub(super) fn phone_columns((target, source): &(Target, Compiled)) -> Option<(&Target, &Vec<usize>)> {
    match source {
        Compiled::Columns(columns) if matches!(target.field.kind, Kind::Phone) => Some((target, columns)),
        _ => None,
    }
}

impl Phones<'_> {
    /// The numbers that feed nothing, and what is said about each.
    pub fn left_out(&self) -> impl Iterator<Item = (&Phone<'_>, String)> {
        let quoted = |phone: &Phone<'_>| value::shorten(phone.text);
        let spare =
            self.spare.iter().map(move |p| (p, format!("“{}” is left out: no field is left for it.", quoted(p))));
        let silent = self.silent.iter();
        spare.chain(silent.map(move |p| (p, format!("“{}” is left out: it is no number to call.", quoted(p)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-02: the kinds of numbers that exports name, in several languages.
    #[test]
    fn kinds() {
        for (text, expected) in [
            ("Mobile", Some(Said::Field("mobile_phone"))),
            ("* Work", Some(Said::Field("work_phone"))),
            ("Work Fax", Some(Said::NoPhone)),
            ("Home", Some(Said::Field("phone"))),
            ("Geschäftlich", Some(Said::Field("work_phone"))),
            ("Móvil", Some(Said::Field("mobile_phone"))),
            ("Grandma", None),
            ("", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
