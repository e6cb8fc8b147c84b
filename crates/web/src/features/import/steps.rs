//! The steps of the wizard.

/// The steps in the order in which they are gone through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Step {
    Columns,
    Values,
    Preview,
}

impl Step {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Columns, Self::Values, Self::Preview];

    /// Its name in addresses.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Values => "values",
            Self::Preview => "preview",
        }
    }

    /// Its name for people.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Columns => "Columns",
            Self::Values => "Values",
            Self::Preview => "Preview",
        }
    }
}

/// The step so many places after this one.
pub(super) fn beside(steps: &[Step], here: Step, by: isize) -> Option<Step> {
    let at = steps.iter().position(|s| *s == here)?;
    steps.get(at.checked_add_signed(by)?).copied()
}
