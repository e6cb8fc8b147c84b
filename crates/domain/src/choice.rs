//! Closed lists of values ("choices"): one table gives the enum, its wire name and its label.

/// One option of a select field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value in JSON and in the database, lower snake case.
    pub value: &'static str,
    /// The English label.
    pub label: &'static str,
}

/// Defines an enum whose variants are stored as lower snake case text.
///
/// The result serialises as its wire name, lists itself in `ALL` and [`Choice`]s in `CHOICES`, and (feature `db`)
/// reads from a text column.
// Values and labels are `tt`: a `literal` would reach the derives in an invisible group, which not all of them look into.
#[macro_export]
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $value:tt $label:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "db", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
        #[cfg_attr(feature = "db", sea_orm(rs_type = "String", db_type = "Text"))]
        pub enum $name {
            $(
                #[doc = $label]
                #[serde(rename = $value)]
                #[cfg_attr(feature = "db", sea_orm(string_value = $value))]
                $variant,
            )+
        }

        impl $name {
            /// Every value, in the order of the lists that people choose from.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The options of a select field of this type.
            pub const CHOICES: &'static [$crate::choice::Choice] =
                &[$($crate::choice::Choice { value: $value, label: $label }),+];

            /// The wire name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $value),+ }
            }

            /// The English label.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The value with this wire name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
