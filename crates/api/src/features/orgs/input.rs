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
    if errors.is_empty() { Ok(settings) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Settings that the rest of the product could not work with are refused, each at its own field.
    #[test]
    fn settings_are_checked_one_by_one() {
        let present = OrgSettings::default();
        let input = OrgInput {
            currency: Some("eur".into()),
            timezone: Some("Mars/Olympus".into()),
            phone_region: Some("XX".into()),
            ..OrgInput::default()
        };
        let errors = settings_of(&input, &present).unwrap_err();
        let fields: Vec<_> = errors.iter().map(FieldError::field).collect();
        assert_eq!(fields, ["currency", "timezone", "phone_region"]);

        let input = OrgInput { timezone: Some("Europe/Berlin".into()), ..OrgInput::default() };
        let settings = settings_of(&input, &present).unwrap();
        assert_eq!(settings, OrgSettings { timezone: "Europe/Berlin".into(), ..present });
    }
}
