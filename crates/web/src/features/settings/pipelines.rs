//! Pipelines and their stages.

mod delete;
mod dialog;
mod stage;
mod stages;

use super::{PARENT, loading_rows};
use crate::api::{self, ApiResult};
use crate::data::{Cache, Load, Mutations, Notices, use_cache, use_directory, use_mutations, use_notices, use_session};
use crate::features::failed::failed;
use crate::shell::PageHeader;
use crate::ui::{Badge, Button, ButtonVariant, Card, Each, IconName, Menu, MenuItem, MenuSeparator, Tone};
use delete::DeletePipeline;
pub(crate) use dialog::PipelineDialog;
use domain::page::Page;
use domain::permission::Permission;
use domain::pipelines::{Pipeline, PipelineInput};
use leptos::prelude::*;
use stages::Stages;
use uuid::Uuid;

/// The pipelines page.
#[component]
pub fn PipelinesPage() -> impl IntoView {
    let directory = use_directory();
    let creates = use_session().can(Permission::PipelineCreate);
    let editing = RwSignal::new(None::<Option<Pipeline>>);
    let deleting = RwSignal::new(None::<Pipeline>);
    let actions =
        move || {
            creates.then(|| view! {
            <Button variant=ButtonVariant::Primary icon=IconName::Plus on_click=move |_| editing.set(Some(None))>
                "New pipeline"
            </Button>
        })
        };
    let loaded = Memo::new(move |_| match directory.pipelines.state() {
        Load::Loading => None,
        Load::Failed(fail) => Some(Err(fail)),
        Load::Ready(_) => Some(Ok(())),
    });
    view! {
        <PageHeader title="Pipelines" parents=vec![PARENT] actions=actions
            text="The stages that deals go through. Changes are saved as you make them." />
        {move || match loaded.get() {
            None => view! { <Card flush=true>{loading_rows(6)}</Card> }.into_any(),
            Some(Err(fail)) => {
                view! { <Card>{failed("The pipelines could not be loaded", &fail, move || directory.pipelines.refetch())}</Card> }.into_any()
            }
            Some(Ok(())) => view! {
                <Each each=move || directory.all_pipelines() key=|pipeline| pipeline.id let:pipeline>
                    <PipelineCard id=pipeline.id editing deleting />
                </Each>
            }.into_any(),
        }}
        <PipelineDialog editing />
        <DeletePipeline deleting />
    }
}

#[component]
fn PipelineCard(
    id: Uuid,
    editing: RwSignal<Option<Option<Pipeline>>>,
    deleting: RwSignal<Option<Pipeline>>,
) -> impl IntoView {
    let directory = use_directory();
    let session = use_session();
    let (updates, deletes) = (session.can(Permission::PipelineUpdate), session.can(Permission::PipelineDelete));
    let pipeline = Memo::new(move |_| directory.pipeline(id));
    let name = Memo::new(move |_| pipeline.with(|p| p.as_ref().map(|p| p.name.clone()).unwrap_or_default()));
    let is_default = Memo::new(move |_| pipeline.with(|p| p.as_ref().is_some_and(|p| p.is_default)));
    let is_active = Memo::new(move |_| pipeline.with(|p| p.as_ref().is_none_or(|p| p.is_active)));
    let description = move || pipeline.with(|p| p.as_ref().and_then(|p| p.description.clone()));
    let saver = Saver::current();
    let change = Callback::new(move |input: PipelineInput| {
        let Some(seen) = pipeline.get_untracked() else { return };
        let what = format!("{} was not changed", seen.name);
        saver.run(id, what, async move {
            let now = pipeline.try_get_untracked().flatten().unwrap_or(seen);
            api::pipelines::update(now.id, now.version, &input).await
        });
    });
    let heading = crate::ui::dom::unique_id("pipeline");
    let labelled_by = heading.clone();
    view! {
        <section class="card" aria-labelledby=labelled_by>
            <div class="card-head">
                <div class="pipeline-title">
                    <h2 id=heading style:flex="none">{move || name.get()}</h2>
                    {move || is_default.get().then(|| view! { <Badge tone=Tone::Accent>"Default"</Badge> })}
                    {move || (!is_active.get()).then(|| view! { <Badge>"Inactive"</Badge> })}
                </div>
                {(updates || deletes).then(|| view! {
                    <Menu label=Signal::derive(move || format!("More for {}", name.get())) icon=IconName::Ellipsis>
                        {updates.then(|| view! {
                            <MenuItem icon=IconName::Pencil
                                on_select=move |()| editing.set(Some(pipeline.get_untracked()))>"Rename…"</MenuItem>
                            <MenuItem icon=IconName::Star disabled=is_default on_select=move |()| change.run(
                                PipelineInput { is_default: Some(true), ..PipelineInput::default() }
                            )>"Make default"</MenuItem>
                            <MenuItem icon=IconName::CirclePause disabled=is_default on_select=move |()| change.run(
                                PipelineInput { is_active: Some(!is_active.get_untracked()), ..PipelineInput::default() }
                            )>
                                {move || if is_active.get() { "Deactivate" } else { "Activate" }}
                            </MenuItem>
                        })}
                        {deletes.then(|| view! {
                            <MenuSeparator />
                            <MenuItem icon=IconName::Trash2 danger=true disabled=is_default
                                on_select=move |()| deleting.set(pipeline.get_untracked())>"Delete…"</MenuItem>
                        })}
                    </Menu>
                })}
            </div>
            {move || description().map(|text| view! { <p class="px-4 pt-3 text-sm text-muted">{text}</p> })}
            <Stages pipeline=pipeline editable=updates />
        </section>
    }
}

/// Sends changes of pipelines, those of one after the other, and puts the answers where they are read.
#[derive(Clone, Copy)]
struct Saver(StoredValue<(Cache, Mutations, Notices)>);

impl Saver {
    fn current() -> Self {
        Self(StoredValue::new((use_cache(), use_mutations(), use_notices())))
    }

    /// Sends; says `what` where it is refused. The request is begun when the earlier ones of the pipeline have their
    /// answers.
    fn run(self, pipeline: Uuid, what: String, request: impl Future<Output = ApiResult<Pipeline>> + 'static) {
        self.then(pipeline, what, request, |_| ());
    }

    /// The same, calling `after` with whether it worked.
    fn then(
        self,
        pipeline: Uuid,
        what: String,
        request: impl Future<Output = ApiResult<Pipeline>> + 'static,
        after: impl FnOnce(bool) + 'static,
    ) {
        // Taken out now: the page may be gone when the answer comes.
        let Some((cache, mutations, notices)) = self.0.try_get_value() else { return };
        Mutations::in_turn(pipeline, async move {
            let outcome = request.await;
            let worked = outcome.is_ok();
            match outcome {
                Ok(pipeline) => put(&cache, &mutations, pipeline),
                Err(fail) => {
                    notices.failed(what, &fail);
                    cache.invalidate(&["pipelines"]);
                }
            }
            after(worked);
        });
    }
}

/// Shows a changed pipeline at once, and whatever depends on it soon.
fn put(cache: &Cache, mutations: &Mutations, pipeline: Pipeline) {
    let id = pipeline.id;
    cache.update_where::<Page<Pipeline>>(
        |key| key.starts_with(&["pipelines"]),
        |page| match page.data.iter_mut().find(|other| other.id == id) {
            Some(shown) => {
                pipeline.clone_into(shown);
                true
            }
            None => {
                page.data.push(pipeline.clone());
                true
            }
        },
    );
    mutations.touched("pipeline", Some(id));
}
