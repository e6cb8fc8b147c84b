//! The weights of evidence, in tenths of a bit.
//!
//! After Fellegi and Sunter, an observation weighs `log2(P(seen | duplicates) / P(seen | different records))`: how many
//! times more often it is seen between two records of one person or company than between any two that meet under a
//! blocking key. Ten tenths double the odds; evidence is added up. The numbers begin with such estimates and were then
//! set by hand, with labelled data and a table of companies (`tests/dedupe.rs`, `tests/dedupe_companies.rs`): agreement
//! counts for less than chance would have it, because fields depend on each other, and disagreement for less than in a
//! register, because people have several addresses and numbers, and change jobs. A missing value weighs nothing.

/// Equal first names; about one in a hundred pairs has them by chance.
pub const FIRST_SAME: i32 = 60;
/// A first name and its diminutive: `Robert`, `Bob`.
pub const FIRST_NICKNAME: i32 = 48;
/// First names that one typing slip makes of each other, or of which one is the beginning of the other.
pub const FIRST_LIKE: i32 = 42;
/// A first name and its initial.
pub const FIRST_INITIAL: i32 = 20;
/// First names that share letters.
pub const FIRST_FAINT: i32 = -10;
/// Different first names: another person of the family or the office.
pub const FIRST_DIFFERENT: i32 = -70;
/// Equal last names.
pub const LAST_SAME: i32 = 80;
/// Last names that a slip makes of each other, or one part of a double name.
pub const LAST_LIKE: i32 = 58;
/// A last name and its initial.
pub const LAST_INITIAL: i32 = 15;
/// Last names that share letters.
pub const LAST_FAINT: i32 = 10;
/// Different last names; people marry.
pub const LAST_DIFFERENT: i32 = -35;
/// Both names agree crosswise.
pub const NAMES_SWAPPED: i32 = -20;

/// Equal birthdays: one in twenty thousand pairs, less those typed from one form for a family.
pub const BIRTHDAY_SAME: i32 = 115;
/// One digit is different, two neighbours are swapped, or day and month are.
pub const BIRTHDAY_LIKE: i32 = 60;
/// Different birthdays.
pub const BIRTHDAY_DIFFERENT: i32 = -60;

/// The same personal mailbox.
pub const EMAIL_SAME: i32 = 170;
/// The same mailbox of an office, a department, a family (`info@`), for a person.
pub const EMAIL_ROLE: i32 = 40;
/// A slip in the address, or one person's mailbox name at two hosts.
pub const EMAIL_LIKE: i32 = 45;
/// Different addresses.
pub const EMAIL_DIFFERENT: i32 = -10;
/// The same mailbox, of a company.
pub const COMPANY_EMAIL_SAME: i32 = 90;

/// The same number, of a person; colleagues and families share some.
pub const PHONE_SAME: i32 = 100;
/// The same number, of a company; branches and neighbours share some.
pub const COMPANY_PHONE_SAME: i32 = 85;
/// Different numbers.
pub const PHONE_DIFFERENT: i32 = -5;

/// Two people of one company.
pub const EMPLOYER_SAME: i32 = 25;
/// Two people of companies with like names, or with mailboxes at one host that is no mailbox provider's.
pub const EMPLOYER_LIKE: i32 = 18;
/// Two people of different companies.
pub const EMPLOYER_DIFFERENT: i32 = -10;

/// Equal company names of one word, whatever their legal form.
pub const NAME_SAME: i32 = 130;
/// Equal company names of several words: rarer by chance.
pub const LONG_NAME_SAME: i32 = 155;
/// Company names with typing slips.
pub const NAME_LIKE: i32 = 90;
/// One company name has all words of the other, or is its initials.
pub const NAME_CONTAINED: i32 = 45;
/// Company names that share words, each with words of its own: branches, namesakes.
pub const NAME_PARTLY: i32 = -40;
/// Company names without a common word.
pub const NAME_DIFFERENT: i32 = -35;
/// Two legal forms: often two companies of one group.
pub const LEGAL_FORM_DIFFERENT: i32 = -20;

/// Companies at one host name.
pub const DOMAIN_SAME: i32 = 160;
/// Companies at a host and a part of it, or at one name under two endings (`acme.com`, `acme.de`).
pub const DOMAIN_LIKE: i32 = 50;
/// Companies at different host names.
pub const DOMAIN_DIFFERENT: i32 = -30;
/// What an equal email adds to an equal domain or the other way round: they say nearly the same.
pub const WEB_BOTH: i32 = 20;

/// Equal house numbers.
pub const NUMBER_SAME: i32 = 20;
/// Different house numbers.
pub const NUMBER_DIFFERENT: i32 = -8;
/// Equal streets.
pub const STREET_SAME: i32 = 50;
/// Streets with typing slips.
pub const STREET_LIKE: i32 = 38;
/// Different streets.
pub const STREET_DIFFERENT: i32 = -15;
/// Equal second lines.
pub const EXTRA_SAME: i32 = 35;
/// Second lines with typing slips.
pub const EXTRA_LIKE: i32 = 25;
/// Different second lines.
pub const EXTRA_DIFFERENT: i32 = -5;
/// Equal postal codes.
pub const ZIP_SAME: i32 = 45;
/// Postal codes with one slip.
pub const ZIP_LIKE: i32 = 15;
/// Different postal codes.
pub const ZIP_DIFFERENT: i32 = -18;
/// Equal towns.
pub const CITY_SAME: i32 = 30;
/// Towns with typing slips.
pub const CITY_LIKE: i32 = 22;
/// Different towns.
pub const CITY_DIFFERENT: i32 = -12;
/// The most that addresses say for a duplicate: a house has many doors.
pub const PLACE_MOST: i32 = 130;
/// The most that addresses say against a duplicate: people and companies move.
pub const PLACE_LEAST: i32 = -35;
/// An address that agrees at least this much is called the same.
pub const PLACE_SAME: i32 = 95;
/// An address that agrees at least this much is called like.
pub const PLACE_LIKE: i32 = 45;
