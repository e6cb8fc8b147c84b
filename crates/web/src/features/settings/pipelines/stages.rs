//! The stages of a pipeline: their order, and adding one.

use super::Saver;
use super::delete::DeleteStage;
use super::drag::{Drag, move_to};
use super::stage::{StageRow, StageText};
use crate::api;
use crate::ui::dom::{focus_id, later};
use crate::ui::{Announcer, Button, ControlSize, IconName, Input};
use domain::pipelines::{MAX_STAGES, NAME_MAX, Pipeline, Stage, StageInput};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// The stages; rows can be changed and moved if `editable`.
#[component]
pub(super) fn Stages(pipeline: Memo<Option<Pipeline>>, editable: bool) -> impl IntoView {
    let saver = Saver::current();
    let list = NodeRef::<html::Ol>::new();
    let deleting = RwSignal::new(None::<Stage>);
    let stages = move || pipeline.with(|p| p.as_ref().map(|p| p.stages.clone()).unwrap_or_default());

    let order = RwSignal::new(None::<Vec<Uuid>>);
    let commit = Callback::new(move |ids: Vec<Uuid>| {
        let Some(now) = pipeline.get_untracked() else { return };
        order.set(Some(ids.clone()));
        let what = format!("The order of {} was not changed", now.name);
        let request = async move { api::pipelines::reorder(now.id, ids).await };
        // Whatever the answer, from then on the stored order counts.
        saver.then(now.id, what, request, move |_| {
            order.try_set(None);
        });
    });
    let drag = Drag::new(list, order, commit);
    let shown = move || {
        let mut stages = stages();
        if let Some(order) = order.get() {
            stages.sort_by_key(|stage| order.iter().position(|id| *id == stage.id));
        }
        stages
    };
    let ids = move || untrack(shown).into_iter().map(|stage| stage.id).collect::<Vec<_>>();
    let announcer = Announcer::current();
    // By keyboard a row goes one place up or down.
    let shift = Callback::new(move |(id, down): (Uuid, bool)| {
        let mut order = ids();
        let Some(at) = order.iter().position(|other| *other == id) else { return };
        let place = if down { at + 1 } else { at.saturating_sub(1) };
        if place == at || place >= order.len() {
            return;
        }
        move_to(&mut order, id, place);
        announcer.assertive(format!("Moved to place {} of {}", place + 1, order.len()));
        commit.run(order);
        later(move || focus_id(&grip_id(id)));
    });
    let grab = Callback::new(move |id: Uuid| drag.start(id, ids()));
    view! {
        <div class="plain-table-wrap">
            <div class="stages">
                <div class="stage-head" aria-hidden="true">
                    <span></span>
                    <span></span>
                    <span class="stage-plain">"Stage"</span>
                    <span class="stage-plain">"Probability"</span>
                    <span class="stage-plain">"Days limit"</span>
                    <span class="stage-plain">"Entering it"</span>
                    <span></span>
                </div>
                <ol node_ref=list>
                    <For each=shown key=|stage| stage.id let:stage>
                        {
                            let id = stage.id;
                            let now = Memo::new(move |_| {
                                pipeline.with(|p| p.as_ref()?.stages.iter().find(|stage| stage.id == id).cloned())
                            });
                            view! {
                                <li class="stage" class:stage-dragged=move || drag.held.get() == Some(id)
                                    data-id=id.to_string()>
                                    {if editable {
                                        view! { <StageRow stage=now saver grab shift deleting /> }.into_any()
                                    } else {
                                        view! { <StageText stage=now /> }.into_any()
                                    }}
                                </li>
                            }
                        }
                    </For>
                </ol>
            </div>
        </div>
        {editable.then(|| view! {
            <AddStage pipeline saver />
            <DeleteStage pipeline deleting />
        })}
    }
}

/// The id of the handle of a row.
pub(super) fn grip_id(stage: Uuid) -> String {
    format!("grip-{stage}")
}

#[component]
fn AddStage(pipeline: Memo<Option<Pipeline>>, saver: Saver) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let full = move || pipeline.with(|p| p.as_ref().is_some_and(|p| p.stages.len() >= MAX_STAGES));
    let add = move |ev: SubmitEvent| {
        ev.prevent_default();
        let text = name.get_untracked().trim().to_owned();
        let Some(now) = pipeline.get_untracked().filter(|_| !text.is_empty()) else { return };
        let what = format!("Stage {text} was not added");
        name.set(String::new());
        let typed = text.clone();
        let request = async move {
            let input = StageInput { name: Some(text), ..StageInput::default() };
            api::pipelines::add_stage(now.id, &input).await
        };
        saver.then(now.id, what, request, move |worked| {
            if !worked {
                // Nothing typed is lost.
                name.try_set(typed);
            }
        });
    };
    let limit = u32::try_from(NAME_MAX).unwrap_or(u32::MAX);
    view! {
        <Show when=move || !full()>
            <form class="stage-foot flex items-center gap-2" on:submit=add>
                <div class="w-64">
                    <Input value=name size=ControlSize::Sm label="Name of the new stage" placeholder="New stage"
                        max_length=limit />
                </div>
                <Button submit=true size=ControlSize::Sm icon=IconName::Plus>"Add stage"</Button>
            </form>
        </Show>
    }
}
