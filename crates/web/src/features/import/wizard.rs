//! The steps between choosing a file and its import.

use super::columns::ColumnsStep;
use super::mappings::MappingBar;
use super::preview::PreviewStep;
use super::state::{Place, Wizard};
use super::steps::{Step, beside};
use super::values::{ValuesStep, is_complete};
use super::{begin_href, invitations, job_href, plural};
use crate::api::ApiFail;
use crate::data::{use_cache, use_session};
use crate::features::failed::failed;
use crate::features::records::href::list_page;
use crate::shell::{NoAccess, NotFound, PageHeader};
use crate::ui::dom::query_all;
use crate::ui::{
    Banner, Button, ButtonVariant, EmptyState, FormState, Icon, IconName, IconSize, Skeleton, Spinner, Tone,
};
use domain::catalog::RecordType;
use domain::permission::Permission;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use uuid::Uuid;

/// The page of an uploaded file.
#[component]
pub fn WizardPage() -> impl IntoView {
    let params = use_params_map();
    let session = use_session();
    let what = Memo::new(move |_| {
        let params = params.read();
        RecordType::of_table(&params.get("entity")?).zip(Uuid::try_parse(&params.get("file")?).ok())
    });
    move || match what.get() {
        None => view! { <NotFound /> }.into_any(),
        Some(_) if !session.can(Permission::ImportRun) => {
            view! { <NoAccess text="Owners, admins and managers import files." /> }.into_any()
        }
        Some((record, file)) => view! { <Loaded record file /> }.into_any(),
    }
}

#[component]
fn Loaded(record: RecordType, file: Uuid) -> impl IntoView {
    let (cache, session, navigate) = (use_cache(), use_session(), use_navigate());
    let outcome = RwSignal::new(None::<Result<Wizard, ApiFail>>);
    let owner = StoredValue::new(Owner::current());
    let load = Callback::new(move |()| {
        let Some(owner) = owner.get_value() else { return };
        let (cache, session, navigate) = (cache.clone(), session.clone(), navigate.clone());
        outcome.set(None);
        spawn_local(async move {
            let answer = Wizard::load(owner, cache, session, record, file).await;
            // A file whose import was started has become a job.
            if answer.as_ref().is_err_and(|fail| fail.status() == 409) && outcome.try_get_untracked().is_some() {
                navigate(&job_href(file), NavigateOptions { replace: true, ..Default::default() });
                return;
            }
            drop(outcome.try_set(Some(answer)));
        });
    });
    load.run(());
    view! {
        <div class="page import">
            <PageHeader title=format!("Import {}", plural(record)) parents=vec![list_page(record)] />
            {move || match outcome.get() {
                None => view! {
                    <div class="import-waiting" aria-busy="true">
                        <Skeleton width="320px" height="28px" /><Skeleton height="360px" />
                    </div>
                }.into_any(),
                Some(Err(fail)) if fail.is_not_found() => view! {
                    <EmptyState icon=IconName::FileSpreadsheet title="This file is not here any more"
                        text="Files whose import is not started are kept for a day.">
                        <Button variant=ButtonVariant::Primary href=begin_href(record)>"Choose a file"</Button>
                    </EmptyState>
                }.into_any(),
                Some(Err(fail)) => failed("The file could not be previewed", &fail, load),
                Some(Ok(wizard)) => view! { <Steps wizard /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Steps(wizard: Wizard) -> impl IntoView {
    let (query, navigate) = (use_query_map(), use_navigate());
    // Without values to decide about there is no such step, unless somebody stands on it.
    let asks = Memo::new(move |_| wizard.preview.with(|preview| !preview.values.is_empty()));
    let step = Memo::new(move |_| {
        let named = query.read().get("step");
        let wanted = Step::ALL.into_iter().find(|step| named.as_deref() == Some(step.key())).unwrap_or(Step::Columns);
        if wanted == Step::Values && !asks.get() { Step::Columns } else { wanted }
    });
    let steps = Memo::new(move |_| {
        Step::ALL.into_iter().filter(|step| *step != Step::Values || asks.get()).collect::<Vec<_>>()
    });
    let href = move |step: Step| format!("{}/{}?step={}", begin_href(wizard.record), wizard.file, step.key());
    let starting = RwSignal::new(false);
    let body = NodeRef::<html::Section>::new();
    let heading = NodeRef::<html::H2>::new();

    let go = {
        let navigate = navigate.clone();
        Callback::new(move |to: Step| navigate(&href(to), Default::default()))
    };
    Effect::watch(
        move || step.get(),
        move |_, _, _| {
            if let Some(heading) = heading.get_untracked() {
                drop(heading.focus());
                heading.scroll_into_view_with_bool(false);
            }
            if let Some(main) = body.get_untracked().and_then(|body| body.closest("main").ok().flatten()) {
                main.set_scroll_top(0);
            }
        },
        false,
    );
    // Where a refusal stands that the present step does not show.
    let show_troubles = move || {
        let places: Vec<Place> = wizard.troubles.with_untracked(|all| all.iter().map(|t| t.place.clone()).collect());
        let target = match places.first() {
            Some(Place::Value(..)) => Step::Values,
            Some(Place::Plan) | None => return,
            Some(_) => Step::Columns,
        };
        if step.get_untracked() != target {
            go.run(target);
        }
        FormState::new().focus_first_error();
    };
    let next = move || {
        let here = step.get_untracked();
        let is_here = |place: &Place| match place {
            Place::Value(..) => here == Step::Values,
            _ => here == Step::Columns,
        };
        let blocked = wizard.troubles.with_untracked(|all| all.iter().any(|t| is_here(&t.place)));
        let unfinished = here == Step::Values && !is_complete(wizard);
        if blocked || unfinished {
            point_out(body.get_untracked(), unfinished);
        } else if let Some(next) = beside(&steps.get_untracked(), here, 1) {
            go.run(next);
        }
    };
    let cache = use_cache();
    let start = Callback::new(move |()| {
        if starting.get_untracked() || wizard.busy.get_untracked() {
            return;
        }
        if !is_complete(wizard) {
            go.run(Step::Values);
            return;
        }
        starting.set(true);
        let (cache, navigate) = (cache.clone(), navigate.clone());
        spawn_local(async move {
            let answer = wizard.start().await;
            let here = starting.try_set(false).is_none();
            match answer {
                Ok(job) => {
                    cache.set(&invitations(job.id), job.invitations.clone());
                    // Stages and members may be new.
                    for key in ["work", "imports", "pipelines", "members", "invitations"] {
                        cache.invalidate(&[key]);
                    }
                    if here {
                        navigate(&job_href(job.id), NavigateOptions { replace: true, ..Default::default() });
                    }
                }
                // Somebody else, or another tab, was faster.
                Err(fail) if here && fail.status() == 409 => navigate(&job_href(wizard.file), Default::default()),
                Err(fail) if here => {
                    wizard.fail.set(Some(fail));
                    show_troubles();
                }
                Err(_) => {}
            }
        });
    });
    let rows = Memo::new(move |_| wizard.preview.with(|p| (p.counts.rows, p.counts.rows - p.counts.with_errors)));
    let start_label = move || {
        let (all, good) = rows.get();
        let all = i64::try_from(all).unwrap_or(i64::MAX);
        let good = i64::try_from(good).unwrap_or(i64::MAX);
        let counted = super::counted(wizard.record, all);
        if good < all {
            format!("Import {} of {counted}", crate::ui::format::integer(good))
        } else {
            format!("Import {counted}")
        }
    };
    view! {
        <nav class="import-steps" aria-label="Steps of the import">
            <ol>
                <li>
                    <a href=begin_href(wizard.record) data-done="true" data-tip="Choose another file">
                        <span class="import-step-mark"><Icon name=IconName::Check size=IconSize::Sm /></span>
                        <span class="import-step-file">{wizard.preview.with_untracked(|p| p.file_name.clone())}</span>
                    </a>
                </li>
                {move || steps.get().into_iter().enumerate().map(|(at, it)| view! {
                    <li>
                        <a href=href(it) data-done=move || (it < step.get()).then_some("true")
                            aria-current=move || (step.get() == it).then_some("step")>
                            <span class="import-step-mark">
                                {move || if it < step.get() {
                                    view! { <Icon name=IconName::Check size=IconSize::Sm /> }.into_any()
                                } else {
                                    (at + 2).into_any()
                                }}
                            </span>
                            <span>{it.label()}</span>
                        </a>
                    </li>
                }).collect_view()}
            </ol>
        </nav>
        <section class="import-step" node_ref=body aria-busy=move || wizard.busy.get().then_some("true")>
            <h2 class="sr-only-kit" tabindex="-1" node_ref=heading>{move || step.get().label()}</h2>
            {move || wizard.fail.get().filter(|_| shows_fail(wizard)).map(|fail| view! {
                <Banner tone=Tone::Danger>
                    {fail.message().to_owned()}" "<span class="request-id">"Request "{fail.request_id().to_owned()}</span>
                </Banner>
            })}
            <MappingBar wizard />
            {move || {
                wizard.exchanged.track();
                match step.get() {
                Step::Columns => view! { <ColumnsStep wizard /> }.into_any(),
                Step::Values => view! { <ValuesStep wizard /> }.into_any(),
                Step::Preview => view! { <PreviewStep wizard /> }.into_any(),
            }}}
        </section>
        <div class="import-foot">
            {move || match beside(&steps.get(), step.get(), -1) {
                Some(before) => view! { <Button href=href(before)>"Back"</Button> }.into_any(),
                None => view! { <Button href=begin_href(wizard.record)>"Choose another file"</Button> }.into_any(),
            }}
            <span class="import-updating" role="status">
                {move || wizard.busy.get().then(|| view! { <Spinner /><span>"Updating the preview…"</span> })}
            </span>
            {move || if step.get() == Step::Preview {
                view! {
                    <Button variant=ButtonVariant::Primary
                        loading=Signal::derive(move || starting.get() || wizard.busy.get())
                        disabled=Signal::derive(move || rows.get().0 == 0)
                        on_click=move |_| start.run(())>{start_label}</Button>
                }.into_any()
            } else {
                view! {
                    <Button variant=ButtonVariant::Primary icon_end=IconName::ArrowRight on_click=move |_| next()>
                        "Continue"
                    </Button>
                }.into_any()
            }}
        </div>
    }
}

/// A failure is told above the step, unless every part of it stands at its field.
fn shows_fail(wizard: Wizard) -> bool {
    wizard.troubles.with(|all| all.is_empty() || all.iter().any(|t| t.place == Place::Plan))
}

/// Moves the focus to what has to be corrected; an address that was not typed yet is asked for.
fn point_out(body: Option<web_sys::HtmlElement>, unfinished: bool) {
    let Some(body) = body else { return };
    let selector = if unfinished { "input[type=email]" } else { "[aria-invalid=true], .field-error, .banner-danger" };
    let found = query_all(&body, selector);
    let is_open = |e: &&web_sys::HtmlElement| {
        use wasm_bindgen::JsCast;
        let input = e.dyn_ref::<web_sys::HtmlInputElement>();
        input.is_none_or(|input| domain::auth::check_email("email", &input.value()).is_err())
    };
    if let Some(first) = found.iter().find(is_open).or_else(|| found.first()) {
        first.scroll_into_view_with_bool(false);
        drop(first.focus());
    }
}
