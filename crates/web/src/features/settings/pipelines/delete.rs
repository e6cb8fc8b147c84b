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

    /// Opens the dialog as soon as there is something to delete. Its name stays while the dialog closes.
    fn about<T: Send + Sync + 'static>(self, deleting: RwSignal<Option<T>>, name: fn(&T) -> &str) -> Memo<String> {
        Effect::new(move |_| {
            if deleting.with(Option::is_some) {
                self.start();
            }
        });
        Memo::new(move |before: Option<&String>| {
            let now = deleting.with(|thing| thing.as_ref().map(|thing| name(thing).to_owned()));
            now.or_else(|| before.cloned()).unwrap_or_default()
        })
    }
}

/// What differs between the two dialogs.
#[derive(Clone, Copy)]
struct Words {
    what: &'static str,
    consequence: &'static str,
    /// The button that deletes although deals are in the way.
    with_deals: &'static str,
}

const PIPELINE: Words = Words {
    what: "pipeline",
    consequence: "The pipeline and its stages are deleted. This cannot be undone.",
    with_deals: "Delete and keep deals without pipeline",
};
const STAGE: Words = Words {
    what: "stage",
    consequence: "The stage is taken out of the pipeline. This cannot be undone.",
    with_deals: "Move deals and delete",
};

/// Asks before something is deleted, and tells what the server has against it.
#[component]
fn Ask(
    asking: Asking,
    words: Words,
    name: Memo<String>,
    #[prop(into)] on_delete: Callback<()>,
    #[prop(into)] on_closed: Callback<()>,
    /// What is to be decided about the deals in the way.
    #[prop(optional, into)]
    decide: ViewFn,
) -> impl IntoView {
    let decide = StoredValue::new(decide);
    let confirm = move || {
        if asking.has_deals() { words.with_deals.to_owned() } else { format!("Delete {}", words.what) }
    };
    let footer = move || {
        view! {
            <Button on_click=move |_| asking.open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Danger loading=asking.busy on_click=move |_| on_delete.run(())>{confirm}</Button>
        }
    };
    let refusal = move || {
        asking.refused.get().map(|fail| {
            let tone = if fail.status() == 409 { Tone::Warning } else { Tone::Danger };
            view! { <Banner tone=tone>{fail.message().to_owned()}</Banner> }
        })
    };
    view! {
        <Dialog open=asking.open title=Signal::derive(move || format!("Delete {} {}?", words.what, name.get()))
            size=DialogSize::Sm footer=footer on_closed=on_closed>
            <div class="flex flex-col gap-3">
                <p>{words.consequence}</p>
                {refusal}
                {move || asking.has_deals().then(|| decide.with_value(ViewFn::run))}
            </div>
        </Dialog>
    }
}

/// Deletes a pipeline; its deals may stay without one.
#[component]
pub(super) fn DeletePipeline(deleting: RwSignal<Option<Pipeline>>) -> impl IntoView {
    let (cache, mutations, notices) = (use_cache(), use_mutations(), use_notices());
    let asking = Asking::new();
    let name = asking.about(deleting, |pipeline| &pipeline.name);
    let delete = move |()| {
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
    };
    view! { <Ask asking words=PIPELINE name on_delete=delete on_closed=move |()| deleting.set(None) /> }
}

/// Deletes a stage; another stage takes its deals.
#[component]
pub(super) fn DeleteStage(pipeline: Memo<Option<Pipeline>>, deleting: RwSignal<Option<Stage>>) -> impl IntoView {
    let (cache, mutations, notices) = (use_cache(), use_mutations(), use_notices());
    let asking = Asking::new();
    let name = asking.about(deleting, |stage| &stage.name);
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
        }
    });
    let delete = move |()| {
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
    };
    let decide = move || view! { <Field label="Move its deals to"><Select value=target choices=others /></Field> };
    view! { <Ask asking words=STAGE name on_delete=delete on_closed=move |()| deleting.set(None) decide=decide /> }
}
