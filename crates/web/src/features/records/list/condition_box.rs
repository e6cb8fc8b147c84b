//! The box in which a condition is made or changed.

use super::condition::{Comparison, Draft, Operands};
use super::filters::{Editing, around};
use crate::data::schema;
use crate::features::records::address::Address;
use crate::features::records::lookup::Lookup;
use crate::ui::{Button, ButtonVariant, ControlSize, IconButton, IconName};
use domain::catalog::RecordType;
use domain::filter::{MAX_CONDITIONS, Subject};
use leptos::prelude::*;

/// Operator and value of one condition.
pub(super) fn condition_editor(
    record: RecordType,
    what: Editing,
    address: Address,
    lookup: Lookup,
    editing: RwSignal<Option<Editing>>,
    open: RwSignal<bool>,
) -> AnyView {
    let Editing { at, subject } = what;
    let before = at.and_then(|at| address.peek().conditions.get(at).cloned());
    let Some(draft) = Draft::new(subject, before) else { return ().into_any() };
    let lookup = match subject {
        Subject::Along(relation, _) => Lookup::new(relation.record),
        Subject::Own(_) | Subject::Many(_) => lookup,
    };
    // What the comparison cannot be made with ("an amount"), until something is changed.
    let refused = RwSignal::new(None::<String>);
    Effect::watch(move || draft.condition(), move |_, _, _| refused.set(None), false);
    let apply = move || {
        if !untrack(|| draft.is_complete()) {
            return;
        }
        let condition = match draft.check(untrack(|| schema(record))) {
            Ok(condition) => condition,
            Err(why) => return refused.set(Some(why)),
        };
        open.set(false);
        address.change(move |state| {
            if let Some(old) = at.and_then(|at| state.conditions.get_mut(at)) {
                *old = condition;
            } else if state.conditions.len() < MAX_CONDITIONS {
                state.conditions.push(condition);
            }
        });
    };
    view! {
        <form class="rec-condition" on:submit=move |ev| { ev.prevent_default(); apply() }>
            <div class="rec-condition-head">
                <IconButton icon=IconName::ArrowLeft label="Choose another field" size=ControlSize::Xs
                    on_click=move |_| editing.set(None) />
                <span class="rec-condition-field">{subject.label()}</span>
                <Comparison draft size=ControlSize::Sm />
            </div>
            <Operands draft around=around(lookup) />
            <div role="alert">{move || refused.get().map(|why| view! { <p class="inline-error">{why}</p> })}</div>
            <div class="rec-condition-foot">
                <Button variant=ButtonVariant::Primary size=ControlSize::Sm submit=true
                    disabled=Signal::derive(move || !draft.is_complete())>"Apply"</Button>
            </div>
        </form>
    }
    .into_any()
}
