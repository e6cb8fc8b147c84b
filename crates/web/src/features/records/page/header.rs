//! The head of a record: picture, name edited in place, facts, owner, actions.

use crate::api::records::{self, Fields};
use crate::data::{schema, use_mutations, use_notices, use_session};
use crate::features::records::cell;
use crate::features::records::editor::member_source;
use crate::features::records::form::RecordForm;
use crate::features::records::href::href;
use crate::features::records::list::mark;
use crate::features::records::look::{Look, Shown, page_look};
use crate::features::records::value;
use crate::keyboard::{Action, Shortcuts};
use crate::shell::{Creating, icon_of};
use crate::ui::dom::ignore;
use crate::ui::{
    AvatarSize, Banner, Button, ButtonVariant, ConfirmDialog, ControlSize, Edited, Editor, Icon, IconName, InlineEdit,
    InputKind, Menu, MenuItem, MenuSeparator, Placement, Tone,
};
use domain::permission::Permission;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The head.
#[component]
pub fn RecordHeader(
    /// The record.
    shown: Shown,
    /// The looks of its type.
    look: &'static Look,
    /// The page's heading, where this is a page of its own.
    #[prop(optional)]
    heading: Option<NodeRef<html::H1>>,
    /// Called when the record is gone for good.
    #[prop(into)]
    on_gone: Callback<()>,
) -> impl IntoView {
    let Shown { row, lookup, may_edit } = shown;
    let record = row.with_untracked(|row| row.record);
    let page = page_look(record);
    // The fields named here are standard ones.
    let spec = record.standard();
    let mutations = use_mutations();
    let title = Signal::derive(move || row.with(|row| row.title.clone()));
    let rename = {
        let mutations = mutations.clone();
        move |edited: Edited| {
            let (name, now) = (edited.now.trim(), row.get_untracked());
            if name.is_empty() {
                return Err("Please enter a name.".to_owned());
            }
            let fields = (look.rename)(name);
            for (field, json) in fields.iter().filter_map(|(name, json)| Some((spec.field(name)?, json))) {
                cell::check(field, json)?;
            }
            if edited.before == now.title {
                let beside = records::fields([(spec.title, serde_json::Value::from(name))]);
                mutations.update(&now, fields, beside);
            } else {
                cell::ask(&mutations, now, fields, Fields::new());
            }
            Ok(())
        }
    };
    let name = view! {
        <InlineEdit label="Name" value=title editor=Editor::Text(InputKind::Text) title=true
            read_only=Signal::derive(move || !may_edit.get()) on_save=rename />
    };
    let name = match heading {
        Some(heading) => view! { <h1 class="rec-name" tabindex="-1" node_ref=heading>{name}</h1> }.into_any(),
        None => view! { <div class="rec-name">{name}</div> }.into_any(),
    };
    let facts = look.facts.iter().filter_map(|name| spec.field(name)).map(|field| {
        move || {
            row.with(|row| {
                (!value::is_blank(row.get(field.name)))
                    .then(|| view! { <span class="rec-fact">{value::view(field, row, lookup)}</span> })
            })
        }
    });
    view! {
        <header class="rec-head">
            <div class="rec-head-top">
                {move || row.with(|row| mark(row, AvatarSize::Lg))}
                <div class="rec-head-text">
                    {name}
                    <div class="rec-facts">{facts.collect_view()}{(page.marks)(shown)}</div>
                </div>
                <Owner shown />
                <Actions shown on_gone />
            </div>
            {(page.header)(shown)}
            <ArchivedBanner shown />
        </header>
    }
}

/// Who is responsible, changed in place (AUTH-36).
#[component]
fn Owner(shown: Shown) -> impl IntoView {
    let Shown { row, lookup, may_edit } = shown;
    let Some(field) = row.with_untracked(|row| schema(row.record).field("owner_id")) else { return ().into_any() };
    let mutations = use_mutations();
    let text = Signal::derive(move || row.with(|row| cell::to_text(field, row.get("owner_id"))));
    let display = move || row.with(|row| value::view(field, row, lookup));
    view! {
        <div class="rec-owner">
            <span class="rec-owner-label">"Owner"</span>
            <InlineEdit label="Owner" value=text editor=Editor::Lookup(member_source(lookup)) display=display
                empty="No owner" read_only=Signal::derive(move || !may_edit.get())
                on_save=move |edited: Edited| {
                    cell::save_text(&mutations, &row.get_untracked(), field, &edited)
                } />
        </div>
    }
    .into_any()
}

/// What else can be done with the record.
#[component]
fn Actions(shown: Shown, on_gone: Callback<()>) -> impl IntoView {
    let Shown { row, may_edit, .. } = shown;
    let record = row.with_untracked(|row| row.record);
    let (session, mutations, notices) = (use_session(), use_mutations(), use_notices());
    let creating = Creating::current();
    let editing = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let archived = Memo::new(move |_| row.with(|row| row.archived_at().is_some()));
    let may_delete = {
        let session = session.clone();
        Memo::new(move |_| row.with(|row| session.may_delete(row)))
    };
    let may_update = {
        let session = session.clone();
        Memo::new(move |_| row.with(|row| session.may_update(row)))
    };
    let may_destroy =
        Memo::new(move |_| session.can(Permission::RecordHardDelete) && session.can(record.permissions().delete));
    let store = StoredValue::new(mutations);
    let archive = move || store.with_value(|mutations| mutations.archive(&row.get_untracked()));
    let restore = move || store.with_value(|mutations| mutations.restore(&row.get_untracked()));
    let copied = notices.clone();
    let copy = move || {
        let origin = window().location().origin().unwrap_or_default();
        let href = row.with_untracked(|row| href(row.record, row.id));
        ignore(window().navigator().clipboard().write_text(&format!("{origin}{href}")));
        copied.done("Link copied");
    };
    let destroy = move |()| {
        busy.set(true);
        let (id, title) = row.with_untracked(|row| (row.id, row.title.clone()));
        let (mutations, notices) = (store.get_value(), notices.clone());
        spawn_local(async move {
            let outcome = mutations.delete(record, id).await;
            ignore(busy.try_set(false));
            match outcome {
                Ok(()) => {
                    ignore(asking.try_set(false));
                    notices.done(format!("{title} deleted"));
                    ignore(on_gone.try_run(()));
                }
                Err(fail) => notices.failed(format!("{title} was not deleted"), &fail),
            }
        });
    };
    let shortcuts = Shortcuts::current();
    shortcuts.register(
        Action::new("record.edit", format!("Edit {}", record.label().to_lowercase()), move || editing.set(true))
            .icon(IconName::Pencil)
            .keys("e")
            .enabled(may_edit),
    );
    shortcuts.register(
        Action::new("record.archive", format!("Archive this {}", record.label().to_lowercase()), archive)
            .icon(IconName::Archive)
            .keys("#")
            .enabled(Signal::derive(move || may_delete.get() && !archived.get())),
    );
    let question = Signal::derive(move || format!("Delete {} for good?", row.with(|row| row.title.clone())));
    view! {
        <div class="rec-actions">
            {move || may_edit.get().then(|| view! {
                <Button keys="e" tip="Edit all fields" on_click=move |_| editing.set(true)>"Edit"</Button>
            })}
            <Menu label="More actions" icon=IconName::Ellipsis placement=Placement::BottomEnd size=ControlSize::Md>
                {move || {
                    let made = if archived.get() { Vec::new() } else { row.with_untracked(|row| (page_look(record).makes)(row)) };
                    let offered = made.into_iter().filter(|(record, _)| creating.available().contains(record));
                    offered.map(|(record, given)| view! {
                        <MenuItem icon=icon_of(record) on_select=move |()| creating.open_with(record, given.clone())>
                            {format!("New {}", record.label().to_lowercase())}
                        </MenuItem>
                    }).collect_view()
                }}
                {
                    let copy = copy.clone();
                    view! { <MenuItem icon=IconName::Link on_select=move |()| copy()>"Copy link"</MenuItem> }
                }
                {move || (may_delete.get() && !archived.get()).then(|| view! {
                    <MenuItem icon=IconName::Archive keys="#" on_select=move |()| archive()>"Archive"</MenuItem>
                })}
                {move || (may_update.get() && archived.get()).then(|| view! {
                    <MenuItem icon=IconName::ArchiveRestore on_select=move |()| restore()>"Restore"</MenuItem>
                })}
                {move || may_destroy.get().then(|| view! {
                    <MenuSeparator />
                    <MenuItem icon=IconName::Trash2 danger=true on_select=move |()| asking.set(true)>"Delete permanently"</MenuItem>
                })}
            </Menu>
            <ConfirmDialog open=asking title=question busy=busy danger=true confirm="Delete permanently"
                text="Nobody can bring it back. Links to it are removed; what is linked stays." on_confirm=destroy />
            <RecordForm record open=editing edited=row on_saved=|_| () />
        </div>
    }
}

/// Says that the record is archived, with the way back.
#[component]
fn ArchivedBanner(shown: Shown) -> impl IntoView {
    let Shown { row, .. } = shown;
    let (session, mutations) = (use_session(), use_mutations());
    move || {
        let (session, mutations) = (session.clone(), mutations.clone());
        row.with(|row| row.archived_at().is_some()).then(move || {
            let may = row.with(|row| session.may_update(row));
            view! {
                <Banner tone=Tone::Warning>
                    <span class="rec-archived">
                        <Icon name=IconName::Archive />
                        "This record is archived. Lists and boards leave it out."
                        {may.then(|| view! {
                            <Button variant=ButtonVariant::Secondary size=ControlSize::Sm
                                on_click=move |_| mutations.restore(&row.get_untracked())>"Restore"</Button>
                        })}
                    </span>
                </Banner>
            }
        })
    }
}
