//! What is compared of a stored record: a fifth of its columns, because thousands are read for a few that are alike.

use super::profile::{CompanyFacts, PersonFacts, Profile};
use crate::records::Address;
use chrono::NaiveDate;
use uuid::Uuid;

/// A contact as it is compared.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
#[cfg_attr(test, derive(serde::Deserialize))]
#[expect(missing_docs, reason = "the fields are those of the contact")]
pub struct StoredContact {
    pub id: Uuid,
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub mobile_phone: Option<String>,
    pub work_phone: Option<String>,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
    pub birthday: Option<NaiveDate>,
}

/// A company as it is compared.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
#[cfg_attr(test, derive(serde::Deserialize))]
#[expect(missing_docs, reason = "the fields are those of the company")]
pub struct StoredCompany {
    pub id: Uuid,
    pub name: String,
    pub website: Option<String>,
    pub domain: Option<String>,
    pub industry: Option<String>,
    pub primary_email: Option<String>,
    pub primary_phone: Option<String>,
    pub billing_address: Option<Address>,
    pub shipping_address: Option<Address>,
}

impl StoredContact {
    /// What tells it from its namesakes.
    pub fn beside(&self) -> &str {
        first([&self.company_name, &self.email])
    }
}

impl StoredCompany {
    /// What tells it from its namesakes.
    pub fn beside(&self) -> &str {
        first([&self.domain, &self.primary_email, &self.industry])
    }
}

fn first<const N: usize>(texts: [&Option<String>; N]) -> &str {
    texts.into_iter().flatten().next().map_or("", String::as_str)
}

impl From<&StoredContact> for Profile {
    fn from(contact: &StoredContact) -> Self {
        let phones = [&contact.phone, &contact.mobile_phone, &contact.work_phone];
        Self::person(&PersonFacts {
            first_name: &contact.first_name,
            last_name: &contact.last_name,
            emails: contact.email.as_deref().into_iter().collect(),
            phones: phones.into_iter().flatten().map(String::as_str).collect(),
            company_id: contact.company_id,
            company_name: contact.company_name.as_deref().unwrap_or_default(),
            addresses: Vec::new(),
            birthday: contact.birthday,
        })
    }
}

impl From<&StoredCompany> for Profile {
    fn from(company: &StoredCompany) -> Self {
        Self::company(&CompanyFacts {
            name: &company.name,
            emails: company.primary_email.as_deref().into_iter().collect(),
            phones: company.primary_phone.as_deref().into_iter().collect(),
            website: company.website.as_deref().or(company.domain.as_deref()),
            addresses: [&company.billing_address, &company.shipping_address].into_iter().flatten().collect(),
        })
    }
}
