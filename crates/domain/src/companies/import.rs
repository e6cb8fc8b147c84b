//! What imports have to know of companies.

use super::domain_of;
use crate::import::row::{Key, Row};
use crate::import::{ImportSpec, Word};

pub(super) const IMPORT: ImportSpec = ImportSpec {
    prefixes: &["company", "account", "organization", "organisation", "customer", "client"],
    names: &[
        (
            "name",
            &[
                "account",
                "accountname",
                "company",
                "companyname",
                "organization",
                "organisation",
                "organizationname",
                "organisationname",
                "businessname",
                "customer",
                "customername",
                "client",
                "clientname",
                "firm",
            ],
        ),
        (
            "website",
            &[
                "web",
                "url",
                "homepage",
                "site",
                "websiteurl",
                "companydomain",
                "companydomainname",
                "domain",
                "webaddress",
            ],
        ),
        ("industry", &["sector", "branch", "lineofbusiness", "vertical"]),
        ("employee_count", &["employees", "numberofemployees", "noofemployees", "headcount", "staff", "employeecount"]),
        ("annual_revenue_minor", &["revenue", "annualrevenue", "turnover", "yearlyrevenue"]),
        ("company_size", &["size"]),
        ("primary_email", &["email", "emailaddress", "mail", "generalemail"]),
        ("primary_phone", &["phone", "phonenumber", "telephone", "tel", "mainphone"]),
        ("account_manager_id", &["accountmanager"]),
        ("lifecycle_stage", &["lifecycle"]),
        ("lead_score", &["score"]),
        ("logo_url", &["logo"]),
        ("timezone", &["tz"]),
        (
            "billing_address.street",
            &["street", "address", "address1", "addressline1", "streetaddress", "billingstreet", "billingaddress"],
        ),
        ("billing_address.city", &["city", "town", "billingcity", "locality"]),
        ("billing_address.state", &["state", "province", "region", "stateregion", "stateprovince", "billingstate"]),
        ("billing_address.zip", &["zip", "zipcode", "postalcode", "postcode", "billingzip", "billingpostalcode"]),
        (
            "billing_address.country",
            &["country", "countryregion", "officelocation", "location", "billingcountry", "nation"],
        ),
        ("shipping_address.street", &["shippingstreet", "shippingaddress", "deliverystreet"]),
        ("shipping_address.city", &["shippingcity", "deliverycity"]),
        ("shipping_address.state", &["shippingstate"]),
        ("shipping_address.zip", &["shippingzip", "shippingpostalcode"]),
        ("shipping_address.country", &["shippingcountry", "deliverycountry"]),
    ],
    words: &[
        (Word::Name, "name"),
        (Word::NameOrFirst, "name"),
        (Word::NameOrLast, "name"),
        (Word::Company, "name"),
        (Word::Email, "primary_email"),
        (Word::Phone, "primary_phone"),
        (Word::WorkPhone, "primary_phone"),
        (Word::Domain, "website"),
        (Word::Website, "website"),
        (Word::Street, "billing_address.street"),
        (Word::Zip, "billing_address.zip"),
        (Word::City, "billing_address.city"),
        (Word::State, "billing_address.state"),
        (Word::Country, "billing_address.country"),
        (Word::Industry, "industry"),
        (Word::Employees, "employee_count"),
        (Word::Revenue, "annual_revenue_minor"),
        (Word::Currency, "currency"),
        (Word::Source, "source"),
    ],
    composed_of: &["website", "primary_email"],
    keys,
    same: "domain or name",
    ..ImportSpec::BY_NAME
};

fn keys(row: &Row) -> Vec<Key> {
    let domain = domain_of(row.text("website"), row.text("primary_email")).map(Key::Domain);
    domain.into_iter().chain(row.text("name").map(Key::name)).collect()
}
