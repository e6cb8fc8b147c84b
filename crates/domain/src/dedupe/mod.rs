//! Finding records that describe one person or one company.
//!
//! 1. [`Profile`] holds what is compared of a record, folded once.
//! 2. [`keys`] gives the keys under which a record meets its candidates, so that never all pairs are compared.
//! 3. [`compare()`] weighs the evidence of two profiles: a score from 0 to 100 and the reasons, for the review screen.
//!
//! Pairs from [`POSSIBLE`] on are worth a look, pairs from [`CERTAIN`] on may be merged with one click.

mod birthday;
mod company;
mod compare;
mod draft;
mod evidence;
mod keys;
mod nicknames;
mod person;
mod place;
mod profile;
mod reach;
mod stored;
mod text;
mod weights;
mod wire;

pub use compare::compare;
pub use draft::compared;
pub use keys::{MAX_BLOCK, keys};
pub use profile::{CompanyFacts, PersonFacts, Profile};
pub use stored::{StoredCompany, StoredContact};
pub use wire::{
    Candidate, CandidateStatus, CheckInput, Checked, Lookalike, MERGE_MAX, MergeInput, Merged, Scan, ScanInput, TOLD,
    is_choice, is_mergeable,
};

use serde::{Deserialize, Serialize};

/// Score from which a merge can be offered as one click. Only pairs whose names agree, and that nothing contradicts
/// (another birthday, another legal form), get there.
pub const CERTAIN: u8 = 80;
/// Score from which a pair goes to the list of possible duplicates: 12.5 bits of evidence, which make two records as
/// likely one as two where one pair in six thousand is.
pub const POSSIBLE: u8 = 50;

crate::choices! {
    /// What speaks for or against two records being duplicates.
    Reason {
        SameEmail = "same_email" "Same email address",
        LikeEmail = "like_email" "Similar email address",
        SharedEmail = "shared_email" "Same shared mailbox, such as info@",
        SamePhone = "same_phone" "Same phone number",
        SameName = "same_name" "Same name",
        LikeName = "like_name" "Similar name",
        Nickname = "nickname" "Short form of the same first name",
        SwappedName = "swapped_name" "First and last name swapped",
        NameContained = "name_contained" "One name is part of the other",
        SameDomain = "same_domain" "Same web domain",
        LikeDomain = "like_domain" "Similar web domain",
        SameCompany = "same_company" "Same company",
        LikeCompany = "like_company" "Similar company",
        SameBirthday = "same_birthday" "Same birthday",
        LikeBirthday = "like_birthday" "Similar birthday",
        SameAddress = "same_address" "Same postal address",
        LikeAddress = "like_address" "Similar postal address",
        OtherName = "other_name" "Different names",
        OtherFirstName = "other_first_name" "Different first names",
        OtherLastName = "other_last_name" "Different last names",
        OtherBirthday = "other_birthday" "Different birthdays",
        OtherDomain = "other_domain" "Different web domains",
        OtherLegalForm = "other_legal_form" "Different legal forms",
    }
}

impl Reason {
    /// Whether it speaks for the two being duplicates; the others speak against it.
    pub const fn speaks_for(self) -> bool {
        !matches!(
            self,
            Self::OtherName
                | Self::OtherFirstName
                | Self::OtherLastName
                | Self::OtherBirthday
                | Self::OtherDomain
                | Self::OtherLegalForm
        )
    }
}

/// How likely two records are duplicates, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Likeness {
    /// From 0 (no more likely than of any two records) to 100; see [`POSSIBLE`] and [`CERTAIN`].
    pub score: u8,
    /// What speaks for it, the strongest first, then what speaks against it.
    pub reasons: Vec<Reason>,
}

#[cfg(test)]
mod tests;
