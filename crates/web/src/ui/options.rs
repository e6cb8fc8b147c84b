//! What a combobox offers: options, what stands before them, and where they come from.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;

use super::{
    icon::{Icon, IconName},
    people::{Avatar, AvatarSize},
};

/// What stands before an option's label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OptionMark {
    /// Nothing.
    #[default]
    None,
    /// Initials of a person; the text is the seed of the colour.
    Person(String),
    /// Initials of a company; the text is the seed of the colour.
    Company(String),
}

/// One entry of a [`Combobox`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComboOption {
    /// What is stored, usually an id.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A few words that tell it from others of the same name.
    pub hint: Option<String>,
    /// What stands before the label.
    pub mark: OptionMark,
}

impl ComboOption {
    /// An option with a label only.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, mark: OptionMark::None }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a mark.
    #[must_use]
    pub fn mark(mut self, mark: OptionMark) -> Self {
        self.mark = mark;
        self
    }
}

type OptionFuture = Pin<Box<dyn Future<Output = Result<Vec<ComboOption>, String>>>>;

/// Where options come from: a function from what was typed to the matching options, or a sentence why there are none.
#[derive(Clone)]
pub struct OptionSource(pub(super) Arc<dyn Fn(String) -> OptionFuture + Send + Sync>);

impl OptionSource {
    /// Options from the server (or any other future).
    pub fn new<F, Fut>(search: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<ComboOption>, String>> + 'static,
    {
        Self(Arc::new(move |text| Box::pin(search(text))))
    }

    /// A list that is known, filtered by what was typed.
    pub fn fixed(options: Vec<ComboOption>) -> Self {
        Self::new(move |text| {
            let text = text.to_lowercase();
            let found = options.iter().filter(|option| option.label.to_lowercase().contains(&text)).cloned().collect();
            std::future::ready(Ok(found))
        })
    }
}

/// Mark, label and hint of an option.
#[component]
pub(super) fn OptionView(option: ComboOption) -> impl IntoView {
    let mark = match option.mark {
        OptionMark::None if option.value.is_empty() => view! { <Icon name=IconName::Plus /> }.into_any(),
        OptionMark::None => ().into_any(),
        OptionMark::Person(seed) => {
            view! { <Avatar name=option.label.clone() seed=seed size=AvatarSize::Sm /> }.into_any()
        }
        OptionMark::Company(seed) => {
            view! { <Avatar name=option.label.clone() seed=seed size=AvatarSize::Sm square=true /> }.into_any()
        }
    };
    view! {
        {mark}
        <span class="menu-item-label">{option.label}</span>
        {option.hint.map(|hint| view! { <span class="menu-item-hint">{hint}</span> })}
    }
}
