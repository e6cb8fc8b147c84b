//! Pairs of companies as they stand in a CRM, and what duplicate detection must make of them.

use domain::dedupe::{CERTAIN, CompanyFacts, POSSIBLE, Profile, compare, keys};
use domain::records::Address;

/// What is expected of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// One company: a merge is offered as one click.
    Merge,
    /// Worth a look.
    Look,
    /// Two companies.
    Two,
}
use Expected::{Look, Merge, Two};

/// Name, website, email, phone, `street|town|postal code`.
type Row = [&'static str; 5];

const PAIRS: &[(Expected, Row, Row)] = &[
    // One company in two ways of writing.
    (Merge, ["ACME GmbH", "https://acme.com", "", "", ""], ["Acme", "www.acme.com", "", "", ""]),
    (Merge, ["Acme, Inc.", "acme.com", "", "", ""], ["ACME Incorporated", "", "sales@acme.com", "", ""]),
    (Merge, ["Müller & Söhne KG", "", "", "+49 89 4522670", ""], ["Muller und Sohne", "", "", "089 4522670", ""]),
    (Merge, ["Globex Corporation", "", "", "+1 212 555 0142", ""], ["Globex Corp.", "", "", "+12125550142", ""]),
    (
        Merge,
        ["Northwind Traders", "northwind.com", "", "", ""],
        ["Nortwind Traders", "northwind.com/about", "", "", ""],
    ),
    (Merge, ["Data Dog", "datadog.example", "", "", ""], ["DataDog, Inc.", "https://www.datadog.example/", "", "", ""]),
    (Merge, ["The Hartley Company", "hartley.co.uk", "", "", ""], ["Hartley", "hartley.co.uk", "", "", ""]),
    (
        Merge,
        ["Café Lumière SARL", "", "", "", "4 rue de la Paix|Paris|75002"],
        ["Cafe Lumiere", "", "", "", "4 Rue de la Paix|PARIS|75002"],
    ),
    (
        Merge,
        ["Initech", "", "info@initech.example", "", ""],
        ["Initech LLC", "initech.example", "info@initech.example", "", ""],
    ),
    (Merge, ["Johnson & Johnson", "jnj.com", "", "", ""], ["Johnson and Johnson Inc", "jnj.com", "", "", ""]),
    (Merge, ["Umbrella S.p.A.", "umbrella.it", "", "", ""], ["Umbrella SpA", "umbrella.it", "", "", ""]),
    (Merge, ["東京商事", "tokyo-shoji.co.jp", "", "", ""], ["東京商事", "tokyo-shoji.co.jp", "", "", ""]),
    (
        Merge,
        ["Stark Industries", "", "", "", "200 Park Avenue|New York|10166"],
        ["Stark Industries Inc", "", "", "", "200 Park Ave|New York|10166"],
    ),
    (Merge, ["Wayne Enterprises", "", "bruce@gmail.com", "", ""], ["Wayne Enterprises", "", "bruce@gmail.com", "", ""]),
    (Merge, ["株式会社トヨタ", "toyota.example", "", "", ""], ["トヨタ", "www.toyota.example", "", "", ""]),
    (Merge, ["ООО Ромашка", "romashka.example", "", "", ""], ["Ромашка", "romashka.example", "", "", ""]),
    (Merge, ["University of Oxford", "ox.ac.uk", "", "", ""], ["Oxford University", "www.ox.ac.uk", "", "", ""]),
    // Likely one company, but somebody should look.
    (Look, ["Acme GmbH", "", "", "", ""], ["ACME", "", "", "", ""]),
    (
        Look,
        ["Northwind Traders", "northwind.com", "", "", ""],
        ["Northwind Traders", "northwindtraders.com", "", "", ""],
    ),
    (Look, ["Acme GmbH", "acme.de", "", "", ""], ["Acme Inc", "acme.com", "", "", ""]),
    (Look, ["Acme GmbH", "acme.de", "", "", ""], ["Acme AG", "acme.de", "", "", ""]),
    (Look, ["Acme", "acme.com", "", "", ""], ["Acme Robotics", "acme.com", "", "", ""]),
    (Look, ["IBM", "ibm.com", "", "", ""], ["International Business Machines", "ibm.com", "", "", ""]),
    (Look, ["Alphabet", "google-parent.example", "", "", ""], ["Sidewalk", "google-parent.example", "", "", ""]),
    (Look, ["Hooli", "", "", "+1 650 555 0188", ""], ["Hooli Labs", "", "", "+1 650 555 0188", ""]),
    (Look, ["Soylent Corp", "soylent.com", "", "", ""], ["Soylent", "shop.soylent.com", "", "", ""]),
    (Look, ["Tyrell", "", "office@tyrell.example", "", ""], ["Eldon Rosen Trust", "", "office@tyrell.example", "", ""]),
    (Look, ["Cyberdyne Systems", "", "", "", ""], ["Cyberdyne Systems Corp.", "", "", "+1 408 555 0110", ""]),
    (Look, ["Bluth Company", "", "gob@bluth.example", "", ""], ["Bluth", "", "michael@bluth.com", "", ""]),
    (Look, ["Weyland Yutani", "", "", "+1 415 555 0117", ""], ["Weyland-Yutani Corp", "", "", "+1 415 555 0999", ""]),
    (Look, ["Lufthansa", "lufthansa.com", "", "", ""], ["Deutsche Lufthansa AG", "lufthansa.com", "", "", ""]),
    (Look, ["McDonald's", "", "", "", ""], ["Mc Donalds Corp.", "", "", "", ""]),
    // Two companies.
    (Two, ["Apple Inc", "apple.com", "", "", ""], ["Apple Records", "applerecords.com", "", "", ""]),
    (Two, ["Apple Inc", "", "", "", ""], ["Apple Records", "", "", "", ""]),
    (Two, ["Delta", "delta.com", "", "", ""], ["Delta", "deltafaucet.com", "", "", ""]),
    (Two, ["Hertz Berlin", "", "", "+49 30 20230", ""], ["Hertz Hamburg", "", "", "+49 30 20230", ""]),
    (
        Two,
        ["Hertz Berlin", "hertz.de", "", "+49 800 3333222", ""],
        ["Hertz Hamburg", "hertz.de", "", "+49 800 3333222", ""],
    ),
    (Two, ["Bakery Schmidt", "", "", "+49 30 901820", ""], ["Dentist Dr. Wong", "", "", "+49 30 901820", ""]),
    (
        Two,
        ["Acme", "linkedin.com/company/acme", "", "", ""],
        ["Globex", "https://de.linkedin.com/company/globex", "", "", ""],
    ),
    (Two, ["Ada Consulting", "", "ada@gmail.com", "", ""], ["Bob Consulting", "", "bob@gmail.com", "", ""]),
    (
        Two,
        ["Studio 54", "", "", "", "254 W 54th St|New York|10019"],
        ["Studio 55", "", "", "", "254 W 54th St|New York|10019"],
    ),
    (Two, ["Initech", "", "", "", "1 Tower Road|Austin|78701"], ["Vandelay", "", "", "", "1 Tower Road|Austin|78701"]),
    (Two, ["First National Bank", "fnb.com", "", "", ""], ["First National Insurance", "fni.com", "", "", ""]),
    (Two, ["American Airlines", "", "", "", ""], ["American Eagle", "", "", "", ""]),
    (Two, ["Smith Plumbing", "", "", "", ""], ["Smith Roofing", "", "", "", ""]),
    (Two, ["Lotus Cars", "lotuscars.com", "", "", ""], ["Lotus Bakeries", "lotusbakeries.com", "", "", ""]),
    (Two, ["BBC", "bbc.co.uk", "", "", ""], ["ITV", "itv.co.uk", "", "", ""]),
    (
        Two,
        ["Meyer Elektro", "", "", "", "Hauptstr. 1|Ulm|89073"],
        ["Meier Elektro", "", "", "", "Lindenweg 77|Kiel|24103"],
    ),
    (Two, ["Springfield Nuclear", "", "", "", ""], ["Shelbyville Nuclear", "", "", "", ""]),
    (Two, ["Shop 24", "shop24.myshopify.com", "", "", ""], ["Tea House", "teahouse.myshopify.com", "", "", ""]),
    (Two, ["GmbH", "", "", "", ""], ["AG", "", "", "", ""]),
    (Two, ["Siemens AG", "siemens.com", "", "", ""], ["Siemens Energy AG", "siemens-energy.com", "", "", ""]),
    (Two, ["Deutsche Bank AG", "", "", "", ""], ["Deutsche Post AG", "", "", "", ""]),
    (Two, ["University of Oxford", "ox.ac.uk", "", "", ""], ["Oxford University Press", "oup.com", "", "", ""]),
];

fn profile([name, website, email, phone, address]: Row) -> Profile {
    let mut parts = address.split('|').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let address = Address { street: part(), city: part(), zip: part(), ..Address::default() };
    Profile::company(&CompanyFacts {
        name,
        emails: vec![email],
        phones: vec![phone],
        website: Some(website),
        addresses: vec![&address],
    })
}

/// DEDUPE-01: companies are found to be one by name, domain, email, phone and address, and namesakes, branches and
/// neighbours are not; what should be found meets under a key.
#[test]
fn pairs() {
    let mut wrong = Vec::new();
    for (expected, ours, theirs) in PAIRS {
        let (a, b) = (profile(*ours), profile(*theirs));
        let likeness = compare(&a, &b);
        let score = likeness.as_ref().map_or(0, |likeness| likeness.score);
        let found = match score {
            CERTAIN.. => Merge,
            POSSIBLE.. => Look,
            _ => Two,
        };
        let meet = keys(&a).iter().any(|key| keys(&b).contains(key));
        if found != *expected || *expected != Two && !meet {
            wrong.push(format!("{expected:?}, meet: {meet}\n  {ours:?}\n  {theirs:?}\n  {likeness:?}"));
        }
    }
    assert!(PAIRS.len() >= 40);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
