//! What may stand in an organization's settings.

use chrono_tz::Tz;
use domain::auth::{OrgInput, OrgSettings, check_name};
use domain::error::FieldError;
use domain::money;

/// The longest name of an organization, in characters.
const NAME_MAX: usize = 200;

/// Checks an organization's name, given in the member `field`.
pub fn name_of(field: &str, name: &str) -> Result<String, FieldError> {
    check_name(field, "The name of the organization", name, NAME_MAX)
}

/// The settings with the changes of `input`, or what is wrong with them.
pub fn settings_of(input: &OrgInput, present: &OrgSettings) -> Result<OrgSettings, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut settings = present.clone();
    if let Some(currency) = &input.currency {
        if money::is_currency(currency) {
            if settings.currency != *currency {
                // An amount of the former currency says nothing about the new one.
                settings.high_value_minor = None;
            }
            settings.currency.clone_from(currency);
        } else {
            errors.push(FieldError::new("currency", "currency", "The currency must be an ISO 4217 code such as EUR."));
        }
    }
    if let Some(timezone) = &input.timezone {
        match timezone.parse::<Tz>() {
            Ok(zone) => zone.name().clone_into(&mut settings.timezone),
            Err(_) => errors.push(FieldError::new(
                "timezone",
                "timezone",
                "The time zone must be a name such as Europe/Berlin.",
            )),
        }
    }
    if let Some(region) = &input.phone_region {
        match region.parse::<phonenumber::country::Id>() {
            Ok(_) => settings.phone_region.clone_from(region),
            Err(_) => errors.push(FieldError::new(
                "phone_region",
                "country",
                "The country must be a two-letter code such as DE.",
            )),
        }
    }
    if let Some(order) = input.date_order {
        settings.date_order = order;
    }
    if let Some(from) = input.hot_probability {
        if from.is_none_or(|percent| (1..=100).contains(&percent)) {
            settings.hot_probability = from;
        } else {
            let message = "Hot deals begin at a probability from 1 to 100 percent.";
            errors.push(FieldError::new("hot_probability", "out_of_range", message));
        }
    }
    if let Some(from) = input.high_value_minor {
        if from.is_none_or(|amount| amount > 0) {
            settings.high_value_minor = from;
        } else {
            let message = "High value begins at an amount of more than 0.";
            errors.push(FieldError::new("high_value_minor", "too_small", message));
        }
    }
    if errors.is_empty() { Ok(settings) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Settings that the rest of the product could not work with are refused, each at its own field.
    #[test]
    fn settings_are_checked_one_by_one() {
        let present = OrgSettings::default();
        let input = OrgInput {
            currency: Some("eur".into()),
            timezone: Some("Mars/Olympus".into()),
            phone_region: Some("XX".into()),
            hot_probability: Some(Some(101)),
            high_value_minor: Some(Some(0)),
            ..OrgInput::default()
        };
        let errors = settings_of(&input, &present).unwrap_err();
        let fields: Vec<_> = errors.iter().map(FieldError::field).collect();
        assert_eq!(fields, ["currency", "timezone", "phone_region", "hot_probability", "high_value_minor"]);

        let input = OrgInput { timezone: Some("Europe/Berlin".into()), ..OrgInput::default() };
        let settings = settings_of(&input, &present).unwrap();
        assert_eq!(settings, OrgSettings { timezone: "Europe/Berlin".into(), ..present });
    }

    /// PIPELINE-10: null switches a mark off, absence leaves it; the amount does not outlive its currency.
    #[test]
    fn what_stands_out() {
        let with = |json: serde_json::Value, present: &OrgSettings| {
            let input: OrgInput = serde_json::from_value(json).unwrap();
            let settings = settings_of(&input, present).unwrap();
            (settings.hot_probability, settings.high_value_minor)
        };
        let present = OrgSettings { high_value_minor: Some(100), ..OrgSettings::default() };
        assert_eq!(with(json!({}), &present), (Some(75), Some(100)));
        assert_eq!(with(json!({"hot_probability": null}), &present), (None, Some(100)));
        assert_eq!(with(json!({"hot_probability": 1, "high_value_minor": null}), &present), (Some(1), None));
        assert_eq!(with(json!({"currency": "USD"}), &present), (Some(75), Some(100)));
        assert_eq!(with(json!({"currency": "JPY"}), &present), (Some(75), None));
        assert_eq!(with(json!({"currency": "JPY", "high_value_minor": 7}), &present), (Some(75), Some(7)));
    }
}
