//! Light or dark: the system's choice unless the user made one. `public/theme.js` applies the same rule
//! before the app has loaded, so that nothing flashes.

use leptos::prelude::*;

use super::{
    choice::{Choice, Segmented},
    dom::{ignore, storage_get, storage_set},
};

/// Where the choice is kept in local storage; public/theme.js reads the same key.
const STORAGE_KEY: &str = "rapport.theme";

/// What the user chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system says, also when it changes.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl ThemeChoice {
    /// Its name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The theme, in context under the whole app.
#[derive(Clone, Copy)]
pub struct Theme {
    choice: RwSignal<ThemeChoice>,
    system_dark: RwSignal<bool>,
}

impl Theme {
    /// Reads the stored choice, follows the system, and keeps `<html data-theme>` right.
    pub(super) fn provide() -> Self {
        let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        let theme = Self {
            choice: RwSignal::new(ThemeChoice::parse(&storage_get(STORAGE_KEY).unwrap_or_default())),
            system_dark: RwSignal::new(query.as_ref().is_some_and(web_sys::MediaQueryList::matches)),
        };
        if let Some(query) = query {
            let watched = query.clone();
            let listener = super::dom::Listener::new(query.into(), "change", false, move |_| {
                theme.system_dark.set(watched.matches());
            });
            let listener = StoredValue::new_local(listener);
            on_cleanup(move || listener.dispose());
        }
        Effect::new(move |_| {
            if let Some(root) = document().document_element() {
                ignore(root.set_attribute("data-theme", if theme.is_dark() { "dark" } else { "light" }));
            }
        });
        provide_context(theme);
        theme
    }

    /// The theme in context.
    pub fn current() -> Self {
        use_context::<Self>()
            .unwrap_or_else(|| Self { choice: RwSignal::new(ThemeChoice::System), system_dark: RwSignal::new(false) })
    }

    /// What the user chose. Tracked.
    pub fn choice(self) -> ThemeChoice {
        self.choice.get()
    }

    /// Whether dark colours are shown now. Tracked.
    pub fn is_dark(self) -> bool {
        match self.choice.get() {
            ThemeChoice::System => self.system_dark.get(),
            ThemeChoice::Light => false,
            ThemeChoice::Dark => true,
        }
    }

    /// Chooses, and remembers it in this browser.
    pub fn choose(self, choice: ThemeChoice) {
        self.choice.set(choice);
        storage_set(STORAGE_KEY, (choice != ThemeChoice::System).then_some(choice.as_str()));
    }

    /// From light to dark or back, as a choice.
    pub fn toggle(self) {
        self.choose(if untrack(|| self.is_dark()) { ThemeChoice::Light } else { ThemeChoice::Dark });
    }
}

/// System, light or dark.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = Theme::current();
    let choices = vec![Choice::new("system", "System"), Choice::new("light", "Light"), Choice::new("dark", "Dark")];
    view! {
        <Segmented
            label="Theme"
            choices=choices
            value=Signal::derive(move || theme.choice().as_str().to_owned())
            on_change=move |value: String| theme.choose(ThemeChoice::parse(&value))
        />
    }
}
