//! State of a form: errors by path, whether anything changed, whether it is being saved, and its draft.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    dom::{ignore, query_all, storage_get, storage_set},
    icon::{Icon, IconName},
};

/// Under this name a draft keeps what it began from. No field has it.
const ORIGIN: &str = "";

type Probe = Box<dyn Fn() -> bool + Send + Sync>;
type Reset = Box<dyn Fn() + Send + Sync>;

/// Everything about a form that is not a value. Copy it freely; values are ordinary signals made by
/// [`FormState::value`].
///
/// Errors are a map from path to message. The path is the one the server uses in its `fields[]`
/// (`"name"`, `"emails[0].address"`), so local checks and server refusals meet in one place.
#[derive(Clone, Copy)]
pub struct FormState {
    errors: RwSignal<BTreeMap<String, String>>,
    general: RwSignal<Option<String>>,
    saving: RwSignal<bool>,
    draft_key: StoredValue<Option<String>>,
    draft: StoredValue<BTreeMap<String, String>>,
    dirty: StoredValue<Vec<Probe>>,
    resets: StoredValue<Vec<Reset>>,
    changes: RwSignal<u32>,
}

impl Default for FormState {
    fn default() -> Self {
        Self::new()
    }
}

impl FormState {
    /// A form without a draft.
    pub fn new() -> Self {
        Self {
            errors: RwSignal::new(BTreeMap::new()),
            general: RwSignal::new(None),
            saving: RwSignal::new(false),
            draft_key: StoredValue::new(None),
            draft: StoredValue::new(BTreeMap::new()),
            dirty: StoredValue::new(Vec::new()),
            resets: StoredValue::new(Vec::new()),
            changes: RwSignal::new(0),
        }
    }

    /// A form whose unsaved values survive navigation and reload, in local storage under `key`.
    /// Name user and record in the key (`"draft:<user>:company:new"`).
    pub fn with_draft(key: impl Into<String>) -> Self {
        let form = Self::new();
        let key = key.into();
        let saved = storage_get(&key).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        form.draft.set_value(saved);
        form.draft_key.set_value(Some(key));
        form
    }

    /// Registers a value of the form and returns its signal: from the draft if there is one, otherwise `initial`.
    /// Typing in it clears the error at `path` and stores the draft.
    pub fn value<T>(self, path: &'static str, initial: T) -> RwSignal<T>
    where
        T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        let from_draft =
            self.draft.with_value(|draft| draft.get(path).and_then(|text| serde_json::from_str(text).ok()));
        let signal = RwSignal::new(from_draft.unwrap_or_else(|| initial.clone()));
        let start = StoredValue::new(initial);

        self.dirty.update_value(|probes| {
            probes.push(Box::new(move || signal.with(|now| start.with_value(|then| now != then))));
        });
        self.resets.update_value(|resets| {
            resets.push(Box::new(move || start.set_value(signal.get_untracked())));
        });
        Effect::watch(
            move || signal.get(),
            move |now, _, _| {
                self.clear_error(path);
                self.remember(path, serde_json::to_string(now).ok());
            },
            false,
        );
        self.changes.update(|n| *n = n.wrapping_add(1));
        signal
    }

    /// What the draft began from: `present`, unless an older one was kept with a draft that is taken up again. So a
    /// form can tell what was changed under it since the person began.
    pub fn origin<T: Serialize + DeserializeOwned>(self, present: T) -> T {
        let kept = self.draft.with_value(|draft| draft.get(ORIGIN).and_then(|text| serde_json::from_str(text).ok()));
        kept.unwrap_or_else(|| {
            let text = serde_json::to_string(&present).unwrap_or_default();
            self.draft.update_value(|draft| ignore(draft.insert(ORIGIN.to_owned(), text)));
            present
        })
    }

    fn remember(self, path: &str, value: Option<String>) {
        let Some(key) = self.draft_key.get_value() else { return };
        self.draft.update_value(|draft| match value {
            Some(value) => ignore(draft.insert(path.to_owned(), value)),
            None => ignore(draft.remove(path)),
        });
        if self.is_dirty_untracked() {
            let text = self.draft.with_value(|draft| serde_json::to_string(draft).ok());
            storage_set(&key, text.as_deref());
        } else {
            storage_set(&key, None);
        }
    }

    /// Whether any value differs from what it was at first or when last saved. Tracked.
    pub fn is_dirty(self) -> bool {
        self.changes.track();
        // Every probe is called, so that each value is tracked.
        self.dirty.with_value(|probes| probes.iter().filter(|probe| probe()).count() > 0)
    }

    fn is_dirty_untracked(self) -> bool {
        untrack(|| self.is_dirty())
    }

    /// The message at `path`. Tracked.
    pub fn error(self, path: &str) -> Option<String> {
        self.errors.with(|errors| errors.get(path).cloned())
    }

    /// The message for the form as a whole. Tracked.
    pub fn general_error(self) -> Option<String> {
        self.general.get()
    }

    /// Sets one message.
    pub fn set_error(self, path: impl Into<String>, message: impl Into<String>) {
        // The form may have been left since the field was.
        ignore(self.errors.try_update(|errors| ignore(errors.insert(path.into(), message.into()))));
    }

    /// Sets the message for the form as a whole.
    pub fn set_general_error(self, message: impl Into<String>) {
        ignore(self.general.try_set(Some(message.into())));
    }

    /// Removes one message.
    pub fn clear_error(self, path: &str) {
        if self.errors.try_with_untracked(|errors| errors.contains_key(path)) == Some(true) {
            self.errors.update(|errors| ignore(errors.remove(path)));
        }
    }

    /// Replaces all messages, for example by the server's `fields[]`; `general` is shown by [`FormError`].
    /// Where a path has several messages the first stays.
    pub fn set_errors(self, fields: impl IntoIterator<Item = (String, String)>, general: Option<String>) {
        let mut map = BTreeMap::new();
        for (path, message) in fields {
            map.entry(path).or_insert(message);
        }
        self.errors.set(map);
        self.general.set(general);
    }

    /// Whether the form is being saved. Tracked; bind it to the button's `loading`.
    pub fn saving(self) -> Signal<bool> {
        self.saving.into()
    }

    /// Says that saving began: clears errors.
    pub fn start_saving(self) {
        self.errors.set(BTreeMap::new());
        self.general.set(None);
        self.saving.set(true);
    }

    /// Says that saving failed. Call [`FormState::set_errors`] as well, then [`FormState::focus_first_error`].
    pub fn failed(self) {
        // The form may have been left while the request was under way.
        ignore(self.saving.try_set(false));
    }

    /// Says that the values are saved: the form is clean again and the draft is gone.
    pub fn saved(self) {
        ignore(self.saving.try_set(false));
        ignore(self.resets.try_with_value(|resets| resets.iter().for_each(|reset| reset())));
        ignore(self.changes.try_update(|n| *n = n.wrapping_add(1)));
        self.discard_draft();
    }

    /// Removes the draft.
    pub fn discard_draft(self) {
        if let Some(key) = self.draft_key.try_get_value().flatten() {
            storage_set(&key, None);
        }
        ignore(self.draft.try_update_value(BTreeMap::clear));
    }

    /// Moves the focus to the first control that is marked invalid, once the errors are on the screen.
    pub fn focus_first_error(self) {
        request_animation_frame(|| {
            if let Some(root) = document().document_element()
                && let Some(first) = query_all(&root, "[aria-invalid=true]").first()
            {
                ignore(first.focus());
            }
        });
    }
}

/// The form's own error, above its buttons: what could not be saved and why.
#[component]
pub fn FormError(
    /// The form.
    form: FormState,
) -> impl IntoView {
    view! {
        <div role="alert">
            {move || form.general_error().map(|message| view! {
                <div class="form-error"><Icon name=IconName::CircleAlert /><span>{message}</span></div>
            })}
        </div>
    }
}
