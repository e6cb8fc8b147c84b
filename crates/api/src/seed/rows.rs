//! What the demo organization sells, and to whom: sensors and monitoring for buildings, plants and cold stores.

/// Name and address of the colleagues; the person who signs in is the first owner, they are the next ones.
pub const COLLEAGUES: [(&str, &str); 3] = [
    ("Mateo Alvarez", "mateo@rapport.example"),
    ("Sofia Lindgren", "sofia@rapport.example"),
    ("Kwame Boateng", "kwame@rapport.example"),
];

/// Tags of companies and of deals, with their colours.
pub const COMPANY_TAGS: [(&str, &str); 4] =
    [("Key account", "c10"), ("Renewal", "c7"), ("Inbound", "c9"), ("Partner", "c4")];
/// Tags of deals, with their colours.
pub const DEAL_TAGS: [(&str, &str); 3] = [("Pilot", "c8"), ("Expansion", "c6"), ("Competitive", "c3")];

/// A product.
pub struct Product {
    pub name: &'static str,
    pub code: &'static str,
    /// In cents.
    pub price: i64,
    pub unit: &'static str,
    pub about: &'static str,
    pub active: bool,
}

const fn product(
    name: &'static str,
    code: &'static str,
    price: i64,
    unit: &'static str,
    about: &'static str,
) -> Product {
    Product { name, code, price, unit, about, active: true }
}

/// The products.
pub const PRODUCTS: &[Product] = &[
    product(
        "Vibration sensor VS-40",
        "VS-40",
        28_500,
        "piece",
        "Three axes, for motors, pumps and fans. Five years on one battery.",
    ),
    product(
        "Cold store sensor CS-12",
        "CS-12",
        21_500,
        "piece",
        "Temperature and humidity down to -40 °C, calibrated.",
    ),
    product("Edge gateway", "EG-3", 189_000, "piece", "Collects up to 64 sensors and keeps two weeks of readings."),
    product(
        "Monitoring, per site and year",
        "MON-Y",
        960_000,
        "site and year",
        "Readings, alarms and reports around the clock.",
    ),
    product("Installation, per day", "INST-D", 145_000, "day", "Two technicians with tools and travel."),
    Product { active: false, ..product("Vibration sensor VS-30", "VS-30", 24_900, "piece", "Replaced by the VS-40.") },
];

/// A company with its people and deals.
pub struct Company {
    pub name: &'static str,
    pub industry: &'static str,
    pub site: &'static str,
    /// City, state or region, country.
    pub place: [&'static str; 3],
    pub phone: &'static str,
    pub size: &'static str,
    pub employees: u32,
    pub lifecycle: &'static str,
    pub tags: &'static [&'static str],
    /// 0 is the person who signs in.
    pub owner: usize,
    /// First name, last name, title, role in decisions.
    pub people: &'static [[&'static str; 4]],
    pub deals: &'static [Deal],
}

/// A deal; days count back from today, except where said.
pub struct Deal {
    pub name: &'static str,
    /// Place of the primary contact among the company's people.
    pub contact: usize,
    /// Place of its stage in the default pipeline.
    pub stage: usize,
    /// In whole dollars.
    pub amount: i64,
    /// Since when it exists, and since when it stands in its stage.
    pub age: [i64; 2],
    /// In how many days it should close.
    pub closes: i64,
    pub tags: &'static [&'static str],
    /// Product, quantity, price in cents, discount in percent.
    pub lines: &'static [(&'static str, u32, i64, f64)],
}

const fn deal(name: &'static str, contact: usize, stage: usize, amount: i64, age: [i64; 2], closes: i64) -> Deal {
    Deal { name, contact, stage, amount, age, closes, tags: &[], lines: &[] }
}

const fn tagged(tags: &'static [&'static str], deal: Deal) -> Deal {
    Deal { tags, ..deal }
}

const fn with(lines: &'static [(&'static str, u32, i64, f64)], deal: Deal) -> Deal {
    Deal { lines, ..deal }
}

const PROSPECT: usize = 0;
const QUALIFY: usize = 1;
const PROPOSE: usize = 2;
const NEGOTIATE: usize = 3;
const WON: usize = 4;
const LOST: usize = 5;

const PILOT: &[&str] = &["Pilot"];
const EXPANSION: &[&str] = &["Expansion"];
const COMPETITIVE: &[&str] = &["Competitive"];

/// The companies.
pub const COMPANIES: &[Company] = &[
    Company {
        name: "Northwind Optics",
        industry: "Manufacturing",
        site: "northwind-optics.example",
        place: ["Portland", "OR", "US"],
        phone: "+1 503 555 2010",
        size: "medium",
        employees: 420,
        lifecycle: "customer",
        tags: &["Key account"],
        owner: 0,
        people: &[
            ["Priya", "Raman", "Head of Procurement", "decision_maker"],
            ["Tomás", "Iglesias", "Plant Manager", "influencer"],
        ],
        deals: &[
            with(
                &[
                    ("Vibration sensor VS-40", 96, 28_500, 0.0),
                    ("Edge gateway", 6, 189_000, 0.0),
                    ("Installation, per day", 9, 145_000, 0.0),
                ],
                tagged(EXPANSION, deal("Coating line vibration monitoring", 0, NEGOTIATE, 51_750, [62, 4], 12)),
            ),
            deal("Service contract, 3 years", 1, WON, 36_000, [90, 6], -6),
            deal("Clean room air quality", 1, QUALIFY, 18_400, [16, 9], 48),
        ],
    },
    Company {
        name: "Harbor & Pine Hotels",
        industry: "Hospitality",
        site: "harborpine.example",
        place: ["Seattle", "WA", "US"],
        phone: "+1 206 555 2021",
        size: "small",
        employees: 85,
        lifecycle: "prospect",
        tags: &["Inbound"],
        owner: 1,
        people: &[["Ellen", "Sørby", "Owner", "decision_maker"]],
        deals: &[deal("Guest room climate control", 0, QUALIFY, 24_800, [21, 12], 40)],
    },
    Company {
        name: "Lumen Analytics",
        industry: "Software",
        site: "lumen-analytics.example",
        place: ["Austin", "TX", "US"],
        phone: "+1 512 555 2032",
        size: "startup",
        employees: 34,
        lifecycle: "prospect",
        tags: &["Partner"],
        owner: 2,
        people: &[["Marcus", "Webb", "CTO", "decision_maker"], ["Ines", "Carvalho", "Product Manager", "user"]],
        deals: &[deal("Data feed partnership", 0, PROSPECT, 15_000, [8, 8], 75)],
    },
    Company {
        name: "Caldera Foods",
        industry: "Food and beverage",
        site: "calderafoods.example",
        place: ["Denver", "CO", "US"],
        phone: "+1 303 555 2043",
        size: "large",
        employees: 2_300,
        lifecycle: "customer",
        tags: &["Key account", "Renewal"],
        owner: 0,
        people: &[
            ["Yuki", "Tanabe", "VP Operations", "decision_maker"],
            ["Dana", "Whitfield", "CFO", "gatekeeper"],
            ["Rob", "Castellano", "Cold Chain Manager", "user"],
        ],
        deals: &[
            with(
                &[
                    ("Cold store sensor CS-12", 340, 21_500, 0.0),
                    ("Edge gateway", 17, 189_000, 0.0),
                    ("Monitoring, per site and year", 5, 960_000, 0.0),
                ],
                tagged(EXPANSION, deal("Cold chain roll-out, five sites", 0, PROPOSE, 153_230, [45, 11], 18)),
            ),
            deal("Annual renewal 2027", 1, WON, 43_000, [70, 2], -2),
            deal("Door sensors, Denver", 2, PROSPECT, 9_600, [3, 3], 60),
        ],
    },
    Company {
        name: "Brightwater Clinics",
        industry: "Health care",
        site: "brightwater.example",
        place: ["Chicago", "IL", "US"],
        phone: "+1 312 555 2054",
        size: "enterprise",
        employees: 6_100,
        lifecycle: "prospect",
        tags: &["Inbound"],
        owner: 3,
        people: &[
            ["Amara", "Okafor", "IT Director", "influencer"],
            ["Helen", "Marsh", "Chief Pharmacist", "decision_maker"],
        ],
        deals: &[
            tagged(PILOT, deal("Vaccine fridge monitoring pilot", 1, PROPOSE, 26_000, [33, 15], 21)),
            deal("Network-wide fridge monitoring", 0, PROSPECT, 240_000, [12, 12], 120),
        ],
    },
    Company {
        name: "Osprey Logistics",
        industry: "Transport",
        site: "ospreylogistics.example",
        place: ["Atlanta", "GA", "US"],
        phone: "+1 404 555 2065",
        size: "large",
        employees: 1_850,
        lifecycle: "customer",
        tags: &["Renewal"],
        owner: 1,
        people: &[["Luca", "Ferretti", "Fleet Manager", "decision_maker"], ["Beth", "Nakamura", "Buyer", "gatekeeper"]],
        deals: &[
            tagged(COMPETITIVE, deal("Trailer tracking, 400 units", 0, NEGOTIATE, 71_000, [58, 9], 5)),
            deal("Warehouse humidity, Savannah", 1, WON, 12_900, [41, 13], -13),
        ],
    },
    Company {
        name: "Tallgrass Energy Partners",
        industry: "Energy",
        site: "tallgrass-energy.example",
        place: ["Tulsa", "OK", "US"],
        phone: "+1 918 555 2076",
        size: "enterprise",
        employees: 4_700,
        lifecycle: "prospect",
        tags: &[],
        owner: 2,
        people: &[
            ["Grace", "Hollis", "Purchasing Lead", "gatekeeper"],
            ["Owen", "Delacroix", "Director of Grid Operations", "decision_maker"],
        ],
        deals: &[
            deal("Substation monitoring study", 1, QUALIFY, 99_000, [27, 18], 70),
            deal("Transformer oil temperature", 1, PROSPECT, 38_500, [5, 5], 90),
        ],
    },
    Company {
        name: "Fernhill Books",
        industry: "Retail",
        site: "fernhillbooks.example",
        place: ["Boston", "MA", "US"],
        phone: "+1 617 555 2087",
        size: "small",
        employees: 60,
        lifecycle: "churned",
        tags: &[],
        owner: 3,
        people: &[["Noah", "Lindqvist", "Founder", "decision_maker"]],
        deals: &[deal("Archive humidity control", 0, LOST, 3_800, [52, 16], -16)],
    },
    Company {
        name: "Vandermeer Greenhouses",
        industry: "Agriculture",
        site: "vandermeer.example",
        place: ["Venlo", "Limburg", "NL"],
        phone: "+31 77 555 2098",
        size: "medium",
        employees: 210,
        lifecycle: "customer",
        tags: &["Key account"],
        owner: 2,
        people: &[
            ["Lotte", "Vandermeer", "Managing Director", "decision_maker"],
            ["Pieter", "Smit", "Head Grower", "user"],
        ],
        deals: &[
            tagged(EXPANSION, deal("Greenhouse 7 to 12 climate", 0, NEGOTIATE, 64_200, [49, 7], 9)),
            deal("Root zone sensors", 1, WON, 21_300, [60, 19], -19),
        ],
    },
    Company {
        name: "St. Brannoc University Hospital",
        industry: "Health care",
        site: "stbrannoc.example",
        place: ["Bristol", "England", "GB"],
        phone: "+44 117 555 2109",
        size: "enterprise",
        employees: 9_400,
        lifecycle: "prospect",
        tags: &[],
        owner: 0,
        people: &[
            ["Fiona", "Ashworth", "Estates Director", "decision_maker"],
            ["Sanjay", "Mehta", "Energy Manager", "user"],
        ],
        deals: &[
            deal("Theatre air pressure monitoring", 1, PROPOSE, 88_000, [37, 22], 34),
            tagged(PILOT, deal("Boiler house pilot", 1, WON, 14_500, [66, 9], -9)),
        ],
    },
    Company {
        name: "Kestrel Aerospace Components",
        industry: "Aerospace",
        site: "kestrel-aero.example",
        place: ["Wichita", "KS", "US"],
        phone: "+1 316 555 2110",
        size: "medium",
        employees: 640,
        lifecycle: "prospect",
        tags: &["Inbound"],
        owner: 1,
        people: &[
            ["Denise", "Kowalczyk", "Quality Manager", "influencer"],
            ["Ray", "Thornton", "Plant Director", "decision_maker"],
        ],
        deals: &[tagged(COMPETITIVE, deal("Autoclave temperature logging", 1, PROPOSE, 47_500, [29, 6], 26))],
    },
    Company {
        name: "Solvang Dairy Cooperative",
        industry: "Food and beverage",
        site: "solvangdairy.example",
        place: ["Aarhus", "Midtjylland", "DK"],
        phone: "+45 55 55 21 21",
        size: "large",
        employees: 1_120,
        lifecycle: "customer",
        tags: &["Renewal"],
        owner: 2,
        people: &[["Mikkel", "Dahl", "Head of Production", "decision_maker"]],
        deals: &[
            deal("Milk tank monitoring", 0, NEGOTIATE, 33_900, [40, 14], -3),
            deal("Service contract renewal", 0, PROSPECT, 17_000, [2, 2], 45),
        ],
    },
    Company {
        name: "Copperline Data Centers",
        industry: "Technology",
        site: "copperline.example",
        place: ["Reno", "NV", "US"],
        phone: "+1 775 555 2132",
        size: "medium",
        employees: 310,
        lifecycle: "customer",
        tags: &["Key account"],
        owner: 3,
        people: &[
            ["Adaeze", "Nwosu", "VP Infrastructure", "decision_maker"],
            ["Colin", "Frey", "Facilities Engineer", "user"],
        ],
        deals: &[
            tagged(EXPANSION, deal("Hall 4 airflow monitoring", 0, PROPOSE, 112_400, [31, 8], 15)),
            deal("Leak detection, halls 1 to 3", 1, WON, 58_700, [75, 11], -11),
        ],
    },
    Company {
        name: "Alpenglow Breweries",
        industry: "Food and beverage",
        site: "alpenglow.example",
        place: ["Innsbruck", "Tirol", "AT"],
        phone: "+43 512 555214",
        size: "small",
        employees: 140,
        lifecycle: "lead",
        tags: &["Inbound"],
        owner: 0,
        people: &[["Jakob", "Reiter", "Brewmaster", "influencer"]],
        deals: &[deal("Fermentation tank sensors", 0, PROSPECT, 11_200, [6, 6], 55)],
    },
    Company {
        name: "Meridian Museum of Art",
        industry: "Culture",
        site: "meridianmuseum.example",
        place: ["Philadelphia", "PA", "US"],
        phone: "+1 215 555 2154",
        size: "medium",
        employees: 230,
        lifecycle: "prospect",
        tags: &[],
        owner: 1,
        people: &[["Claire", "Beaumont", "Head of Conservation", "decision_maker"]],
        deals: &[tagged(PILOT, deal("Gallery microclimate pilot", 0, QUALIFY, 8_900, [14, 10], 38))],
    },
    Company {
        name: "Ironvale Steel",
        industry: "Manufacturing",
        site: "ironvale.example",
        place: ["Pittsburgh", "PA", "US"],
        phone: "+1 412 555 2165",
        size: "large",
        employees: 3_600,
        lifecycle: "prospect",
        tags: &[],
        owner: 2,
        people: &[["Walter", "Brandt", "Maintenance Manager", "influencer"], ["Joanna", "Pike", "CFO", "gatekeeper"]],
        deals: &[
            deal("Rolling mill bearing monitoring", 0, QUALIFY, 76_000, [24, 20], 65),
            tagged(COMPETITIVE, deal("Crane load monitoring", 0, LOST, 29_000, [80, 21], -21)),
        ],
    },
    Company {
        name: "Pacific Kelp Company",
        industry: "Agriculture",
        site: "pacifickelp.example",
        place: ["Monterey", "CA", "US"],
        phone: "+1 831 555 2176",
        size: "startup",
        employees: 18,
        lifecycle: "lead",
        tags: &["Inbound"],
        owner: 3,
        people: &[["Leilani", "Kahale", "Co-founder", "decision_maker"]],
        deals: &[deal("Drying room sensors", 0, PROSPECT, 4_300, [1, 1], 30)],
    },
    Company {
        name: "Hartmann Präzision",
        industry: "Manufacturing",
        site: "hartmann-praezision.example",
        place: ["Stuttgart", "Baden-Württemberg", "DE"],
        phone: "+49 711 5552187",
        size: "medium",
        employees: 520,
        lifecycle: "customer",
        tags: &["Partner"],
        owner: 0,
        people: &[
            ["Annette", "Hartmann", "Managing Director", "decision_maker"],
            ["Jens", "Vogt", "Production Engineer", "user"],
        ],
        deals: &[
            deal("Spindle monitoring, line 2", 1, QUALIFY, 42_600, [19, 13], 52),
            deal("Compressed air audit", 0, WON, 9_800, [44, 24], -24),
        ],
    },
    Company {
        name: "Blue Mesa School District",
        industry: "Education",
        site: "bluemesa.example",
        place: ["Santa Fe", "NM", "US"],
        phone: "+1 505 555 2198",
        size: "large",
        employees: 2_900,
        lifecycle: "prospect",
        tags: &[],
        owner: 1,
        people: &[["Ramona", "Ortiz", "Facilities Director", "decision_maker"]],
        deals: &[deal("Classroom air quality, 42 schools", 0, NEGOTIATE, 94_500, [68, 26], -1)],
    },
    Company {
        name: "Quayside Properties",
        industry: "Real estate",
        site: "quayside.example",
        place: ["Baltimore", "MD", "US"],
        phone: "+1 410 555 2209",
        size: "small",
        employees: 45,
        lifecycle: "prospect",
        tags: &[],
        owner: 3,
        people: &[["Simon", "Achebe", "Portfolio Manager", "decision_maker"]],
        deals: &[deal("Office tower submetering", 0, PROPOSE, 31_500, [26, 17], 29)],
    },
];
