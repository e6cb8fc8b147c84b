//! The pipeline board.

mod card;
mod column;
mod data;
mod drag;
mod keys;
mod state;

use crate::api::Row;
use crate::data::{schema, use_cache, use_directory, use_mutations, use_query, use_session};
use crate::dialogs::asked;
use crate::features::deals::totals;
use crate::features::failed::failed;
use crate::features::records::address::{Address, ListState};
use crate::features::records::form::RecordForm;
use crate::features::records::list::{Filters, ListSearch, NothingFits, Whose};
use crate::features::records::lookup::Lookup;
use crate::features::records::page::{RecordPanel, TAB};
use crate::features::records::prefs::{self, Mine};
use crate::keyboard::{Action, Shortcuts};
use crate::shell::use_page;
use crate::ui::dom::{storage_get, storage_set};
use crate::ui::{
    Announcer, Button, ButtonVariant, Choice, ControlSize, Each, EmptyState, IconButton, IconName, Select, Skeleton,
    Switch, Toasts, format,
};
use column::{Marks, StageColumn};
use data::{Loaded, Wanted, board};
use domain::catalog::RecordType;
use domain::deals::board::Board;
use domain::permission::Permission;
use domain::pipelines::{Pipeline, Stage};
use drag::Drag;
use keys::MoveTo;
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::computed::Selector;
use serde_json::json;
use state::{BoardState, Shared};
use uuid::Uuid;

/// Parameters of the address that only the board has.
const OWN: &[&str] = &["pipeline", "closed", TAB];
/// Where the browser keeps which pipeline was shown last.
const LAST: &str = "rapport.pipeline";

/// `/pipeline`.
#[component]
pub fn BoardPage() -> impl IntoView {
    let address = Address::current(OWN);
    let directory = use_directory();
    let pipelines = Memo::new(move |_| directory.pipelines.data().map(|page| page.data.clone()));
    let pipeline = Memo::new(move |_| chosen(&pipelines.get()?, &address.get()));
    let heading = use_page("Pipeline", Vec::new());
    let creating = RwSignal::new(false);
    let making = RwSignal::new(None::<Option<Pipeline>>);
    let none = Memo::new(move |_| pipelines.with(|all| all.as_ref().is_some_and(Vec::is_empty)));
    let failure = directory.pipelines.failure();
    // Tools and figures stand where they will stay while the pipelines are still on their way.
    let body = move || match (none.get(), failure.get()) {
        (true, _) => view! { <NoPipeline making /> }.into_any(),
        (false, Some(fail)) => {
            failed("The pipelines could not be loaded", &fail, move || directory.pipelines.refetch())
        }
        (false, None) => view! { <Content address pipeline creating /> }.into_any(),
    };
    view! {
        <div class="rec-list-page">
            <div class="rec-list">
                <div class="rec-list-head">
                    <h1 tabindex="-1" node_ref=heading>"Pipeline"</h1>
                    <PipelineSelect pipelines pipeline address />
                    <NewPipeline making />
                    <span class="grow"></span>
                    <HeadButtons creating />
                </div>
                {body}
            </div>
            <RecordPanel record=RecordType::Deal address=address />
            {asked(making, Box::new(move |dialogs| (dialogs.pipeline)(making, Callback::new(move |id| show(address, id)))))}
        </div>
    }
}

/// The pipeline that the address names, that was shown last, or the default one.
fn chosen(all: &[Pipeline], state: &ListState) -> Option<Pipeline> {
    let by_id = |text: Option<String>| {
        let id = Uuid::try_parse(&text?).ok()?;
        all.iter().find(|pipeline| pipeline.id == id)
    };
    let found = by_id(state.param("pipeline").map(str::to_owned)).or_else(|| by_id(storage_get(LAST)));
    found.or_else(|| all.iter().find(|pipeline| pipeline.is_default)).or_else(|| all.first()).cloned()
}

/// Shows another pipeline, also the next time.
fn show(address: Address, id: Uuid) {
    storage_set(LAST, Some(&id.to_string()));
    address.change(|state| {
        // Filters by stage belong to the pipeline left.
        state.conditions.retain(|condition| condition.field != "stage_id");
        state.set_param("pipeline", Some(id.to_string()));
        state.open = None;
    });
}

/// PIPELINE-08: a further pipeline, from the board itself.
#[component]
fn NewPipeline(making: RwSignal<Option<Option<Pipeline>>>) -> impl IntoView {
    let session = use_session();
    move || {
        session.can(Permission::PipelineCreate).then(|| {
            view! { <IconButton icon=IconName::Plus label="New pipeline" on_click=move |_| making.set(Some(None)) /> }
        })
    }
}

#[component]
fn PipelineSelect(
    pipelines: Memo<Option<Vec<Pipeline>>>,
    pipeline: Memo<Option<Pipeline>>,
    address: Address,
) -> impl IntoView {
    let value = RwSignal::new(String::new());
    Effect::new(move |_| value.set(pipeline.with(|p| p.as_ref().map(|p| p.id.to_string())).unwrap_or_default()));
    let choices = Signal::derive(move || {
        let all = pipelines.get().unwrap_or_default();
        all.into_iter().map(|p| Choice::new(p.id.to_string(), p.name)).collect::<Vec<_>>()
    });
    let several = Memo::new(move |_| choices.with(|choices| choices.len() > 1));
    move || {
        several.get().then(|| view! {
            <div class="board-select">
                <Select value=value choices=choices size=ControlSize::Sm label="Pipeline" on_change=move |id: String| {
                    if let Ok(id) = Uuid::try_parse(&id) {
                        show(address, id);
                    }
                } />
            </div>
        })
    }
}

#[component]
fn HeadButtons(creating: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let may_create = {
        let session = session.clone();
        Signal::derive(move || session.can(Permission::DealCreate))
    };
    let may_configure = Signal::derive(move || session.can(Permission::PipelineUpdate));
    Shortcuts::current().register(
        Action::new("list.create", "New deal", move || creating.set(true))
            .keys("c")
            .icon(IconName::Plus)
            .enabled(may_create),
    );
    view! {
        {move || may_configure.get().then(|| view! {
            <Button icon=IconName::Settings href="/pipeline/config">"Configure"</Button>
        })}
        {move || may_create.get().then(|| view! {
            <Button variant=ButtonVariant::Primary icon=IconName::Plus keys="c" on_click=move |_| creating.set(true)>"New deal"</Button>
        })}
    }
}

#[component]
fn NoPipeline(making: RwSignal<Option<Option<Pipeline>>>) -> impl IntoView {
    let session = use_session();
    let may = untrack(|| session.can(Permission::PipelineCreate));
    view! {
        <EmptyState icon=IconName::SquareKanban title="No pipeline yet"
            text="A pipeline is the way from first talk to signature. Deals move through its stages.">
            {may.then(|| view! {
                <Button variant=ButtonVariant::Primary icon=IconName::Plus
                    on_click=move |_| making.set(Some(None))>"New pipeline"</Button>
            })}
        </EmptyState>
    }
}

fn waiting() -> AnyView {
    let card = |_| {
        view! {
            <div class="board-card">
                <p class="board-card-name skeleton-line"><Skeleton width="70%" /></p>
                <p class="board-card-with skeleton-line"><Skeleton width="50%" /></p>
                <p class="board-card-foot skeleton-line"><Skeleton width="30%" /></p>
            </div>
        }
    };
    let columns = (0..5).map(|n| {
        view! {
            <div class="board-column">
                <p class="board-head skeleton-line"><Skeleton width="50%" /></p>
                <p class="board-sum skeleton-line"><Skeleton width="30%" /></p>
                <div class="board-cards">{(0..4 - n % 3).map(card).collect_view()}</div>
            </div>
        }
    });
    view! { <div class="board" aria-busy="true">{columns.collect_view()}</div> }.into_any()
}

/// Filters, sums and columns of the chosen pipeline.
#[component]
fn Content(address: Address, pipeline: Memo<Option<Pipeline>>, creating: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let spec = RecordType::Deal.spec();
    let lookup = Lookup::new(RecordType::Deal);
    let mine = Mine::of(&session, spec);
    let id = Memo::new(move |_| pipeline.with(|pipeline| pipeline.as_ref().map(|p| p.id)));
    let stages = Memo::new(move |_| pipeline.with(|p| p.as_ref().map(|p| p.stages.clone()).unwrap_or_default()));
    let closed = address.aspect(|state| state.param("closed") == Some("true"));
    let params = address.aspect(move |state| {
        let mut params = state.params(schema(RecordType::Deal), mine);
        params.sort_by = None;
        params
    });
    let wanted = Memo::new(move |_| Some(Wanted { pipeline: id.get()?, params: params.get(), closed: closed.get() }));
    let loaded = Loaded::default();
    let query = {
        let loaded = loaded.clone();
        use_query(move || wanted.get().map(|wanted| board(wanted, loaded.clone())))
    };
    let shown = query.keeping();
    let state = BoardState {
        board: query,
        stages,
        address,
        lookup,
        question: RwSignal::new(None),
        grabbed: RwSignal::new(None),
        choosing: RwSignal::new(None),
        drawn: RwSignal::new(column::DRAWN),
        wanted,
        shared: StoredValue::new(Shared {
            loaded,
            cache: use_cache(),
            mutations: use_mutations(),
            session: session.clone(),
        }),
        announcer: Announcer::current(),
        toasts: Toasts::current(),
    };
    let failure = query.failure();
    let there = Memo::new(move |_| shown.get().is_some());
    let prefill = Signal::derive(move || json!({ "pipeline_id": id.get() }).as_object().cloned().unwrap_or_default());
    let currency = prefs::currency(&session);
    view! {
        <Tools address lookup mine closed />
        <Sums shown currency />
        {move || match (failure.get(), there.get()) {
            (Some(fail), _) => failed("The board could not be loaded", &fail, move || query.refetch()),
            (None, false) => waiting(),
            (None, true) => view! { <Columns state stages shown /><Nothing shown address closed creating /> }.into_any(),
        }}
        <MoveTo state />
        {asked(state.question, Box::new(move |dialogs| (dialogs.closing)(state.question)))}
        <RecordForm record=RecordType::Deal open=creating prefill=prefill on_saved=move |row: Row| address.open(Some(row.id)) />
    }
}

/// Over empty columns: why they are empty, and the next action.
#[component]
fn Nothing(
    shown: Signal<Option<std::sync::Arc<Board>>>,
    address: Address,
    closed: Memo<bool>,
    creating: RwSignal<bool>,
) -> impl IntoView {
    let session = use_session();
    let empty = Memo::new(move |_| shown.get().is_some_and(|board| board.columns.iter().all(|c| c.count == 0)));
    move || {
        let narrowed = address.get().is_narrowed();
        let text = if closed.get() {
            "Deals stand here by stage and move on as you drag them."
        } else {
            "Open deals stand here by stage and move on as you drag them."
        };
        empty.get().then(|| {
            view! {
                <div class="board-nothing">
                    {if narrowed {
                        view! { <NothingFits plural="deals" address /> }.into_any()
                    } else {
                        let may = untrack(|| session.can(Permission::DealCreate));
                        view! {
                            <EmptyState icon=IconName::SquareKanban title="No deals here yet" text=text>
                                {may.then(|| view! {
                                    <Button variant=ButtonVariant::Primary icon=IconName::Plus
                                        on_click=move |_| creating.set(true)>"New deal"</Button>
                                })}
                            </EmptyState>
                        }
                        .into_any()
                    }}
                </div>
            }
        })
    }
}

/// Search and filters.
#[component]
fn Tools(address: Address, lookup: Lookup, mine: Mine, closed: Memo<bool>) -> impl IntoView {
    let spec = RecordType::Deal.spec();
    let with_closed = RwSignal::new(closed.get_untracked());
    Effect::new(move |_| with_closed.set(closed.get()));
    view! {
        <div class="rec-toolbar">
            <ListSearch spec address />
            <Filters record=RecordType::Deal address lookup quick=&["owner_id", "expected_close_date", "amount_minor"] />
            <div class="rec-toolbar-end">
                <Switch checked=with_closed label="Closed deals" on_change=move |on: bool| {
                    address.change(|state| state.set_param("closed", on.then(|| "true".to_owned())));
                } />
                <Whose spec address mine />
            </div>
        </div>
    }
}

/// Reads a figure off the board: in short and in full.
type Reading = Box<dyn Fn(&Board) -> (String, String) + Send + Sync>;

/// PIPELINE-13: value, weighted value and number of the deals shown.
#[component]
fn Sums(shown: Signal<Option<std::sync::Arc<Board>>>, currency: String) -> impl IntoView {
    let currency = StoredValue::new(currency);
    let figure = move |label: &'static str, text: Reading| {
        let parts = Memo::new(move |_| shown.get().map(|board| text(&board)));
        view! {
            <div class="board-figure">
                <dt>{label}</dt>
                <dd data-tip=move || parts.get().map(|(_, exact)| exact)>
                    {move || parts.get().map_or_else(|| "–".to_owned(), |(text, _)| text)}
                </dd>
            </div>
        }
    };
    view! {
        <dl class="board-figures">
            {figure("Value", Box::new(move |board| {
                let all = totals::of(board);
                (totals::text(&all, |t| t.amount_minor, &currency.get_value()), totals::exact(&all, |t| t.amount_minor))
            }))}
            {figure("Weighted", Box::new(move |board| {
                let all = totals::of(board);
                (totals::text(&all, |t| t.weighted_minor, &currency.get_value()), totals::exact(&all, |t| t.weighted_minor))
            }))}
            {figure("Deals", Box::new(move |board| {
                let count = board.columns.iter().map(|column| column.count).sum();
                (format::integer(count), format::count(count, "deal", "deals"))
            }))}
        </dl>
    }
}

#[component]
fn Columns(state: BoardState, stages: Memo<Vec<Stage>>, shown: Signal<Option<std::sync::Arc<Board>>>) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let drag = Drag::new(
        node,
        Callback::new(move |id| state.may_pick_up(id)),
        Callback::new(move |(id, target)| state.move_to(id, target)),
    );
    let landing = Memo::new(move |_| {
        let by_key = state.grabbed.get().and_then(|grabbed| state.target(grabbed.column, grabbed.at, grabbed.id));
        by_key.or_else(|| drag.target.get())
    });
    let ghost = move || {
        drag.flight.get().and_then(|flight| {
            let deal = state.deal(flight.id)?;
            let stage = deal.stage_id.and_then(|id| state.stage(id))?;
            Some((deal, stage))
        })
    };
    let flying = Memo::new(move |_| drag.flight.with(|flight| flight.map(|flight| flight.id)));
    let grabbed = move || state.grabbed.get().map(|grabbed| grabbed.id);
    let open = state.address.aspect(|address| address.open);
    let marks = StoredValue::new(Marks {
        lifted: Selector::new(move || flying.get().or_else(grabbed)),
        grabbed: Selector::new(grabbed),
        follows: Selector::new(move || landing.get().and_then(|target| target.before)),
        open: Selector::new(move || open.get()),
    });
    view! {
        <p class="sr-only-kit" id="board-help">
            "Space picks the card up and puts it down, arrow keys move it, M chooses a stage, Enter opens the deal."
        </p>
        <div class="board" node_ref=node role="group" aria-label="Stages" tabindex="-1"
            data-dragging=move || flying.get().map(|_| "true")
            on:pointerdown=move |ev| drag.down(&ev)
            on:pointermove=move |ev| drag.moved(&ev)
            on:pointerup=move |ev| drag.up(&ev)
            on:pointercancel=move |_| drag.stop()>
            <Each each=move || stages.get() key=|stage| (stage.id, stage.version) let:stage>
                {
                    let id = stage.id;
                    let column = Memo::new(move |_| {
                        shown.get().and_then(|board| board.columns.iter().find(|c| c.stage_id == id).cloned())
                    });
                    view! { <StageColumn stage column landing marks state drag /> }
                }
            </Each>
        </div>
        {move || flying.get().and_then(|_| untrack(ghost)).map(|(deal, stage)| view! {
            <div class="board-card board-ghost" aria-hidden="true"
                style:translate=move || drag.flight.get().map(|f| format!("{}px {}px", f.left, f.top))
                style:width=move || drag.flight.get().map(|f| format!("{}px", f.width))>
                <div class="board-card-body">{card::content(&deal, &stage, state.lookup)}</div>
            </div>
        })}
    }
}
