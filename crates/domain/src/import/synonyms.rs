//! Other names that files give to our fields, beside the catalogue's names, labels and aliases.

use crate::catalog::RecordType;

/// Words for the record itself, which headers put before the name of a field: `account name`, `deal_stage`.
pub fn prefixes(record: RecordType) -> &'static [&'static str] {
    match record {
        RecordType::Company => &["company", "account", "organization", "organisation", "customer", "client"],
        RecordType::Contact => &["contact", "person", "people", "lead"],
        RecordType::Deal => &["deal", "opportunity", "opp"],
    }
}

/// The target that a header means, by the header in lower-case letters and digits only.
pub fn target_of(record: RecordType, squashed: &str) -> Option<&'static str> {
    let own = match record {
        RecordType::Company => COMPANY,
        RecordType::Contact => CONTACT,
        RecordType::Deal => DEAL,
    };
    let hit = |table: &'static [(&str, &[&str])]| {
        table.iter().find(|(_, names)| names.contains(&squashed)).map(|(target, _)| *target)
    };
    hit(own).or_else(|| hit(COMMON))
}

type Table = &'static [(&'static str, &'static [&'static str])];

const COMMON: Table = &[
    (
        "owner_id",
        &[
            "owner",
            "ownername",
            "owneremail",
            "sales",
            "salesagent",
            "salesrep",
            "salesperson",
            "salesrepresentative",
            "rep",
            "agent",
            "assignedto",
            "assignee",
            "accountowner",
            "contactowner",
            "dealowner",
            "opportunityowner",
            "responsible",
            "user",
        ],
    ),
    ("tags", &["tag", "labels", "label", "keywords"]),
    ("notes", &["note", "description", "comments", "comment", "remarks", "background", "about", "bio"]),
    ("currency", &["currencycode", "curr"]),
];

const COMPANY: Table = &[
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
        &["web", "url", "homepage", "site", "websiteurl", "companydomain", "companydomainname", "domain", "webaddress"],
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
];

const CONTACT: Table = &[
    ("name", &["fullname", "contact", "contactname", "person", "displayname"]),
    ("first_name", &["firstname", "givenname", "forename", "first"]),
    ("last_name", &["lastname", "surname", "familyname", "last"]),
    ("job_title", &["title", "jobtitle", "position", "jobrole", "function"]),
    ("department", &["dept", "division"]),
    ("email", &["emailaddress", "mail", "email1value", "primaryemail"]),
    ("phone", &["phonenumber", "telephone", "tel", "telephonenumber", "homephone", "phone1value"]),
    ("mobile_phone", &["mobile", "mobilenumber", "mobilephonenumber", "cell", "cellphone", "handy"]),
    ("work_phone", &["workphonenumber", "businessphone", "officephone", "directphone"]),
    (
        "company_id",
        &[
            "company",
            "companyname",
            "account",
            "accountname",
            "organization",
            "organisation",
            "organizationname",
            "employer",
            "associatedcompany",
        ],
    ),
    ("company.domain", &["companydomain", "companydomainname", "companywebsite", "website", "domain", "companyurl"]),
    ("linkedin_url", &["linkedin", "linkedinprofile", "linkedinbio"]),
    ("twitter_handle", &["twitter", "twitterusername", "xhandle"]),
    ("lead_source", &["source", "leadsource", "originalsource"]),
    ("lead_score", &["score"]),
    ("birthday", &["birthdate", "dateofbirth", "dob"]),
    ("email_opt_in", &["newsletter", "hasnewsletter", "emailoptin", "subscribed", "marketingconsent", "optin"]),
    ("sms_opt_in", &["smsoptin"]),
    ("do_not_call", &["dnc", "donotcall"]),
];

const DEAL: Table = &[
    ("name", &["deal", "dealname", "dealtitle", "opportunity", "opportunityname", "subject", "topic"]),
    ("deal_number", &["opportunityid", "dealid", "dealno", "oppid", "number", "reference", "ref"]),
    (
        "company_id",
        &[
            "account",
            "accountname",
            "company",
            "companyname",
            "organization",
            "organisation",
            "customer",
            "client",
            "associatedcompany",
        ],
    ),
    ("company.domain", &["companydomain", "companydomainname", "companywebsite"]),
    ("primary_contact_id", &["contact", "contactname", "contactemail", "contactperson", "person", "associatedcontact"]),
    ("stage_id", &["stage", "dealstage", "stagename", "salesstage", "opportunitystage", "pipelinestage"]),
    ("status", &["dealstatus", "state"]),
    (
        "amount_minor",
        &[
            "amount",
            "value",
            "closevalue",
            "dealvalue",
            "dealamount",
            "price",
            "revenue",
            "total",
            "totalamount",
            "opportunityamount",
        ],
    ),
    ("expected_close_date", &["closedate", "expectedclosedate", "expectedclose", "closingdate", "targetdate"]),
    ("closed_date", &["closedat", "closedon", "actualclosedate", "closeddate", "wontime", "losttime"]),
    ("probability", &["probabilitypercent", "winprobability", "likelihood", "chance"]),
    ("discount_minor", &["discount"]),
    ("tax_minor", &["tax", "vat"]),
    ("source", &["leadsource", "dealsource"]),
    ("won_reason", &["reasonwon", "winreason", "closedwonreason"]),
    ("lost_reason", &["reasonlost", "lossreason", "closedlostreason"]),
    ("products.name", &["product", "productname", "item", "lineitem"]),
    ("products.price", &["unitprice", "salesprice", "listprice", "productprice"]),
    ("products.quantity", &["quantity", "qty", "units", "productquantity"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::target::target;

    /// The table names targets that exist, in the form in which headers are compared, and each name once.
    #[test]
    fn the_table_is_sound() {
        for (record, table) in
            [(RecordType::Company, COMPANY), (RecordType::Contact, CONTACT), (RecordType::Deal, DEAL)]
        {
            let mut seen = std::collections::BTreeSet::new();
            for (key, names) in table.iter() {
                assert!(target(record.standard(), key).is_some(), "{record}: {key}");
                for name in *names {
                    assert!(seen.insert(*name), "{record}: {name} twice");
                    assert_eq!(*name, crate::import::squash(name), "{record}");
                }
            }
            for (key, _) in COMMON {
                let exists = target(record.standard(), key).is_some();
                assert!(exists || *key == "currency" && record == RecordType::Contact, "{record}: {key}");
            }
        }
    }
}
