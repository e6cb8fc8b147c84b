//! Email and web addresses, by rules small enough for the browser: no regular expressions, no Unicode tables.

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
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok());
    port_fits
        && is_host(host)
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c))
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
