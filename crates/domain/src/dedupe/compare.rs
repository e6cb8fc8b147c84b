//! Weighs the evidence of two profiles.

use super::evidence::Evidence;
use super::profile::{Employer, Profile, Who};
use super::reach::{self, Email};
use super::{Likeness, Reason, birthday, company, person, place, weights as w};

/// How likely two profiles are of one person or one company: the same whichever comes first.
///
/// `None` where no more speaks for it than against it, and for a person and a company. A pair with a mailbox or a phone
/// number in common is always told, with score 0 if need be: who knows that only these two have the number may list it.
pub fn compare(a: &Profile, b: &Profile) -> Option<Likeness> {
    match (&a.who, &b.who) {
        (
            Who::Person { name: ours, employer: ours_at, birthday: ours_on },
            Who::Person { name: theirs, employer: theirs_at, birthday: theirs_on },
        ) => {
            let mut seen = Evidence::default();
            let names = person::compare(ours, theirs);
            tell_names(&mut seen, &names);
            birthday::weigh(&mut seen, *ours_on, *theirs_on);
            personal_emails(&mut seen, a, b);
            phones(&mut seen, a, b, w::PHONE_SAME);
            employers(&mut seen, (ours_at.as_ref(), &a.emails), (theirs_at.as_ref(), &b.emails));
            places(&mut seen, a, b);
            // Families and colleagues have much in common, but not the first name; in a large office, not the last.
            let shared = match (names.first, names.last) {
                (person::Outcome::Different, _) => (seen.strongest / 2).min(seen.shared.max(0)),
                (_, person::Outcome::Different) => seen.strongest.min(seen.shared.max(0)),
                _ => seen.shared,
            };
            seen.likeness(shared)
        }
        (Who::Company { name: ours, host: our_host }, Who::Company { name: theirs, host: their_host }) => {
            let mut seen = Evidence::default();
            let outcome = company_names(&mut seen, ours, theirs);
            web(&mut seen, (our_host.as_deref(), &a.emails), (their_host.as_deref(), &b.emails));
            phones(&mut seen, a, b, w::COMPANY_PHONE_SAME);
            places(&mut seen, a, b);
            // Branches and neighbours have much in common, but not the name.
            let shared = match outcome {
                company::Outcome::Partly | company::Outcome::Different => seen.strongest.min(seen.shared.max(0)),
                _ => seen.shared,
            };
            seen.likeness(shared)
        }
        _ => None,
    }
}

fn tell_names(seen: &mut Evidence, names: &person::Names) {
    use person::Outcome::{Different, Missing, Nickname, Same};
    seen.contradicted = names.first == Different;
    seen.named = names.first.agrees() && names.last != Different || names.first == Missing && names.last.agrees();
    let reason = match (names.first, names.last) {
        _ if names.swapped => Some(Reason::SwappedName),
        (Missing, Missing) => None,
        (Same, Same | Missing) | (Missing, Same) => Some(Reason::SameName),
        (Different, Different) => Some(Reason::OtherName),
        (Different, _) => Some(Reason::OtherFirstName),
        (_, Different) => Some(Reason::OtherLastName),
        (Nickname, _) => Some(Reason::Nickname),
        (first, last) if first.agrees() || last.agrees() => Some(Reason::LikeName),
        _ => None,
    };
    seen.own(names.weight, reason);
}

fn company_names(seen: &mut Evidence, a: &company::CompanyName, b: &company::CompanyName) -> company::Outcome {
    use company::Outcome::{Contained, Different, Like, Missing, Partly, Same};
    let (outcome, forms_differ) = company::compare(a, b);
    let reason = match outcome {
        Missing => None,
        Different | Partly => Some(Reason::OtherName),
        Contained => Some(Reason::NameContained),
        Like => Some(Reason::LikeName),
        Same => Some(Reason::SameName),
    };
    seen.named = matches!(outcome, Same | Like);
    seen.own(company::weigh(outcome, a, b), reason);
    if forms_differ {
        seen.contradict(w::LEGAL_FORM_DIFFERENT, Reason::OtherLegalForm);
    }
    outcome
}

fn personal_emails(seen: &mut Evidence, a: &Profile, b: &Profile) {
    let Some((weight, reason)) = best_email(&a.emails, &b.emails) else { return };
    match reason {
        Some(Reason::SharedEmail) => seen.shared(weight, reason),
        _ => seen.own(weight, reason),
    }
    seen.listed = reason == Some(Reason::SameEmail);
    seen.reached_alike |= matches!(reason, Some(Reason::SameEmail | Reason::SharedEmail));
}

fn best_email(a: &[Email], b: &[Email]) -> Option<(i32, Option<Reason>)> {
    let pairs = a.iter().flat_map(|ours| b.iter().map(move |theirs| (ours, theirs)));
    pairs
        .map(|(ours, theirs)| match ours.address == theirs.address {
            true if ours.role => (w::EMAIL_ROLE, Some(Reason::SharedEmail)),
            true => (w::EMAIL_SAME, Some(Reason::SameEmail)),
            false if ours.is_like(theirs) => (w::EMAIL_LIKE, Some(Reason::LikeEmail)),
            false => (w::EMAIL_DIFFERENT, None),
        })
        .max_by_key(|(weight, _)| *weight)
}

fn phones(seen: &mut Evidence, a: &Profile, b: &Profile, same: i32) {
    if a.phones.is_empty() || b.phones.is_empty() {
        return;
    }
    if a.phones.iter().any(|ours| b.phones.iter().any(|theirs| reach::same_phone(ours, theirs))) {
        seen.shared(same, Some(Reason::SamePhone));
        seen.reached_alike = true;
    } else {
        seen.own(w::PHONE_DIFFERENT, None);
    }
}

fn employers(seen: &mut Evidence, a: (Option<&Employer>, &[Email]), b: (Option<&Employer>, &[Email])) {
    let colleagues = a.1.iter().any(|ours| !ours.public && b.1.iter().any(|theirs| ours.host == theirs.host));
    let (weight, reason) = match (a.0, b.0) {
        (Some(a), Some(b)) => match company::compare(&a.name, &b.name).0 {
            _ if a.id.is_some() && a.id == b.id => (w::EMPLOYER_SAME, Some(Reason::SameCompany)),
            company::Outcome::Same => (w::EMPLOYER_SAME, Some(Reason::SameCompany)),
            company::Outcome::Like | company::Outcome::Contained => (w::EMPLOYER_LIKE, Some(Reason::LikeCompany)),
            _ if colleagues => (w::EMPLOYER_LIKE, Some(Reason::SameDomain)),
            company::Outcome::Missing if a.id.is_none() || b.id.is_none() => (0, None),
            _ => (w::EMPLOYER_DIFFERENT, None),
        },
        _ if colleagues => (w::EMPLOYER_LIKE, Some(Reason::SameDomain)),
        _ => (0, None),
    };
    seen.shared(weight, reason);
}

/// Host names and emails of companies: a mailbox says little more than its host.
fn web(seen: &mut Evidence, a: (Option<&str>, &[Email]), b: (Option<&str>, &[Email])) {
    let mailbox = a.1.iter().any(|ours| b.1.iter().any(|theirs| ours.address == theirs.address));
    let (host, reason) = match (a.0, b.0) {
        (Some(ours), Some(theirs)) if ours == theirs => (w::DOMAIN_SAME, Some(Reason::SameDomain)),
        (Some(ours), Some(theirs)) if reach::like_hosts(ours, theirs) => (w::DOMAIN_LIKE, Some(Reason::LikeDomain)),
        (Some(_), Some(_)) => (w::DOMAIN_DIFFERENT, Some(Reason::OtherDomain)),
        _ => (0, None),
    };
    if !mailbox {
        // Two hosts are no more shared than two phone numbers are.
        return if host < 0 { seen.own(host, reason) } else { seen.shared(host, reason) };
    }
    seen.listed = true;
    let both = if host > 0 { host.max(w::COMPANY_EMAIL_SAME) + w::WEB_BOTH } else { w::COMPANY_EMAIL_SAME };
    seen.shared(both, Some(Reason::SameEmail));
    seen.tell(host, reason);
}

fn places(seen: &mut Evidence, a: &Profile, b: &Profile) {
    let pairs = a.places.iter().flat_map(|ours| b.places.iter().map(move |theirs| place::weigh(ours, theirs)));
    let Some(weight) = pairs.max() else { return };
    let reason = match weight {
        w::PLACE_SAME.. => Some(Reason::SameAddress),
        w::PLACE_LIKE.. => Some(Reason::LikeAddress),
        _ => None,
    };
    if weight < 0 { seen.own(weight, reason) } else { seen.shared(weight, reason) }
}
