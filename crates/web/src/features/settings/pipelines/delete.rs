//! Deleting a pipeline or a stage. The server refuses while deals are in it; then the person decides about them.

use super::put;
use crate::api::{self, ApiFail};
use crate::data::{use_cache, use_mutations, use_notices};
use crate::ui::{Banner, Button, ButtonVariant, Choice, Dialog, DialogSize, Field, Select, Tone};
use domain::pipelines::{Pipeline, Stage};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What a dialog needs: open or not, at work or not, and what the server had against it.
#[derive(Clone, Copy)]
struct Asking {
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    refused: RwSignal<Option<ApiFail>>,
}

impl Asking {
    fn new() -> Self {
        Self { open: RwSignal::new(false), busy: RwSignal::new(false), refused: RwSignal::new(None) }
    }

    fn start(self) {
        self.refused.set(None);
        self.open.set(true);
    }

    fn close(self) {
        self.busy.try_set(false);
        self.open.try_set(false);
    }

    /// Whether deals are in the way, which the person can decide about.
    fn has_deals(self) -> bool {
        self.refused.with(|fail| fail.as_ref().is_some_and(|fail| fail.status() == 409))
    }

    fn refuse(self, fail: ApiFail) {
        self.busy.try_set(false);
        self.refused.try_set(Some(fail));
    }

    fn message(self) -> impl IntoView {
        move || {
            self.refused.get().map(|fail| {
                let tone = if fail.status() == 409 { Tone::Warning } else { Tone::Danger };
                view! { <Banner tone=tone>{fail.message().to_owned()}</Banner> }
            })
        }
    }
}

/// Deletes a pipeline; its deals may stay without one.
#[component]
pub(super) fn DeletePipeline(deleting: RwSignal<Option<Pipeline>>) -> impl IntoView {
    let (cache, mutations, notices) = (use_cache(), use_mutations(), use_notices());
    let asking = Asking::new();
    Effect::new(move |_| {
        if deleting.with(Option::is_some) {
            asking.start();
        }
    });
    let name = Memo::new(move |before: Option<&String>| match deleting.get() {
        Some(pipeline) => pipeline.name,
        None => before.cloned().unwrap_or_default(),
    });
    let delete = Callback::new(move |()| {
        let Some(pipeline) = deleting.get_untracked() else { return };
        let unlink = untrack(|| asking.has_deals());
        let (cache, mutations, notices) = (cache.clone(), mutations.clone(), notices.clone());
        asking.busy.set(true);
        spawn_local(async move {
            match api::pipelines::delete(pipeline.id, unlink).await {
                Ok(()) => {
                    notices.done(format!("Pipeline {} deleted", pipeline.name));
                    cache.invalidate(&["pipelines"]);
                    mutations.touched("pipeline", Some(pipeline.id));
                    asking.close();
                }
                Err(fail) => asking.refuse(fail),
            }
        });
    });
    let footer = move || {
        view! {
            <Button on_click=move |_| asking.open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Danger loading=asking.busy on_click=move |_| delete.run(())>
                {move || if asking.has_deals() { "Delete and keep deals without pipeline" } else { "Delete pipeline" }}
            </Button>
        }
    };
    view! {
        <Dialog open=asking.open title=Signal::derive(move || format!("Delete pipeline {}?", name.get()))
            size=DialogSize::Sm footer=footer on_closed=move |()| deleting.set(None)>
            <div class="flex flex-col gap-3">
                <p>"The pipeline and its stages are deleted. This cannot be undone."</p>
                {asking.message()}
            </div>
        </Dialog>
    }
}

/// Deletes a stage; another stage takes its deals.
#[component]
pub(super) fn DeleteStage(pipeline: Memo<Option<Pipeline>>, deleting: RwSignal<Option<Stage>>) -> impl IntoView {
    let (cache, mutations, notices) = (use_cache(), use_mutations(), use_notices());
    let asking = Asking::new();
    let target = RwSignal::new(String::new());
    let others = Signal::derive(move || {
        let gone = deleting.with(|stage| stage.as_ref().map(|stage| stage.id));
        let stages = pipeline.get().map(|pipeline| pipeline.stages).unwrap_or_default();
        let rest = stages.into_iter().filter(|stage| Some(stage.id) != gone);
        rest.map(|stage| Choice::new(stage.id.to_string(), stage.name)).collect::<Vec<_>>()
    });
    Effect::new(move |_| {
        if deleting.with(Option::is_some) {
            let first = others.with_untracked(|others| others.first().map(|choice| choice.value.clone()));
            target.set(first.unwrap_or_default());
            asking.start();
        }
    });
    let name = Memo::new(move |before: Option<&String>| match deleting.get() {
        Some(stage) => stage.name,
        None => before.cloned().unwrap_or_default(),
    });
    let delete = Callback::new(move |()| {
        let Some(stage) = deleting.get_untracked() else { return };
        let move_to = if untrack(|| asking.has_deals()) { Uuid::parse_str(&target.get_untracked()).ok() } else { None };
        let (cache, mutations, notices) = (cache.clone(), mutations.clone(), notices.clone());
        asking.busy.set(true);
        spawn_local(async move {
            match api::pipelines::delete_stage(stage.pipeline_id, stage.id, move_to).await {
                Ok(changed) => {
                    notices.done(format!("Stage {} deleted", stage.name));
                    put(&cache, &mutations, changed);
                    asking.close();
                }
                Err(fail) => asking.refuse(fail),
            }
        });
    });
    let footer = move || {
        view! {
            <Button on_click=move |_| asking.open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Danger loading=asking.busy on_click=move |_| delete.run(())>
                {move || if asking.has_deals() { "Move deals and delete" } else { "Delete stage" }}
            </Button>
        }
    };
    view! {
        <Dialog open=asking.open title=Signal::derive(move || format!("Delete stage {}?", name.get()))
            size=DialogSize::Sm footer=footer on_closed=move |()| deleting.set(None)>
            <div class="flex flex-col gap-3">
                <p>"The stage is taken out of the pipeline. This cannot be undone."</p>
                {asking.message()}
                {move || asking.has_deals().then(|| view! {
                    <Field label="Move its deals to"><Select value=target choices=others /></Field>
                })}
            </div>
        </Dialog>
    }
}
