//! What a person decides about an import: which column feeds which field, and how texts are read.

use crate::auth::{DateOrder, OrgSettings};
use crate::catalog::RecordType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::decision::{Match, ValueMatch};
pub use super::origin::{Origin, PhoneKind};

crate::choices! {
    /// What an import does with rows in general.
    ImportMode {
        CreateNew = "create_new" "Create new records",
        UpdateAndCreate = "update_and_create" "Update existing records and create new ones",
    }
}
crate::choices! {
    /// In the mode `create_new`: what happens to a row whose record exists already (or stood earlier in the file).
    ///
    /// `skip` leaves the record alone, `merge` fills its empty fields only, `create` makes a second record. The mode
    /// `update_and_create` does not look at it: there the file's values replace the record's.
    OnDuplicate {
        Skip = "skip" "Skip the row",
        Merge = "merge" "Fill empty fields",
        Create = "create" "Create anyway",
    }
}
crate::choices! {
    /// What one unit of money in the file stands for.
    MoneyScale { Units = "units" "Units", Thousands = "thousands" "Thousands", Millions = "millions" "Millions" }
}
crate::choices! {
    /// The character before the decimals of a number.
    DecimalSeparator { Point = "point" "Point (1,234.56)", Comma = "comma" "Comma (1.234,56)" }
}
crate::choices! {
    /// What happens to a company that a row names and nobody knows yet.
    RelatedRecords { Create = "create" "Create it", Link = "link" "Link existing ones only" }
}

impl MoneyScale {
    /// By how many powers of ten an amount grows.
    pub const fn exponent(self) -> u32 {
        match self {
            Self::Units => 0,
            Self::Thousands => 3,
            Self::Millions => 6,
        }
    }
}

/// Everything that decides what the rows of a file become.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What the rows are, by the plural of the record type: `companies`.
    #[serde(with = "plural")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "deals"))]
    pub entity: RecordType,
    /// Where each field comes from. Fields that are not named are not imported.
    #[serde(default)]
    pub mapping: Vec<FieldSource>,
    /// How texts are read and what happens to them.
    pub options: Options,
}

/// Where a field's value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldSource {
    /// Key of the target: a field's name (`email`, `company_id` for the company by name), a part of one
    /// (`billing_address.city`, `products.name`) or `name` and `company.domain` as listed by the targets.
    pub field: String,
    /// The source.
    #[serde(flatten)]
    pub source: Source,
}

/// One way of getting a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Columns by header; the first that is not blank wins.
    Columns(Vec<String>),
    /// A text with columns in braces: `{account} – {product}`. A blank column vanishes with its separator. For a required
    /// field it counts for new records only: existing ones keep what they have.
    Template(String),
    /// The same for every row.
    Constant(String),
}

/// How texts are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Order of day, month and year in dates such as 03/04/2026.
    pub date_order: DateOrder,
    /// Currency of amounts, unless a column says it (ISO 4217).
    pub currency: String,
    /// What one unit of money stands for.
    #[serde(default = "Options::units")]
    pub money_scale: MoneyScale,
    /// The decimal separator.
    #[serde(default = "Options::point")]
    pub decimal: DecimalSeparator,
    /// Country of phone numbers without a country code (ISO 3166-1 alpha-2).
    pub phone_region: String,
    /// Whether existing records are updated.
    #[serde(default = "Options::create_new")]
    pub mode: ImportMode,
    /// What happens to rows whose record exists.
    #[serde(default = "Options::skip")]
    pub on_duplicate: OnDuplicate,
    /// What happens to companies that do not exist yet.
    #[serde(default = "Options::create_related")]
    pub related: RelatedRecords,
    /// The pipeline of imported deals; the default pipeline without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline_id: Option<Uuid>,
    /// Decisions about texts that stand for a stage, a member or a choice.
    #[serde(default)]
    pub matches: Vec<ValueMatch>,
    /// Columns of phone numbers whose kind (mobile, work, home) stands in another column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phone_kinds: Vec<PhoneKind>,
    /// The product whose export the file was taken for. It only tells people; how rows are read says the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl Options {
    const fn units() -> MoneyScale {
        MoneyScale::Units
    }
    const fn point() -> DecimalSeparator {
        DecimalSeparator::Point
    }
    const fn create_new() -> ImportMode {
        ImportMode::CreateNew
    }
    const fn skip() -> OnDuplicate {
        OnDuplicate::Skip
    }
    const fn create_related() -> RelatedRecords {
        RelatedRecords::Create
    }

    /// The options that an organization's settings suggest.
    pub fn from_settings(settings: &OrgSettings) -> Self {
        Self {
            date_order: settings.date_order,
            currency: settings.currency.clone(),
            money_scale: Self::units(),
            decimal: Self::point(),
            phone_region: settings.phone_region.clone(),
            mode: Self::create_new(),
            on_duplicate: Self::skip(),
            related: Self::create_related(),
            pipeline_id: None,
            matches: Vec::new(),
            phone_kinds: Vec::new(),
            origin: None,
        }
    }
}

/// Record types by their plural, as paths and import calls name them.
pub(crate) mod plural {
    use crate::catalog::RecordType;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(record: &RecordType, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(record.spec().table)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RecordType, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = || RecordType::listed(|record| record.spec().table);
        RecordType::of_table(&name).ok_or_else(|| serde::de::Error::custom(format!("entity is one of {}", known())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deals::DealStatus;
    use serde_json::json;

    /// IMPORT-02, IMPORT-06: the wire form of a plan reads as people would write it.
    #[test]
    fn the_wire_form() {
        let json = json!({
            "entity": "deals",
            "mapping": [
                {"field": "name", "template": "{account} – {product}"},
                {"field": "email", "columns": ["email_work", "email_home"]},
                {"field": "source", "constant": "import"},
            ],
            "options": {
                "date_order": "mdy", "currency": "USD", "phone_region": "US", "mode": "update_and_create",
                "matches": [
                    {"field": "stage_id", "text": "Engaging", "to": "create"},
                    {"field": "owner_id", "text": "Ada", "to": "invite", "email": "ada@example.com"},
                    {"field": "owner_id", "text": "Bob", "to": "empty"},
                ],
            },
        });
        let plan: Plan = serde_json::from_value(json).unwrap();
        let decisions: Vec<&Match> = plan.options.matches.iter().map(|m| &m.to).collect();
        let invite = Match::Invite { email: "ada@example.com".into() };
        assert_eq!(decisions, [&Match::Create { status: DealStatus::Open }, &invite, &Match::Empty]);
        assert_eq!((plan.options.origin.as_ref(), plan.options.phone_kinds.len()), (None, 0));
        let again = serde_json::from_value::<Plan>(serde_json::to_value(&plan).unwrap()).unwrap();
        assert_eq!(again, plan);
        assert!(serde_json::from_value::<Plan>(json!({"entity": "planets", "options": {}})).is_err());
    }
}
