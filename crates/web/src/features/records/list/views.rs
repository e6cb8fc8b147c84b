//! Saved views above a list: a tab each, what can be done with the open one, and saving what is shown as a new one.

use super::grid::shown;
use crate::api;
use crate::data::{queries, schema, use_query};
use crate::dialogs::asked;
use crate::features::keeping::{Keeper, Named, Naming, NamingDialog, Request, may_share};
use crate::features::records::address::{Address, ListState, ViewName, view_href};
use crate::features::records::prefs::Mine;
use crate::ui::dom::ignore;
use crate::ui::{
    Button, ButtonVariant, ConfirmDialog, ControlSize, Each, Icon, IconName, IconSize, Menu, MenuItem, MenuSeparator,
    TableState, as_it_is, format,
};
use domain::catalog::RecordType;
use domain::views::{NAME_MAX, SavedView, SavedViewInput, ViewColumn, ViewMarks};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The views of one record type that the person sees, favourites first.
fn use_views(record: RecordType) -> Memo<Vec<SavedView>> {
    let all = use_query(|| Some(queries::views()));
    Memo::new(move |_| {
        let mut views: Vec<SavedView> = all
            .data()
            .map(|page| page.data.clone())
            .unwrap_or_default()
            .into_iter()
            .filter(|v| v.entity == record)
            .collect();
        views.sort_by_key(|view| !view.is_favorite);
        views
    })
}

/// The view that the list began with.
fn open_view(views: Memo<Vec<SavedView>>, address: Address) -> Memo<Option<SavedView>> {
    let name = address.aspect(|state| state.view);
    Memo::new(move |_| match name.get() {
        Some(ViewName::Saved(id)) => views.with(|views| views.iter().find(|view| view.id == id).cloned()),
        Some(ViewName::All) | None => None,
    })
}

/// The name of the view that the list shows as it is.
pub(super) fn shown_name(record: RecordType, address: Address) -> Memo<Option<String>> {
    let open = open_view(use_views(record), address);
    Memo::new(move |_| {
        let view = open.get()?;
        address.get().shows_as(&ListState::of_view(&view)).then_some(view.name)
    })
}

/// A tab for all records and one for each view, and what saves a new one. The row is always there: one that came with
/// the first view would push the list down.
#[component]
pub(super) fn ViewTabs(record: RecordType, address: Address, table: TableState, mine: Mine) -> impl IntoView {
    let views = use_views(record);
    let open = open_view(views, address);
    begin_with_default(views, address);
    let plural = record.spec().table;
    let all = format!("All {}", record.spec().label_plural.to_lowercase());
    let none_open = Memo::new(move |_| open.with(Option::is_none));
    view! {
        <div class="view-tabs">
            <nav class="view-list" aria-label="Views">
                <a class="view-tab" href=format!("/{plural}?view=all")
                    aria-current=move || none_open.get().then_some("page")>{all}</a>
                <Each each=move || views.get() key=|view| view.id let:view>
                    <ViewTab view=as_it_is(views, view, |view| view.id) open address table mine />
                </Each>
            </nav>
            <SaveView record address table open />
        </div>
    }
}

/// A list that is opened without saying what to show begins with the person's default view.
fn begin_with_default(views: Memo<Vec<SavedView>>, address: Address) {
    let blank =
        address.aspect(|state| ListState { open: None, more: Vec::new(), ..state.clone() } == ListState::default());
    Effect::new(move |_| {
        if !blank.get() {
            return;
        }
        if let Some(view) = views.with(|views| views.iter().find(|view| view.is_default).cloned()) {
            address.replace(|state| state.show(&view));
        }
    });
}

#[component]
fn ViewTab(
    view: Memo<SavedView>,
    open: Memo<Option<SavedView>>,
    address: Address,
    table: TableState,
    mine: Mine,
) -> impl IntoView {
    let (id, record) = view.with_untracked(|view| (view.id, view.entity));
    let here = Memo::new(move |_| open.with(|open| open.as_ref().is_some_and(|open| open.id == id)));
    let params = Memo::new(move |_| view.with(ListState::of_view).params(schema(record), mine));
    let count = use_query(move || Some(queries::count(record, params.get())));
    let total = move || {
        count.data().map(|found| {
            let (total, exact) = *found;
            view! {
                <span class="view-count">
                    {if exact { "" } else { "≈ " }}{format::integer(total)}
                    <span class="sr-only-kit">" records"</span>
                </span>
            }
        })
    };
    let icon = Memo::new(move |_| view.with(mark_icon));
    view! {
        <div class="view-tab-group" data-here=move || here.get().then_some("")>
            <a class="view-tab" href=move || view.with(view_href) aria-current=move || here.get().then_some("page")>
                {move || icon.get().map(|name| view! { <Icon name=name size=IconSize::Sm /> })}
                <span class="view-name">{move || view.with(|view| view.name.clone())}</span>
                {total}
            </a>
            <Show when=move || here.get()>
                <ViewMenu view address table />
            </Show>
        </div>
    }
}

/// What tells a view from the person's own ordinary ones.
fn mark_icon(view: &SavedView) -> Option<IconName> {
    if view.is_favorite {
        Some(IconName::Star)
    } else if view.is_shared {
        Some(IconName::Users)
    } else {
        None
    }
}

/// What can be done with the open view, and with what was changed since it was opened.
#[component]
fn ViewMenu(view: Memo<SavedView>, address: Address, table: TableState) -> impl IntoView {
    let keeper = Keeper::new("views");
    let (naming, deleting) = (RwSignal::new(None::<Naming>), RwSignal::new(false));
    let may_share = may_share();
    let navigate = StoredValue::new(use_navigate());
    let state = Memo::new(move |_| address.get());
    let changed = Memo::new(move |_| view.with(|view| !state.with(|state| state.shows_as(&ListState::of_view(view)))));
    let flag = |read: fn(&SavedView) -> bool| Signal::derive(move || view.with(read));
    let (may_edit, shared) = (flag(|view| view.may_edit), flag(|view| view.is_shared));
    let (favorite, default) = (flag(|view| view.is_favorite), flag(|view| view.is_default));
    let named = move |words: fn(&str) -> String| Signal::derive(move || view.with(|view| words(&view.name)));
    let failed = move || view.with_untracked(|view| format!("View {} was not changed", view.name));
    let change = move |input: SavedViewInput| {
        let (id, version) = view.with_untracked(|view| (view.id, view.version));
        keeper.run(failed(), async move { api::views::update(id, version, &input).await }, drop);
    };
    let mark = move |marks: ViewMarks| {
        let id = view.with_untracked(|view| view.id);
        keeper.run(failed(), api::views::mark(id, marks), drop);
    };
    let share = move |()| {
        change(SavedViewInput { is_shared: Some(!shared.get_untracked()), ..SavedViewInput::default() });
    };
    let favor = move |()| mark(ViewMarks { is_favorite: Some(!favorite.get_untracked()), ..ViewMarks::default() });
    let make_default = move |()| mark(ViewMarks { is_default: Some(!default.get_untracked()), ..ViewMarks::default() });
    let undo = move |()| address.change(|state| view.with_untracked(|view| state.show(view)));
    let delete = move |()| {
        let (id, name, plural) = view.with_untracked(|view| (view.id, view.name.clone(), view.entity.spec().table));
        deleting.set(false);
        keeper.run(format!("View {name} was not deleted"), api::views::delete(id), move |()| {
            keeper.changed(format!("View {name} deleted"));
            let all = format!("/{plural}?view=all");
            ignore(navigate.try_with_value(|navigate| navigate(&all, Default::default())));
        });
    };
    let consequence = Signal::derive(move || {
        let first = if shared.get() { "Nobody will have this view any more. " } else { "" };
        format!("{first}The records stay as they are.")
    });
    view! {
        <Menu label=named(|name| format!("View {name}: more")) icon=IconName::Ellipsis size=ControlSize::Xs>
            {move || changed.get().then(|| view! {
                <MenuItem icon=IconName::RotateCcw on_select=undo>"Undo changes"</MenuItem>
                <MenuItem icon=IconName::Copy
                    on_select=move |()| naming.set(Some(Naming::New))>
                    "Save as new view…"
                </MenuItem>
                <MenuSeparator />
            })}
            <MenuItem icon=IconName::Star checked=favorite on_select=favor>"In my sidebar"</MenuItem>
            <MenuItem icon=IconName::Eye checked=default on_select=make_default>"Open the list with it"</MenuItem>
            {move || may_edit.get().then(|| view! {
                <MenuSeparator />
                <MenuItem icon=IconName::Pencil
                    on_select=move |()| naming.set(Some(Naming::Rename(view.with_untracked(|view| view.name.clone()))))>
                    "Rename…"
                </MenuItem>
                {move || may_share.get().then(|| view! {
                    <MenuItem icon=IconName::Users checked=shared on_select=share>"Shared with everybody"</MenuItem>
                })}
                <MenuItem icon=IconName::Trash2 danger=true on_select=move |()| deleting.set(true)>"Delete…"</MenuItem>
            })}
        </Menu>
        // After the menu, which must not move under the pointer.
        {move || (changed.get() && may_edit.get()).then(|| view! {
            <Button size=ControlSize::Sm on_click=move |_| change(address.peek().to_view())>"Save changes"</Button>
        })}
        {named_by(view.with_untracked(|view| view.entity), Some(view), naming, address, table)}
        <ConfirmDialog open=deleting danger=true title=named(|name| format!("Delete view {name}?"))
            text=consequence confirm="Delete view" on_confirm=delete />
    }
}

/// Saves what the list shows, where that is no view yet.
#[component]
fn SaveView(record: RecordType, address: Address, table: TableState, open: Memo<Option<SavedView>>) -> impl IntoView {
    let naming = RwSignal::new(None::<Naming>);
    let worth = address.aspect(|state| state.is_narrowed() || !state.sort.is_empty() || state.archived);
    let shown = Memo::new(move |_| worth.get() && open.with(Option::is_none));
    view! {
        <Show when=move || shown.get()>
            <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Plus
                on_click=move |_| naming.set(Some(Naming::New))>"Save view"</Button>
        </Show>
        {named_by(record, None, naming, address, table)}
    }
}

/// The dialog of a view's name, when it is asked for.
fn named_by(
    record: RecordType,
    renamed: Option<Memo<SavedView>>,
    naming: RwSignal<Option<Naming>>,
    address: Address,
    table: TableState,
) -> AnyView {
    asked(naming, Box::new(move |dialogs| (dialogs.lists.naming)(record, renamed, naming, address, columns_of(table))))
}

/// Names what the list shows now as a new view, which is opened at once, or the view at hand anew.
#[component]
pub(super) fn ViewDialog(
    record: RecordType,
    /// The view that can get another name.
    renamed: Option<Memo<SavedView>>,
    naming: RwSignal<Option<Naming>>,
    address: Address,
    /// The columns that a new view keeps.
    columns: Signal<Vec<ViewColumn>>,
) -> impl IntoView {
    let keeper = Keeper::new("views");
    let save = Callback::new(move |Named { name, is_shared }: Named| -> Request<SavedView> {
        let name = Some(name);
        match renamed.filter(|_| is_shared.is_none()) {
            Some(view) => {
                let (id, version) = view.with_untracked(|view| (view.id, view.version));
                let input = SavedViewInput { name, ..SavedViewInput::default() };
                Box::pin(async move { api::views::update(id, version, &input).await })
            }
            None => {
                let (entity, columns) = (Some(record), Some(columns.get_untracked()));
                let input = SavedViewInput { entity, name, is_shared, columns, ..address.peek().to_view() };
                Box::pin(async move { api::views::create(&input).await })
            }
        }
    });
    let done = Callback::new(move |view: SavedView| {
        keeper.changed(format!("View {} saved", view.name));
        if !renamed.is_some_and(|renamed| renamed.with_untracked(|renamed| renamed.id == view.id)) {
            address.replace(|state| state.show(&view));
        }
    });
    view! { <NamingDialog thing="view" naming max=NAME_MAX save done /> }
}

/// The columns that a new view keeps: those shown now.
fn columns_of(table: TableState) -> Signal<Vec<ViewColumn>> {
    Signal::derive(move || table.columns.with(|columns| shown(columns)))
}
