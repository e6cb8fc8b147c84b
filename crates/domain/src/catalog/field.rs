//! One field of a record type.

use super::RecordType;
use crate::choice::Choice;
use crate::filter::Op;
use serde_json::Value as Json;

/// What kind of value a field holds. The kind decides validation, editor, display, filter operators and sorting.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One line of text of at most `max` characters.
    Text {
        /// Longest text, in characters.
        max: usize,
    },
    /// Several lines, at most 20,000 characters.
    LongText,
    /// An email address.
    Email,
    /// A phone number; normalised to E.164 where possible.
    Phone,
    /// An absolute http or https URL of at most 500 characters.
    Url,
    /// A number with decimals, of at most 15 significant digits.
    Number,
    /// A whole number within bounds.
    Integer {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// An amount in minor units of the record's currency.
    Money {
        /// Whether negative amounts are refused.
        non_negative: bool,
    },
    /// An ISO-4217 code.
    Currency,
    /// A day.
    Date,
    /// An instant.
    DateTime,
    /// Yes or no.
    Boolean,
    /// One of a closed list.
    Select(&'static [Choice]),
    /// Several of a closed list.
    MultiSelect(&'static [Choice]),
    /// A reference to another record.
    Record(RecordType),
    /// A member of the organization.
    User,
    /// Several members.
    Users,
    /// A pipeline.
    Pipeline,
    /// A stage of the record's pipeline.
    Stage,
    /// Tags: free names, kept in the tag catalogue.
    Tags,
    /// Free names that are not catalogued (competitors).
    Names,
    /// A postal address.
    Address,
    /// A small object of texts (social profiles, preferences).
    Object,
    /// Line items of a deal.
    LineItems,
    /// IANA name of a time zone.
    TimeZone,
}

/// The longest text of [`Kind::LongText`], in characters.
pub const LONG_TEXT_MAX: usize = 20_000;
/// The longest URL, in characters.
pub const URL_MAX: usize = 500;
/// The longest email address, in characters.
pub const EMAIL_MAX: usize = 255;
/// The longest phone number, in characters.
pub const PHONE_MAX: usize = 50;
/// The most entries in a list value (tags, team members, competitors, line items).
pub const LIST_MAX: usize = 100;

impl Kind {
    /// The filter operators that fields of this kind allow.
    pub fn ops(self) -> &'static [Op] {
        use Op::{Between, Contains, Empty, Eq, Gt, Gte, In, Lt, Lte, Ne, Nin, NotEmpty, StartsWith, Within};
        match self {
            Self::Text { .. } | Self::Email | Self::Phone | Self::Url | Self::TimeZone => {
                &[Eq, Ne, In, Nin, Contains, StartsWith, Empty, NotEmpty]
            }
            Self::LongText => &[Contains, Empty, NotEmpty],
            Self::Number | Self::Integer { .. } | Self::Money { .. } => {
                &[Eq, Ne, In, Nin, Lt, Lte, Gt, Gte, Between, Empty, NotEmpty]
            }
            Self::Date | Self::DateTime => &[Eq, Ne, Lt, Lte, Gt, Gte, Between, Within, Empty, NotEmpty],
            Self::Boolean => &[Eq, Ne],
            Self::Select(_) | Self::Currency | Self::Record(_) | Self::User | Self::Pipeline | Self::Stage => {
                &[Eq, Ne, In, Nin, Empty, NotEmpty]
            }
            Self::Tags | Self::Users | Self::MultiSelect(_) => &[Eq, Ne, In, Nin, Empty, NotEmpty],
            Self::Names | Self::Address | Self::Object | Self::LineItems => &[],
        }
    }

    /// Whether lists can be sorted by fields of this kind.
    pub const fn sortable(self) -> bool {
        !matches!(
            self,
            Self::LongText
                | Self::MultiSelect(_)
                | Self::Tags
                | Self::Users
                | Self::Names
                | Self::Address
                | Self::Object
                | Self::LineItems
                | Self::Record(_)
                | Self::User
                | Self::Pipeline
                | Self::Stage
        )
    }

    /// The name of the kind for programs (`OpenAPI` extensions, the web app's editors).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText => "long_text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Number => "number",
            Self::Integer { .. } => "integer",
            Self::Money { .. } => "money",
            Self::Currency => "currency",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Boolean => "boolean",
            Self::Select(_) => "select",
            Self::MultiSelect(_) => "multi_select",
            Self::Record(_) => "record",
            Self::User => "user",
            Self::Users => "users",
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
            Self::Tags => "tags",
            Self::Names => "names",
            Self::Address => "address",
            Self::Object => "object",
            Self::LineItems => "line_items",
            Self::TimeZone => "time_zone",
        }
    }
}

/// What a field may be used for, as a set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses(u16);

impl Uses {
    /// Must be present when a record is created and can never be cleared.
    pub const REQUIRED: Self = Self(1);
    /// Set by the system only.
    pub const READ_ONLY: Self = Self(1 << 1);
    /// A column of the list unless the person chose others.
    pub const DEFAULT_COLUMN: Self = Self(1 << 2);
    /// Not in create forms (edited elsewhere or rarely).
    pub const NOT_IN_CREATE_FORM: Self = Self(1 << 3);
    /// Cannot be filtered or sorted by (computed in answers only).
    pub const NO_QUERY: Self = Self(1 << 4);
    /// Not a target of imports.
    pub const NO_IMPORT: Self = Self(1 << 5);
    /// Cleared is not a state: the column has a default and null restores it.
    pub const NOT_NULL: Self = Self(1 << 6);
    /// Not stored in a column of the record's own table.
    pub const LINKED: Self = Self(1 << 7);
    /// The stored value is never null, whatever inputs may clear.
    pub const FILLED: Self = Self(1 << 8);
    /// One of the organization's own fields: its value stands in `custom_fields` under its key.
    pub const CUSTOM: Self = Self(1 << 9);
    /// Lists can be sorted by it: the database has an index of its order.
    pub const SORTED: Self = Self(1 << 10);

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all flags of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Where a field stands in forms and on record pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What it is.
    About,
    /// How to reach it.
    Reach,
    /// Money and dates.
    Value,
    /// Who is responsible and how it is classified.
    Sales,
    /// Postal addresses.
    Address,
    /// Consent.
    Consent,
    /// Everything else.
    More,
    /// The organization's own fields.
    Custom,
    /// Kept by the system.
    System,
}

/// One field of a record type. Built by the functions named after the kinds.
#[derive(Debug)]
pub struct Field {
    /// Name in JSON, in filters and, unless [`Field::column`] says otherwise, of the column.
    pub name: &'static str,
    /// English label, sentence case.
    pub label: &'static str,
    /// Kind of the value.
    pub kind: Kind,
    /// What the field may be used for.
    pub uses: Uses,
    /// Other names that inputs may use.
    pub aliases: &'static [&'static str],
    /// Where it stands in forms.
    pub group: Group,
    /// What a new record gets when nothing is given (and null restores, if the column cannot be empty).
    pub default: Option<&'static str>,
    /// The column, where it is not called like the field.
    pub column: Option<&'static str>,
}

impl Field {
    /// A field of this kind.
    pub const fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        let uses = match kind {
            Kind::Tags | Kind::Users | Kind::LineItems => Uses::LINKED,
            _ => Uses(0),
        };
        Self { name, label, kind, uses, aliases: &[], group: Group::More, default: None, column: None }
    }

    /// Must be given and cannot be cleared.
    pub const fn required(mut self) -> Self {
        self.uses = self.uses.with(Uses::REQUIRED).with(Uses::NOT_NULL).with(Uses::FILLED);
        self
    }

    /// Kept by the system: answers carry it, inputs may not.
    pub const fn read_only(mut self) -> Self {
        self.uses = self.uses.with(Uses::READ_ONLY).with(Uses::NO_IMPORT).with(Uses::NOT_IN_CREATE_FORM);
        self.group = Group::System;
        self
    }

    /// Computed for answers: neither stored nor queried.
    pub const fn computed(mut self) -> Self {
        self.uses = self.uses.with(Uses::READ_ONLY).with(Uses::NO_QUERY).with(Uses::NO_IMPORT).with(Uses::LINKED);
        self
    }

    /// A list column unless the person chose others.
    pub const fn in_list(mut self) -> Self {
        self.uses = self.uses.with(Uses::DEFAULT_COLUMN);
        self
    }

    /// Lists can be sorted by it. Needs an index that begins with the organization and this column; a test looks for it.
    pub const fn sorted(mut self) -> Self {
        self.uses = self.uses.with(Uses::SORTED);
        self
    }

    /// Left out of the create form.
    pub const fn not_in_create(mut self) -> Self {
        self.uses = self.uses.with(Uses::NOT_IN_CREATE_FORM);
        self
    }

    /// Not a target of imports.
    pub const fn no_import(mut self) -> Self {
        self.uses = self.uses.with(Uses::NO_IMPORT);
        self
    }

    /// The value of a new record; the column is never empty.
    pub const fn default_to(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self.uses = self.uses.with(Uses::NOT_NULL).with(Uses::FILLED);
        self
    }

    /// The system sees to it that every record has a value.
    pub const fn filled(mut self) -> Self {
        self.uses = self.uses.with(Uses::FILLED);
        self
    }

    /// Other names that inputs may use.
    pub const fn alias(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Where it stands in forms.
    pub const fn group(mut self, group: Group) -> Self {
        self.group = group;
        self
    }

    /// One of the organization's own fields; `name` is `custom_fields.<key>`.
    pub(super) const fn custom(mut self) -> Self {
        self.uses = self.uses.with(Uses::CUSTOM).with(Uses::LINKED);
        self.group = Group::Custom;
        self
    }

    /// Has to be given for a new record and cannot be cleared; records older than the rule may lack it.
    pub(super) const fn asked_for(mut self) -> Self {
        self.uses = self.uses.with(Uses::REQUIRED);
        self
    }

    /// The key in `custom_fields`, of an organization's own field.
    pub fn custom_key(&self) -> Option<&'static str> {
        super::member::custom_key(self.name)
    }

    /// Its value in a record as answers carry it; null where it has none.
    pub fn of<'a>(&self, record: &'a Json) -> &'a Json {
        record.as_object().map_or(&Json::Null, |members| super::member::get(members, self.name))
    }

    /// Whether inputs may carry it.
    pub const fn is_writable(&self) -> bool {
        !self.uses.has(Uses::READ_ONLY)
    }

    /// Whether a new record must have it.
    pub const fn is_required(&self) -> bool {
        self.uses.has(Uses::REQUIRED)
    }

    /// Whether it is a column of the record's own table.
    pub const fn is_column(&self) -> bool {
        !self.uses.has(Uses::LINKED)
    }

    /// Whether filters may name it.
    pub fn is_filterable(&self) -> bool {
        !self.uses.has(Uses::NO_QUERY) && !self.kind.ops().is_empty()
    }

    /// Whether lists can be sorted by it. The values of own fields are all indexed.
    pub const fn is_sortable(&self) -> bool {
        self.uses.has(Uses::SORTED) || (self.uses.has(Uses::CUSTOM) && self.kind.sortable())
    }

    /// Whether imports can fill it.
    pub const fn is_importable(&self) -> bool {
        self.is_writable() && !self.uses.has(Uses::NO_IMPORT)
    }

    /// The column that holds it.
    pub const fn column(&self) -> &'static str {
        match self.column {
            Some(column) => column,
            None => self.name,
        }
    }

    /// The options of a field that has some.
    pub fn choices(&self) -> &'static [Choice] {
        if let Kind::Select(choices) | Kind::MultiSelect(choices) = self.kind { choices } else { &[] }
    }

    /// The label of an option; the value itself where it is none (any more).
    pub fn label_of<'a>(&self, value: &'a str) -> &'a str {
        self.choices().iter().find(|choice| choice.value == value).map_or(value, |choice| choice.label)
    }
}
