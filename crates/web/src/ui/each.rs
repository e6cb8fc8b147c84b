//! Rows that are told apart by a key.

use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A row: which one it is, and what draws it.
struct Item {
    /// A hash of its key: two rows of one list would have to be very unlucky to share it.
    key: u64,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// A row for each of some things; what has the same key as before stays as it is on the screen. As the `For` of Leptos, but
/// what compares two lists is compiled once and not for each type of rows.
#[component]
pub fn Each<F, I, T, KF, K, CF, V>(
    /// The things. Reactive.
    each: F,
    /// What tells them apart.
    key: KF,
    /// Draws one.
    children: CF,
) -> impl IntoView
where
    F: Fn() -> I + Send + 'static,
    I: IntoIterator<Item = T>,
    T: Send + 'static,
    KF: Fn(&T) -> K + Send + 'static,
    K: Hash,
    CF: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let item = move |thing: T| {
        let mut hasher = DefaultHasher::new();
        key(&thing).hash(&mut hasher);
        let children = children.clone();
        Item { key: hasher.finish(), draw: Box::new(move || children(thing).into_any()) }
    };
    rows(Box::new(move || each().into_iter().map(&item).collect()))
}

/// A thing of a list as it is now; while it goes, as it was. With this its row can be told apart by what it is alone: what
/// changes about it is shown by the row that is there, and the focus stays where it is.
pub fn as_it_is<T, K>(all: Memo<Vec<T>>, first: T, key: impl Fn(&T) -> K + Send + Sync + 'static) -> Memo<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: PartialEq + Send + Sync + 'static,
{
    let mine = key(&first);
    Memo::new(move |before: Option<&T>| {
        let now = all.with(|all| all.iter().find(|thing| key(thing) == mine).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    })
}

fn rows(items: Box<dyn Fn() -> Vec<Item> + Send>) -> AnyView {
    view! { <For each=items key=|item: &Item| item.key children=|item: Item| (item.draw)() /> }.into_any()
}
