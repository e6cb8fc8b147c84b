//! Thunderbird's address books as comma separated values, in American and British English.
//!
//! The headers: `2100` to `2136` in
//! <https://github.com/mozilla/releases-comm-central/blob/master/mail/locales/en-US/chrome/messenger/importMsgs.properties>;
//! a whole line, which ends with a comma: <https://github.com/owncloud-archive/contacts/issues/1108>.

use super::Preset;
use crate::catalog::RecordType;

/// Headers that hardly another file has.
const MARKS: &[&str] = &[
    "Display Name",
    "Primary Email",
    "Secondary Email",
    "Screen Name",
    "Pager Number",
    "Mobile Number",
    "Home Address 2",
    "Home ZipCode",
    "Home Post Code",
    "Work Address",
    "Work Address 2",
    "Work ZipCode",
    "Work Post Code",
    "Web Page 1",
    "Web Page 2",
    "Birth Year",
    "Birth Month",
    "Birth Day",
];

/// What belongs to a person only, or says nothing to us.
const PERSONAL: &[&str] = &[
    "Nickname",
    "Screen Name",
    "Fax Number",
    "Pager Number",
    "Home Address",
    "Home Address 2",
    "Home City",
    "Home State",
    "Home County",
    "Home ZipCode",
    "Home Post Code",
    "Home Country",
    "Custom #",
];

/// Contacts. The birthday stands in three columns; one without a year is left out.
pub(super) static CONTACTS: Preset = Preset {
    product: "Thunderbird",
    record: RecordType::Contact,
    marks: MARKS,
    enough: 4,
    foreign: &[],
    feeds: &[
        ("name", &["Display Name"]),
        ("first_name", &["First Name"]),
        ("last_name", &["Last Name"]),
        ("email", &["Primary Email", "Secondary Email"]),
        ("phone", &["Home Phone"]),
        ("mobile_phone", &["Mobile Number"]),
        ("work_phone", &["Work Phone"]),
        ("job_title", &["Job Title"]),
        ("department", &["Department"]),
        ("company_id", &["Organization", "Organisation"]),
        ("notes", &["Notes"]),
    ],
    composed: &[("birthday", "{Birth Year}-{Birth Month}-{Birth Day}")],
    kinds: &[],
    ids: &[],
    left_out: PERSONAL,
};

/// The organizations of the contacts, with their addresses at work.
pub(super) static COMPANIES: Preset = Preset {
    product: "Thunderbird",
    record: RecordType::Company,
    marks: MARKS,
    enough: 4,
    foreign: &[],
    feeds: &[
        ("name", &["Organization", "Organisation"]),
        ("billing_address.street", &["Work Address"]),
        ("billing_address.city", &["Work City"]),
        ("billing_address.state", &["Work State", "Work County"]),
        ("billing_address.zip", &["Work ZipCode", "Work Post Code"]),
        ("billing_address.country", &["Work Country"]),
    ],
    composed: &[("billing_address.street", "{Work Address}, {Work Address 2}")],
    kinds: &[],
    ids: &[],
    left_out: &[
        "First Name",
        "Last Name",
        "Display Name",
        "Nickname",
        "Screen Name",
        "Primary Email",
        "Secondary Email",
        "Work Phone",
        "Home Phone",
        "Mobile Number",
        "Fax Number",
        "Pager Number",
        "Job Title",
        "Department",
        "Notes",
        "Work Address 2",
        "Web Page #",
        "Birth Year",
        "Birth Month",
        "Birth Day",
        "Home Address",
        "Home Address 2",
        "Home City",
        "Home State",
        "Home County",
        "Home ZipCode",
        "Home Post Code",
        "Home Country",
        "Custom #",
    ],
};
