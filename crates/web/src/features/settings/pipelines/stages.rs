//! The stages of a pipeline: their order, and adding one.

use super::super::reorder::Reorder;
use super::Saver;
use super::delete::DeleteStage;
use super::stage::{StageRow, StageText};
use crate::api;
use crate::ui::{Button, ControlSize, Each, IconName, Input};
use domain::pipelines::{MAX_STAGES, NAME_MAX, Pipeline, Stage, StageInput};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use uuid::Uuid;

/// The stages; rows can be changed and moved if `editable`.
#[component]
pub(super) fn Stages(pipeline: Memo<Option<Pipeline>>, editable: bool) -> impl IntoView {
    let saver = Saver::current();
    let deleting = RwSignal::new(None::<Stage>);
    let stages = move || pipeline.with(|p| p.as_ref().map(|p| p.stages.clone()).unwrap_or_default());

    let stored = move || untrack(stages).into_iter().map(|stage| stage.id).collect();
    let commit = move |reorder: Reorder, ids: Vec<Uuid>| {
        let Some(now) = pipeline.get_untracked() else { return };
        let what = format!("The order of {} was not changed", now.name);
        let request = async move { api::pipelines::reorder(now.id, ids).await };
        saver.then(now.id, what, request, move |_| reorder.settle());
    };
    let reorder = Reorder::new(stored, commit);
    let shown = move || reorder.sorted(stages(), |stage| stage.id);
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
                <ol node_ref=reorder.list>
                    <Each each=shown key=|stage| stage.id let:stage>
                        {
                            let id = stage.id;
                            let now = Memo::new(move |_| {
                                pipeline.with(|p| p.as_ref()?.stages.iter().find(|stage| stage.id == id).cloned())
                            });
                            view! {
                                <li class="stage" class:dragged=move || reorder.is_held(id)
                                    data-id=id.to_string()>
                                    {if editable {
                                        view! { <StageRow stage=now saver reorder deleting /> }.into_any()
                                    } else {
                                        view! { <StageText stage=now /> }.into_any()
                                    }}
                                </li>
                            }
                        }
                    </Each>
                </ol>
            </div>
        </div>
        {editable.then(|| view! {
            <AddStage pipeline saver />
            <DeleteStage pipeline deleting />
        })}
    }
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
