//! What is compared of a record.

use super::company::CompanyName;
use super::person::PersonName;
use super::place::Place;
use super::reach::{self, Email};
use crate::companies::domain_of;
use crate::records::Address;
use chrono::NaiveDate;
use uuid::Uuid;

/// What is known of a person, as it is stored or typed; empty where it is not known.
#[derive(Clone, Debug, Default)]
pub struct PersonFacts<'a> {
    /// First names, or the whole name.
    pub first_name: &'a str,
    /// Last name.
    pub last_name: &'a str,
    /// Email addresses.
    pub emails: Vec<&'a str>,
    /// Phone numbers, best in E.164; numbers without a country's code are compared by their ends.
    pub phones: Vec<&'a str>,
    /// The company that the person works for, if it has a record.
    pub company_id: Option<Uuid>,
    /// The name of that company.
    pub company_name: &'a str,
    /// Postal addresses.
    pub addresses: Vec<&'a Address>,
    /// Birthday.
    pub birthday: Option<NaiveDate>,
}

/// What is known of a company, as it is stored or typed; empty where it is not known.
#[derive(Clone, Debug, Default)]
pub struct CompanyFacts<'a> {
    /// Name.
    pub name: &'a str,
    /// Email addresses.
    pub emails: Vec<&'a str>,
    /// Phone numbers, as in [`PersonFacts::phones`].
    pub phones: Vec<&'a str>,
    /// Web address or host name.
    pub website: Option<&'a str>,
    /// Postal addresses.
    pub addresses: Vec<&'a Address>,
}

/// What is compared of a record, folded once. Build it for each record, then compare as often as needed with
/// [`super::compare()`]. People are compared with people and companies with companies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub(super) who: Who,
    pub(super) emails: Vec<Email>,
    /// Numbers of [`reach::phone`].
    pub(super) phones: Vec<String>,
    pub(super) places: Vec<Place>,
}

/// What people and companies do not have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Person { name: PersonName, employer: Option<Employer>, birthday: Option<NaiveDate> },
    Company { name: CompanyName, host: Option<String> },
}

/// The company of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Employer {
    pub id: Option<Uuid>,
    pub name: CompanyName,
}

impl Profile {
    /// The profile of a person.
    pub fn person(facts: &PersonFacts<'_>) -> Self {
        let name = CompanyName::new(facts.company_name);
        let employer =
            (facts.company_id.is_some() || !name.whole.is_empty()).then_some(Employer { id: facts.company_id, name });
        let birthday = facts.birthday.filter(|day| !is_placeholder(*day));
        let name = PersonName::new(facts.first_name, facts.last_name);
        Self {
            who: Who::Person { name, employer, birthday },
            emails: emails(&facts.emails),
            phones: phones(&facts.phones),
            places: places(&facts.addresses),
        }
    }

    /// The profile of a company.
    pub fn company(facts: &CompanyFacts<'_>) -> Self {
        let host = facts.website.filter(|site| !site.trim().is_empty());
        // A page at a network of many says nothing; the email's host may.
        let host = domain_of(host, None)
            .and_then(reach::telling_host)
            .or_else(|| facts.emails.iter().find_map(|mail| domain_of(None, Some(mail)).and_then(reach::telling_host)));
        Self {
            who: Who::Company { name: CompanyName::new(facts.name), host },
            emails: emails(&facts.emails),
            phones: phones(&facts.phones),
            places: places(&facts.addresses),
        }
    }
}

fn emails(texts: &[&str]) -> Vec<Email> {
    unique(texts.iter().filter_map(|text| Email::new(text)))
}

fn phones(texts: &[&str]) -> Vec<String> {
    unique(texts.iter().filter_map(|text| reach::phone(text)))
}

fn places(addresses: &[&Address]) -> Vec<Place> {
    unique(addresses.iter().filter_map(|address| Place::new(address)))
}

fn unique<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

/// Days that programs put where none is known.
fn is_placeholder(day: NaiveDate) -> bool {
    [(1900, 1, 1), (1970, 1, 1)].into_iter().any(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d) == Some(day))
}
