//! Blocking: under which keys a record meets its candidates.

use super::company::CompanyName;
use super::person::{Part, PersonName};
use super::profile::{Employer, Profile, Who};
use super::text::{prefix, sound};
use super::{nicknames, reach};
use chrono::{Datelike, NaiveDate};

/// Records under one key from which the key says too little to compare all of them: the switchboard's number, the most
/// frequent names. Skip such keys; true duplicates among their records meet under others.
pub const MAX_BLOCK: usize = 100;

/// Characters of a key, so that it fits into an index.
const LONGEST_KEY: usize = 120;

/// The keys of a profile, sorted, each once: two records can be duplicates only if they share one. A key begins with
/// letters for its sort and a colon; keys of people and of companies differ. None is empty; a record that nothing is
/// known of has none.
pub fn keys(profile: &Profile) -> Vec<String> {
    let mut keys = Vec::new();
    let mut add = |sort: &str, parts: &[&str]| {
        if !parts.iter().any(|part| part.is_empty()) {
            keys.push(prefix(&format!("{sort}:{}", parts.join("|")), LONGEST_KEY));
        }
    };
    match &profile.who {
        Who::Person { name, employer, birthday } => {
            reachable(profile, ["pe", "pp"], &mut add);
            person(name, employer.as_ref(), *birthday, profile, &mut add);
        }
        Who::Company { name, host } => {
            reachable(profile, ["ce", "cp"], &mut add);
            add("cd", &[host.as_deref().unwrap_or_default()]);
            company(name, profile, &mut add);
        }
    }
    keys.sort();
    keys.dedup();
    keys
}

fn reachable(profile: &Profile, [email, phone]: [&str; 2], add: &mut impl FnMut(&str, &[&str])) {
    for address in &profile.emails {
        add(email, &[&address.address]);
    }
    for number in &profile.phones {
        add(phone, &[reach::end_of_phone(number)]);
    }
}

fn person(
    name: &PersonName,
    employer: Option<&Employer>,
    birthday: Option<NaiveDate>,
    profile: &Profile,
    add: &mut impl FnMut(&str, &[&str]),
) {
    let last = &name.last.sound;
    let firsts = first_sounds(&name.first);
    for first in &firsts {
        // In order, so that swapped names meet.
        let (one, other) = if first <= last { (first, last) } else { (last, first) };
        add("pn", &[one, other]);
    }
    let first = firsts.first().map(String::as_str).unwrap_or_default();
    if let Some(employer) = employer {
        let company = match (prefix(&employer.name.whole, 12), employer.id) {
            (unnamed, Some(id)) if unnamed.is_empty() => id.simple().to_string(),
            (name, _) => name,
        };
        add("pw", &[&company, last]);
        add("pw", &[&company, first]);
    }
    if let Some(day) = birthday {
        let year = day.year().to_string();
        add("pb", &[&day.format("%Y%m%d").to_string()]);
        add("py", &[&year, last]);
        add("py", &[&year, first]);
        add("pm", &[&day.format("%m%d").to_string(), last]);
    }
    for place in &profile.places {
        add("pz", &[&place.zip, last]);
        add("pz", &[&place.zip, first]);
        add("pz", &[&place.zip, &place.number]);
        add("ps", &[&prefix(&place.street, 6), &place.number]);
    }
}

/// How the first name sounds, and the formal names that it may be short for.
fn first_sounds(name: &Part) -> Vec<String> {
    let mut sounds = vec![name.sound.clone()];
    for formal in name.nicknames.iter().filter_map(|row| nicknames::formal(*row)) {
        let sound = sound(formal);
        if !sounds.contains(&sound) {
            sounds.push(sound);
        }
    }
    sounds
}

fn company(name: &CompanyName, profile: &Profile, add: &mut impl FnMut(&str, &[&str])) {
    add("cn", &[&prefix(&name.whole, 8)]);
    let mut words: Vec<&String> = name.words.iter().collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let mut sounds: Vec<String> = words.iter().take(2).map(|word| sound(word)).collect();
    sounds.sort();
    add("cw", &[&sounds.join("|")]);
    let first = name.words.first().map(|word| sound(word)).unwrap_or_default();
    for place in &profile.places {
        add("cz", &[&place.zip, &first]);
        add("ct", &[&prefix(&place.street, 6), &first]);
        let town = if place.zip.is_empty() { &place.city } else { &place.zip };
        add("cs", &[&prefix(&place.street, 6), &place.number, town]);
    }
}
