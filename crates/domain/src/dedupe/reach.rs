//! Email addresses, phone numbers and host names.

use super::text;
use crate::companies::MAILBOX_PROVIDERS;

/// Mailboxes that several people read.
const ROLES: &str = "accounting accounts admin all billing buchhaltung careers contact customerservice einkauf enquiries finance \
    hallo hello help helpdesk hi hr info inquiries invoice invoices it jobs kontakt legal mail marketing news \
    newsletter no-reply noreply office orders post press purchasing rechnung reception sales secretary service \
    shop support team vertrieb verwaltung webmaster zentrale";

/// Hosts that carry pages of many companies.
const SHARED_HOSTS: &str = "about.me blogspot.com etsy.com facebook.com github.com github.io goo.gl google.com instagram.com jimdo.com \
    linkedin.com linktr.ee myshopify.com sites.google.com tiktok.com twitter.com weebly.com wix.com wixsite.com \
    wordpress.com x.com xing.com youtube.com";

/// An email address in the form that its mailbox has once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Mailbox name at host.
    pub address: String,
    /// The mailbox name.
    local: String,
    /// The host.
    pub host: String,
    /// Whether several people read it.
    pub role: bool,
    /// Whether anybody may have a mailbox at the host.
    pub public: bool,
}

impl Email {
    /// Lower case, without a `+tag`; Gmail ignores dots and has two host names. `None` where it is no address.
    pub fn new(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        let (local, host) = lower.rsplit_once('@')?;
        let local = local.split('+').next().filter(|local| !local.is_empty())?;
        let host = host.trim_end_matches('.');
        if !host.contains('.') || lower.len() > 320 {
            return None;
        }
        let (local, host) = match host {
            "gmail.com" | "googlemail.com" => (local.replace('.', ""), "gmail.com"),
            _ => (local.to_owned(), host),
        };
        Some(Self {
            address: format!("{local}@{host}"),
            role: ROLES.split(' ').any(|role| role == local),
            public: MAILBOX_PROVIDERS.contains(&host),
            host: host.to_owned(),
            local,
        })
    }

    /// Whether it is likely the other's mailbox with a slip, or one person's mailbox name at two hosts.
    pub fn is_like(&self, other: &Self) -> bool {
        if self.role || other.role {
            return false;
        }
        let digits = text::has_digit(&self.local) || text::has_digit(&other.local);
        if self.host == other.host {
            // The first letter is often all that parts the members of a family or an office.
            return !digits
                && self.local.len().min(other.local.len()) >= 6
                && self.local.chars().next() == other.local.chars().next()
                && text::one_slip(&self.local, &other.local);
        }
        let telling = self.local.len() >= 6 && (self.local.contains(['.', '_', '-']) || self.local.len() >= 9);
        self.local == other.local && (telling || text::one_slip(&self.host, &other.host))
    }
}

/// The digits of a phone number, without leading zeros and without an extension; `None` with fewer than six, or where
/// all are equal: such numbers are placeholders.
pub fn phone(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let number = lower.trim_start_matches(|c: char| !c.is_ascii_digit()).split(['x', 'e', ';', '#']).next()?;
    let digits = text::digits(number);
    let digits = digits.trim_start_matches('0');
    let first = digits.chars().next()?;
    ((6..=20).contains(&digits.len()) && digits.chars().any(|c| c != first)).then(|| digits.to_owned())
}

/// Whether two numbers are one; a number without its country's code is the end of the whole one.
pub fn same_phone(a: &str, b: &str) -> bool {
    a == b || a.len().min(b.len()) >= 8 && (a.ends_with(b) || b.ends_with(a))
}

/// The end of a number that [`same_phone`] numbers have in common.
pub fn end_of_phone(number: &str) -> &str {
    const COMMON: usize = 8;
    number.len().checked_sub(COMMON).and_then(|start| number.get(start..)).unwrap_or(number)
}

/// The host name that tells a company from others; `None` for hosts that carry many.
pub fn telling_host(host: String) -> Option<String> {
    // `acme.myshopify.com` is a shop of its own, `de.linkedin.com` is not; both say too little to be sure.
    let page_of_many = SHARED_HOSTS.split(' ').any(|known| host == known || is_part(&host, known));
    (!page_of_many && !MAILBOX_PROVIDERS.contains(&host.as_str())).then_some(host)
}

/// Whether one host is a part of the other, or both have one name under two endings.
pub fn like_hosts(a: &str, b: &str) -> bool {
    let (ours, theirs) = (label(a), label(b));
    is_part(a, b) || is_part(b, a) || ours.is_some_and(|name| name.chars().count() >= 4) && ours == theirs
}

fn is_part(long: &str, short: &str) -> bool {
    long.strip_suffix(short).is_some_and(|rest| rest.ends_with('.'))
}

/// The name that somebody registered: `acme` of `shop.acme.co.uk`.
fn label(host: &str) -> Option<&str> {
    const SECOND: &[&str] = &["ac", "co", "com", "edu", "gob", "gov", "gv", "ne", "net", "or", "org"];
    let mut labels = host.rsplit('.');
    let ending = labels.next()?;
    let name = labels.next()?;
    if ending.len() == 2 && SECOND.contains(&name) { labels.next() } else { Some(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEDUPE-01: one mailbox, however its address is written; mailboxes of offices and providers are known as such.
    #[test]
    fn emails() {
        let of = |text| Email::new(text).unwrap();
        assert_eq!(of("Ada.Lovelace+crm@GoogleMail.com"), of("adalovelace@gmail.com"));
        assert_ne!(of("ada.lovelace@acme.com"), of("adalovelace@acme.com"));
        assert!(of("info@acme.com").role && !of("ada@acme.com").role && of("ada@web.de").public);
        assert!(of("ada.lovelace@acme.com").is_like(&of("ada.lovelace@globex.com")));
        assert!(of("adalovelace@gmail.com").is_like(&of("adalovelace@gmial.com")));
        assert!(!of("t.smith@acme.com").is_like(&of("j.smith@acme.com")));
        assert!(!of("user.12@acme.com").is_like(&of("user.13@acme.com")));
        assert!(Email::new("ada").is_none() && Email::new("+x@acme.com").is_none() && Email::new("a@b").is_none());
    }

    /// DEDUPE-01: one number with and without its country; placeholders are none.
    #[test]
    fn phones() {
        let same = |a, b| same_phone(&phone(a).unwrap(), &phone(b).unwrap());
        assert!(same("+49 30 901820", "030 / 901820") && same("+14152933313", "(415) 293-3313 ext. 12"));
        assert!(!same("+14152933313", "+14152933314"));
        assert!(phone("12345").is_none() && phone("000-000-0000").is_none() && phone("+1 111 111 1111").is_none());
    }

    /// DEDUPE-01: a host of many companies is no company's domain; endings and parts are alike.
    #[test]
    fn hosts() {
        assert!(telling_host("de.linkedin.com".into()).is_none() && telling_host("gmail.com".into()).is_none());
        assert_eq!(telling_host("acme.com".into()).as_deref(), Some("acme.com"));
        assert!(like_hosts("acme.com", "acme.co.uk") && like_hosts("shop.acme.de", "acme.de"));
        assert!(!like_hosts("apple.com", "applerecords.com") && !like_hosts("bbc.co.uk", "itv.co.uk"));
    }
}
