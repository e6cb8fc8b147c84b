//! Avatar and Person.

use leptos::prelude::*;

use super::{dom::classes, hue::Hue};

/// Size of an avatar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 20 px: table cells, cards.
    Sm,
    /// 24 px.
    #[default]
    Md,
    /// 36 px: lists of people.
    Lg,
    /// 56 px: record headers.
    Xl,
}

impl AvatarSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Sm => "avatar-sm",
            Self::Md => "",
            Self::Lg => "avatar-lg",
            Self::Xl => "avatar-xl",
        }
    }
}

/// Up to two initials: "Ada Lovelace" is "AL", "Ada" is "A".
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// A picture or the initials of a person, or of a company if `square`. Decorative unless `titled`:
/// the name usually stands beside it.
#[component]
pub fn Avatar(
    /// Name of the person or company.
    #[prop(into)]
    name: String,
    /// What the colour comes from; the name if not given. An id keeps the colour when the name changes.
    #[prop(optional, into)]
    seed: Option<String>,
    /// Address of a picture.
    #[prop(optional_no_strip, into)]
    src: Option<String>,
    /// Its size.
    #[prop(optional)]
    size: AvatarSize,
    /// For companies.
    #[prop(optional)]
    square: bool,
    /// Stands alone: has the name as its accessible name and on hover.
    #[prop(optional)]
    titled: bool,
) -> impl IntoView {
    let hue = Hue::of(seed.as_deref().unwrap_or(&name));
    let class = classes(&["avatar", hue.class(), size.class(), if square { "avatar-square" } else { "" }]);
    let mut letters = initials(&name);
    if size == AvatarSize::Sm {
        letters = letters.chars().take(1).collect();
    }
    let inner = match src {
        Some(src) => view! { <img src=src alt="" loading="lazy" /> }.into_any(),
        None => letters.into_any(),
    };
    view! {
        <span
            class=class
            role=titled.then_some("img")
            aria-label=titled.then(|| name.clone())
            aria-hidden=(!titled).then_some("true")
            data-tip=titled.then_some(name)
        >
            {inner}
        </span>
    }
}

/// A person or company: avatar and name, on one line.
#[component]
pub fn Person(
    /// The name.
    #[prop(into)]
    name: String,
    /// What the colour comes from; the name if not given.
    #[prop(optional, into)]
    seed: Option<String>,
    /// For companies.
    #[prop(optional)]
    square: bool,
) -> impl IntoView {
    let seed = seed.unwrap_or_else(|| name.clone());
    view! {
        <span class="person">
            <Avatar name=name.clone() seed=seed size=AvatarSize::Sm square=square />
            <span>{name}</span>
        </span>
    }
}
