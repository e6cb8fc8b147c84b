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
enum Word {
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

impl Word {
    /// The target of a record type that the word means.
    const fn target(self, record: RecordType) -> Option<&'static str> {
        use RecordType::{Company, Contact, Deal};
        Some(match (self, record) {
            (Self::Name | Self::NameOrFirst | Self::NameOrLast, Company | Deal) => "name",
            (Self::Company, Company) | (Self::Deal, Deal) => "name",
            (Self::Name | Self::FullName | Self::Contact, Contact) => "name",
            // A whole name in one of these is told by the contents.
            (Self::FirstName | Self::NameOrFirst, Contact) => "first_name",
            (Self::LastName | Self::NameOrLast, Contact) => "last_name",
            (Self::Email, Contact) => "email",
            (Self::Email, Company) => "primary_email",
            (Self::Phone, Contact) => "phone",
            (Self::Phone | Self::WorkPhone, Company) => "primary_phone",
            (Self::Mobile, Contact) => "mobile_phone",
            (Self::WorkPhone, Contact) => "work_phone",
            (Self::Company, Contact | Deal) => "company_id",
            (Self::Domain | Self::Website, Contact) | (Self::Domain, Deal) => "company.domain",
            (Self::Domain | Self::Website, Company) => "website",
            (Self::Street, Company) => "billing_address.street",
            (Self::Zip, Company) => "billing_address.zip",
            (Self::City, Company) => "billing_address.city",
            (Self::State, Company) => "billing_address.state",
            (Self::Country, Company) => "billing_address.country",
            (Self::JobTitle, Contact) => "job_title",
            (Self::Department, Contact) => "department",
            (Self::Birthday, Contact) => "birthday",
            (Self::Industry, Company) => "industry",
            (Self::Employees, Company) => "employee_count",
            (Self::Revenue, Company) => "annual_revenue_minor",
            (Self::Amount, Deal) => "amount_minor",
            (Self::Currency, Company | Deal) => "currency",
            (Self::Stage, Deal) => "stage_id",
            (Self::Probability, Deal) => "probability",
            (Self::CloseDate, Deal) => "expected_close_date",
            (Self::ClosedDate, Deal) => "closed_date",
            (Self::Number, Deal) => "deal_number",
            (Self::Contact, Deal) => "primary_contact_id",
            (Self::Source, Contact) => "lead_source",
            (Self::Source, Company | Deal) => "source",
            (Self::Status, _) => "status",
            (Self::Owner, _) => "owner_id",
            (Self::Tags, _) => "tags",
            (Self::Notes, _) => "notes",
            _ => return None,
        })
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
