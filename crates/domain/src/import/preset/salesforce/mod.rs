//! Salesforce: names of the API, as the Data Loader and the weekly export write them, and labels, as reports do.
//!
//! Both, side by side: the field reference at
//! <https://developer.salesforce.com/docs/atlas.en-us.228.0.sfFieldRef.meta/sfFieldRef/salesforce_field_reference_Contact.htm>,
//! `…_Account.htm` and `…_Opportunity.htm`; labels of opportunities:
//! <https://help.salesforce.com/s/articleView?id=sales.opp_fields.htm>.

mod accounts;
mod contacts;
mod opportunities;

pub(super) use accounts::ACCOUNTS;
pub(super) use contacts::CONTACTS;
pub(super) use opportunities::OPPORTUNITIES;

/// Zoho's exports look alike, but have this.
const FOREIGN: &[&str] = &["Record Id"];
