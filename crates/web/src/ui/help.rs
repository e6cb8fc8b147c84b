//! The `?` dialog: every key that works here.

use leptos::prelude::*;

use super::{
    dialog::{Dialog, DialogSize},
    marks::Kbd,
};
use crate::keyboard::{Action, Shortcuts};

/// Registers `?` and shows the list of keys. Rendered once, by `UiRoot`.
#[component]
pub(super) fn ShortcutHelp(shortcuts: Shortcuts) -> impl IntoView {
    let open = RwSignal::new(false);
    shortcuts.register(
        Action::new("help.shortcuts", "Show keyboard shortcuts", move || open.set(true)).keys("?").group("General"),
    );
    view! {
        <Dialog open=open title="Keyboard shortcuts" size=DialogSize::Lg>
            <div class="shortcut-groups">
                {move || groups(shortcuts).into_iter().map(|(group, actions)| view! {
                    <section>
                        <h3>{group}</h3>
                        <dl class="shortcut-list">
                            {actions.into_iter().map(|action| view! {
                                <dt>{action.title}</dt>
                                <dd>
                                    {action.keys.into_iter().map(|keys| view! { <Kbd keys=keys /> }).collect_view()}
                                </dd>
                            }).collect_view()}
                        </dl>
                    </section>
                }).collect_view()}
            </div>
        </Dialog>
    }
}

/// Actions with keys under their headings, in order of first appearance.
fn groups(shortcuts: Shortcuts) -> Vec<(String, Vec<Action>)> {
    let mut out: Vec<(String, Vec<Action>)> = Vec::new();
    for action in shortcuts.available(true).into_iter().filter(|action| !action.keys.is_empty()) {
        match out.iter_mut().find(|(group, _)| *group == action.group) {
            Some((_, list)) => list.push(action),
            None => out.push((action.group.clone(), vec![action])),
        }
    }
    out
}
