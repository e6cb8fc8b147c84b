//! What was typed into a control whose value is no text.

use serde::{Deserialize, Serialize};

/// What a control for amounts or dates holds. What cannot be read is kept, so that it is refused: taken for nothing it
/// would clear the value that it was meant to replace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Typed<T> {
    /// It is empty.
    #[default]
    Nothing,
    /// A value.
    Value(T),
    /// The text as typed; never empty.
    Unreadable(String),
}

impl<T> Typed<T> {
    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Unreadable(_) => None,
        }
    }

    /// Whether it is empty.
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// Whether something was typed that is no value.
    pub const fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    /// Reads a text: blank is nothing, and what `read` refuses is unreadable.
    pub fn read(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Self {
        match text.trim() {
            "" => Self::Nothing,
            trimmed => read(trimmed).map_or_else(|| Self::Unreadable(trimmed.to_owned()), Self::Value),
        }
    }

    /// As text: the value in the words of `write`, or what was typed.
    pub fn to_text(&self, write: impl FnOnce(&T) -> String) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Value(value) => write(value),
            Self::Unreadable(text) => text.clone(),
        }
    }
}

impl<T> From<Option<T>> for Typed<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Self::Value)
    }
}
