//! Email and web addresses and phone numbers, by rules small enough for the browser: no regular expressions, no Unicode
//! tables.

/// Whether this looks like an email address: one `@`, a local part of at most 64 characters, a host name with a dot.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
    local_fits && host.contains('.') && is_host(host)
}

/// Whether this is an absolute http or https address with a host.
pub fn is_url(text: &str) -> bool {
    let is_web = |scheme: &str| ["https", "http"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    let Some((_, rest)) = text.split_once("://").filter(|(scheme, _)| is_web(scheme)) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok());
    port_fits
        && is_host(host)
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c))
}

/// Digits with the usual punctuation and an extension. Whether the number exists is not decided here.
pub fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let allowed = text.chars().all(|c| c.is_ascii_alphanumeric() || " +-()[]./~#*,;:".contains(c));
    (3..=25).contains(&digits) && allowed
}

/// A phone number with blanks and hyphens as they are typed, in place of those that texts are set with.
pub fn typed_phone(text: &str) -> String {
    let typed = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    visible(text).chars().map(typed).collect()
}

/// A text without the marks that nobody sees and that come along when it is copied: of its direction, and of where a line
/// may be broken.
pub fn visible(text: &str) -> String {
    let mark = |c: &char| {
        matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}')
            || matches!(c, '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars().filter(|c| !mark(c)).collect()
}

/// Labels of letters, digits and hyphens; letters of any script, because host names have them.
fn is_host(host: &str) -> bool {
    host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SECURITY-01: addresses are checked, scripts are no addresses.
    #[test]
    fn addresses() {
        assert!(is_email("ada@example.com") && is_email("a.b+c@sub.example.co.uk"));
        assert!(!is_email("ada") && !is_email("ada@host") && !is_email("a b@example.com") && !is_email("@example.com"));
        assert!(
            is_url("https://example.com/a?b=c#d")
                && is_url("http://localhost:8080")
                && is_url("https://bücher.example")
        );
        assert!(
            !is_url("javascript:alert(1)") && !is_url("https://") && !is_url("https://a b.com") && !is_url("ftp://x.y")
        );
    }
}
