//! Values that follow what is stored.

use leptos::prelude::*;

/// What a control shows: what is stored, and what the person chose until that changes. Other changes of the same record
/// leave the choice alone.
pub fn following<T>(stored: impl Fn() -> T + Send + Sync + 'static) -> RwSignal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let stored = Memo::new(move |_| stored());
    let value = RwSignal::new(stored.get_untracked());
    Effect::watch(move || stored.get(), move |now, _, _| value.set(now.clone()), false);
    value
}
