//! Lists that the browser knows by name: time zones, countries, currencies.

use crate::ui::Choice;
use wasm_bindgen::{JsCast, JsValue};

/// The IANA time zones that this browser knows, with `present` among them.
pub(crate) fn time_zones(present: &str) -> Vec<Choice> {
    let intl = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).unwrap_or_default();
    let listed = js_sys::Reflect::get(&intl, &JsValue::from_str("supportedValuesOf"))
        .ok()
        .and_then(|function| function.dyn_into::<js_sys::Function>().ok())
        .and_then(|function| function.call1(&intl, &JsValue::from_str("timeZone")).ok())
        .and_then(|list| list.dyn_into::<js_sys::Array>().ok());
    let mut zones: Vec<String> =
        listed.iter().flat_map(|list| list.iter()).filter_map(|zone| zone.as_string()).collect();
    for wanted in ["UTC", present] {
        if !wanted.is_empty() && !zones.iter().any(|zone| zone == wanted) {
            zones.push(wanted.to_owned());
        }
    }
    zones.sort_unstable();
    zones.into_iter().map(|zone| Choice::new(zone.clone(), zone.replace('_', " "))).collect()
}

/// Countries with their own telephone numbering, by name.
pub(crate) fn countries(present: &str) -> Vec<Choice> {
    let mut codes: Vec<&str> = COUNTRIES.split(' ').collect();
    if !present.is_empty() && !codes.contains(&present) {
        codes.push(present);
    }
    let names = Names::new("region");
    let mut choices: Vec<Choice> = codes.into_iter().map(|code| Choice::new(code, names.of(code))).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}

/// Currencies, as "EUR – Euro".
pub(crate) fn currencies() -> Vec<Choice> {
    let names = Names::new("currency");
    domain::money::CURRENCIES.iter().map(|code| Choice::new(*code, format!("{code} – {}", names.of(code)))).collect()
}

/// The browser's own names of countries or currencies.
struct Names(Option<(JsValue, js_sys::Function)>);

impl Names {
    fn new(kind: &str) -> Self {
        Self(Self::build(kind))
    }

    fn build(kind: &str) -> Option<(JsValue, js_sys::Function)> {
        let intl = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
        let class = js_sys::Reflect::get(&intl, &JsValue::from_str("DisplayNames")).ok()?;
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &JsValue::from_str("type"), &JsValue::from_str(kind)).ok()?;
        // The words around them are English, so these are, too.
        let arguments = js_sys::Array::of2(&JsValue::from_str("en"), &options);
        let class: &js_sys::Function = class.dyn_ref()?;
        let names = js_sys::Reflect::construct(class, &arguments).ok()?;
        let of = js_sys::Reflect::get(&names, &JsValue::from_str("of")).ok()?.dyn_into().ok()?;
        Some((names, of))
    }

    fn of(&self, code: &str) -> String {
        let name = self.0.as_ref().and_then(|(names, of)| of.call1(names, &JsValue::from_str(code)).ok()?.as_string());
        name.unwrap_or_else(|| code.to_owned())
    }
}

/// ISO 3166-1 codes.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI \
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA \
    RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT \
    TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";
