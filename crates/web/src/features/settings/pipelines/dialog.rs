//! Makes or renames a pipeline.

use super::put;
use crate::api;
use crate::data::{use_cache, use_mutations, use_notices};
use crate::features::forms::{passes, send};
use crate::ui::{Button, ButtonVariant, Dialog, Field, FormError, FormState, Input, Textarea};
use domain::pipelines::{NAME_MAX, Pipeline, PipelineInput};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use uuid::Uuid;

/// Open while `editing` is set: `Some(None)` makes one, `Some(Some(pipeline))` renames that one.
#[component]
pub(crate) fn PipelineDialog(
    /// What is made or renamed, both ways.
    editing: RwSignal<Option<Option<Pipeline>>>,
    /// Called with a pipeline that was made.
    #[prop(optional, into)]
    on_made: Option<Callback<Uuid>>,
) -> impl IntoView {
    let (cache, mutations, notices) = (use_cache(), use_mutations(), use_notices());
    let open = RwSignal::new(false);
    let form = FormState::new();
    let name = form.value("name", String::new());
    let description = form.value("description", String::new());
    Effect::new(move |_| {
        let Some(what) = editing.get() else { return };
        let what = what.as_ref();
        name.set(what.map(|pipeline| pipeline.name.clone()).unwrap_or_default());
        description.set(what.and_then(|pipeline| pipeline.description.clone()).unwrap_or_default());
        form.set_errors([], None);
        open.set(true);
    });
    let submit = Callback::new(move |()| {
        let Some(what) = editing.get_untracked() else { return };
        let input = PipelineInput {
            name: Some(name.get_untracked().trim().to_owned()),
            description: Some(description.get_untracked().trim().to_owned()),
            ..PipelineInput::default()
        };
        if form.saving().get_untracked() || !passes(form, input.check().into_iter().map(Err)) {
            return;
        }
        let (cache, mutations, notices) = (cache.clone(), mutations.clone(), notices.clone());
        let is_new = what.is_none();
        let done = if is_new { "added" } else { "saved" };
        let request = async move {
            match what {
                None => api::pipelines::create(&input).await,
                Some(pipeline) => api::pipelines::update(pipeline.id, pipeline.version, &input).await,
            }
        };
        send(form, request, move |pipeline| {
            notices.done(format!("Pipeline {} {done}", pipeline.name));
            let made = pipeline.id;
            put(&cache, &mutations, pipeline);
            open.try_set(false);
            if let Some(call) = on_made.filter(|_| is_new) {
                call.try_run(made);
            }
        });
    });
    let is_new = Memo::new(move |before: Option<&bool>| match editing.get() {
        Some(what) => what.is_none(),
        // While it closes it stays what it was.
        None => before.copied().unwrap_or(true),
    });
    let title = Signal::derive(move || if is_new.get() { "New pipeline" } else { "Rename pipeline" }.to_owned());
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary loading=form.saving() on_click=move |_| submit.run(())>
                {move || if is_new.get() { "Add pipeline" } else { "Save" }}
            </Button>
        }
    };
    let limit = u32::try_from(NAME_MAX).unwrap_or(u32::MAX);
    view! {
        <Dialog open=open title=title footer=footer on_closed=move |()| editing.set(None)>
            <form class="flex flex-col gap-4" on:submit=move |ev: SubmitEvent| {
                ev.prevent_default();
                submit.run(());
            } novalidate>
                <Field label="Name" form=form path="name" required=true>
                    <Input value=name autofocus=true max_length=limit />
                </Field>
                <Field label="Description" form=form path="description" optional=true>
                    <Textarea value=description max_length=500_u32 />
                </Field>
                {move || is_new.get().then(|| view! {
                    <p class="text-sm text-muted">"It begins with the usual stages, which you can change."</p>
                })}
                <FormError form=form />
                <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
            </form>
        </Dialog>
    }
}
