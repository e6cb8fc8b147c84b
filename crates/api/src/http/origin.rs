//! Which address a request comes from, where proxies stand in between.
//!
//! A proxy appends to `X-Forwarded-For` the address that it was called from. So the header is read from the right, as
//! long as what stands there was written by a proxy that we trust (`TRUSTED_PROXIES`); whatever is further left,
//! anybody could have sent.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// Networks of proxies whose word counts; none unless configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and networks, separated by commas or blanks, such as `127.0.0.1, 10.0.0.0/8`.
    ///
    /// # Errors
    /// The first part that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty());
        let network = |part: &str| {
            let network = part.parse::<IpNet>().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from));
            network.ok_or_else(|| part.to_owned())
        };
        parts.map(network).collect::<Result<_, _>>().map(Self)
    }

    fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address that a request counts for.
    pub fn origin(&self, request: &HttpRequest) -> Option<IpAddr> {
        request.peer_addr().map(|peer| self.behind(peer.ip(), request.headers()))
    }

    /// Goes from the peer towards the client as long as a trusted proxy tells from whom it has the request.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.to_canonical();
        let lines: Vec<_> = headers.get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
        for hop in hops {
            let next = hop.trim().parse::<IpAddr>().map(|next| next.to_canonical());
            match next {
                Ok(next) if self.contain(address) => address = next,
                _ => break,
            }
        }
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn origin(trusted: &str, peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(line));
        }
        TrustedProxies::parse(trusted).unwrap().behind(peer.parse().unwrap(), &headers).to_string()
    }

    /// SECURITY-01: nobody chooses the address that rate limits and the audit log know.
    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(origin("", "198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(origin("10.0.0.0/8", "198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(origin("10.0.0.0/8", "10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        // What the client itself has sent stands on the left and is not reached.
        assert_eq!(origin("10.0.0.0/8", "10.1.2.3", &["127.0.0.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(origin("10.0.0.0/8", "10.1.2.3", &["127.0.0.1", "203.0.113.9"]), "203.0.113.9");
        // Several proxies of ours, in two headers and in IPv6.
        let ours = "10.0.0.0/8, 2001:db8::/32 127.0.0.1";
        assert_eq!(origin(ours, "::ffff:10.1.2.3", &["6.6.6.6, 203.0.113.9, 2001:db8::1", "10.9.9.9"]), "203.0.113.9");
        // Only proxies: the one farthest away. Nonsense: the last that is known.
        assert_eq!(origin("10.0.0.0/8", "10.1.2.3", &["10.0.0.9"]), "10.0.0.9");
        assert_eq!(origin("10.0.0.0/8", "10.1.2.3", &["203.0.113.9, unknown"]), "10.1.2.3");
        assert_eq!(origin("10.0.0.0/8", "10.1.2.3", &[""]), "10.1.2.3");
        assert_eq!(TrustedProxies::parse("10.0.0.0/8, proxy.example"), Err("proxy.example".to_owned()));
    }
}
