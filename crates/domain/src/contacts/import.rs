//! What imports have to know of contacts.

use crate::import::row::{Key, Row};
use crate::import::{ImportSpec, Word};

pub(super) const IMPORT: ImportSpec = ImportSpec {
    prefixes: &["contact", "person", "people", "lead"],
    names: &[
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
        (
            "company.domain",
            &["companydomain", "companydomainname", "companywebsite", "website", "domain", "companyurl"],
        ),
        ("linkedin_url", &["linkedin", "linkedinprofile", "linkedinbio"]),
        ("twitter_handle", &["twitter", "twitterusername", "xhandle"]),
        ("lead_source", &["source", "leadsource", "originalsource"]),
        ("lead_score", &["score"]),
        ("birthday", &["birthdate", "dateofbirth", "dob"]),
        ("email_opt_in", &["newsletter", "hasnewsletter", "emailoptin", "subscribed", "marketingconsent", "optin"]),
        ("sms_opt_in", &["smsoptin"]),
        ("do_not_call", &["dnc", "donotcall"]),
    ],
    words: &[
        (Word::Name, "name"),
        (Word::FullName, "name"),
        (Word::Contact, "name"),
        // A whole name in one of these is told by the contents.
        (Word::FirstName, "first_name"),
        (Word::NameOrFirst, "first_name"),
        (Word::LastName, "last_name"),
        (Word::NameOrLast, "last_name"),
        (Word::Email, "email"),
        (Word::Phone, "phone"),
        (Word::Mobile, "mobile_phone"),
        (Word::WorkPhone, "work_phone"),
        (Word::Company, "company_id"),
        (Word::Domain, "company.domain"),
        (Word::Website, "company.domain"),
        (Word::JobTitle, "job_title"),
        (Word::Department, "department"),
        (Word::Birthday, "birthday"),
        (Word::Source, "lead_source"),
    ],
    composed_of: &["email"],
    keys,
    same: "email or phone",
    twins: false,
    ..ImportSpec::BY_NAME
};

fn keys(row: &Row) -> Vec<Key> {
    let email = row.text("email").map(|text| Key::Email(text.to_lowercase()));
    email.into_iter().chain(row.phones.iter().cloned().map(Key::Phone)).collect()
}
