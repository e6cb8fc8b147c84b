//! The tag catalogue: names, colours, use.

use super::hue_picker::HuePicker;
use super::{PARENT, loading_rows};
use crate::api;
use crate::data::colors::{tag_color, tag_hue};
use crate::data::{Load, queries, use_mutations, use_notices, use_query, use_session};
use crate::features::failed::failed;
use crate::features::forms::{passes, send};
use crate::shell::PageHeader;
use crate::ui::{
    Button, ButtonVariant, Card, Choice, ConfirmDialog, Dialog, DialogSize, EmptyState, Field, FormError, FormState,
    IconButton, IconName, Input, Select, Tag as TagPill, format,
};
use domain::auth::check_name;
use domain::permission::Permission;
use domain::tags::{TAG_MAX, Tag, TagCategory, TagInput};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The tags page.
#[component]
pub fn TagsPage() -> impl IntoView {
    let session = use_session();
    let (manages, deletes) = (session.can(Permission::TagManage), session.can(Permission::TagDelete));
    let tags = use_query(|| Some(queries::tags(None)));
    let editing = RwSignal::new(None::<Editing>);
    let deleting = RwSignal::new(None::<Tag>);
    let actions = move || {
        manages.then(|| {
            view! {
                <Button variant=ButtonVariant::Primary icon=IconName::Plus
                    on_click=move |_| editing.set(Some(Editing::New))>"New tag"</Button>
            }
        })
    };
    view! {
        <PageHeader title="Tags" parents=vec![PARENT] actions=actions
            text="Names given to records. A new tag also joins this list when it is first typed on a record." />
        {move || match tags.state() {
            Load::Loading => view! { <Card flush=true>{loading_rows(4)}</Card> }.into_any(),
            Load::Failed(fail) => view! { <Card>{failed("The tags could not be loaded", &fail, move || tags.refetch())}</Card> }.into_any(),
            Load::Ready(page) if page.data.is_empty() => view! {
                <Card>
                    <EmptyState icon=IconName::Tag title="No tags yet"
                        text="Tags group records across all other fields: “Key account”, “Conference 2027”." />
                </Card>
            }.into_any(),
            Load::Ready(page) => TagCategory::ALL.iter().map(|category| {
                let of_category: Vec<Tag> = page.data.iter().filter(|tag| tag.category == *category).cloned().collect();
                (!of_category.is_empty()).then(|| view! {
                    <Card title=category.label() flush=true>
                        <TagTable tags=of_category manages deletes editing deleting />
                    </Card>
                })
            }).collect_view().into_any(),
        }}
        <TagDialog editing />
        <DeleteTag deleting />
    }
}

/// What the dialog is open for.
#[derive(Clone, PartialEq)]
enum Editing {
    New,
    Rename(Tag),
}

#[component]
fn TagTable(
    tags: Vec<Tag>,
    manages: bool,
    deletes: bool,
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<Tag>>,
) -> impl IntoView {
    let rows = tags.into_iter().map(|tag| {
        let hue = tag_hue(&tag.name, tag.color.as_deref());
        let (rename, delete) = (tag.clone(), tag.clone());
        view! {
            <tr>
                <td>
                    <span class="flex items-center gap-1">
                        {manages.then(|| view! { <TagColor tag=tag.clone() /> })}
                        <TagPill label=tag.name.clone() hue=hue />
                    </span>
                </td>
                <td class="cell-number cell-muted">{format::count(tag.usage_count, "record", "records")}</td>
                <td class="cell-actions">
                    {manages.then(|| view! {
                        <IconButton icon=IconName::Pencil label=format!("Rename {}", tag.name)
                            on_click=move |_| editing.set(Some(Editing::Rename(rename.clone()))) />
                    })}
                    {deletes.then(|| view! {
                        <IconButton icon=IconName::Trash2 label=format!("Delete {}", tag.name)
                            on_click=move |_| deleting.set(Some(delete.clone())) />
                    })}
                </td>
            </tr>
        }
    });
    view! {
        <div class="plain-table-wrap">
            <table class="plain-table">
                <thead class="sr-only-kit">
                    <tr><th scope="col">"Tag"</th><th scope="col">"Used on"</th><th scope="col">"Actions"</th></tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Recolours at once.
#[component]
fn TagColor(tag: Tag) -> impl IntoView {
    let (mutations, notices) = (use_mutations(), use_notices());
    let hue = RwSignal::new(tag_hue(&tag.name, tag.color.as_deref()));
    let label = format!("Colour of {}", tag.name);
    let (id, name) = (tag.id, tag.name);
    let choose = move |picked| {
        let before = hue.get_untracked();
        hue.set(picked);
        let (mutations, notices, name) = (mutations.clone(), notices.clone(), name.clone());
        spawn_local(async move {
            let input = TagInput { color: Some(tag_color(picked)), ..TagInput::default() };
            match api::tags::update(id, &input).await {
                Ok(_) => mutations.touched("tag", Some(id)),
                Err(fail) => {
                    hue.try_set(before);
                    notices.failed(format!("The colour of {name} was not changed"), &fail);
                }
            }
        });
    };
    view! { <HuePicker label=label hue=hue on_choose=choose /> }
}

/// Makes or renames a tag.
#[component]
fn TagDialog(editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let (mutations, notices) = (use_mutations(), use_notices());
    let open = RwSignal::new(false);
    let form = FormState::new();
    let name = form.value("name", String::new());
    let category = form.value("category", TagCategory::General.as_str().to_owned());
    Effect::new(move |_| {
        let Some(what) = editing.get() else { return };
        name.set(match &what {
            Editing::New => String::new(),
            Editing::Rename(tag) => tag.name.clone(),
        });
        form.set_errors([], None);
        open.set(true);
    });
    let submit = Callback::new(move |()| {
        let Some(what) = editing.get_untracked() else { return };
        let text = domain::tags::clean(&name.get_untracked());
        if form.saving().get_untracked() || !passes(form, [check_name("name", "The name", &text, TAG_MAX).map(drop)]) {
            return;
        }
        let (mutations, notices) = (mutations.clone(), notices.clone());
        let category = TagCategory::parse(&category.get_untracked());
        let renamed = matches!(what, Editing::Rename(_));
        let request = async move {
            match what {
                Editing::New => api::tags::create(&TagInput { name: Some(text), category, color: None }).await,
                Editing::Rename(tag) => {
                    api::tags::update(tag.id, &TagInput { name: Some(text), ..TagInput::default() }).await
                }
            }
        };
        send(form, request, move |tag| {
            mutations.touched("tag", Some(tag.id));
            notices.done(if renamed {
                format!("Tag renamed to {}", tag.name)
            } else {
                format!("Tag {} added", tag.name)
            });
            open.try_set(false);
        });
    });
    let is_new = Memo::new(move |_| matches!(editing.get(), Some(Editing::New)));
    let title = Signal::derive(move || if is_new.get() { "New tag" } else { "Rename tag" }.to_owned());
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary loading=form.saving() on_click=move |_| submit.run(())>
                {move || if is_new.get() { "Add tag" } else { "Rename tag" }}
            </Button>
        }
    };
    let categories: Vec<Choice> = TagCategory::CHOICES
        .iter()
        .filter(|choice| choice.value != TagCategory::Lead.as_str())
        .map(|choice| Choice::new(choice.value, choice.label))
        .collect();
    let categories = StoredValue::new(categories);
    view! {
        <Dialog open=open title=title size=DialogSize::Sm footer=footer on_closed=move |()| editing.set(None)>
            <form class="flex flex-col gap-4" on:submit=move |ev: SubmitEvent| {
                ev.prevent_default();
                submit.run(());
            } novalidate>
                <Field label="Name" form=form path="name" required=true>
                    <Input value=name autofocus=true max_length=50_u32 />
                </Field>
                {move || is_new.get().then(|| view! {
                    <Field label="For" form=form path="category" hint="Cannot be changed later.">
                        <Select value=category choices=categories.get_value() />
                    </Field>
                })}
                <FormError form=form />
                <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
            </form>
        </Dialog>
    }
}

#[component]
fn DeleteTag(deleting: RwSignal<Option<Tag>>) -> impl IntoView {
    let (mutations, notices) = (use_mutations(), use_notices());
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| {
        if deleting.with(Option::is_some) {
            open.set(true);
        }
    });
    // Set back when the dialog closes, so that the same tag can be chosen again.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !*open {
                deleting.set(None)
            }
        },
        false,
    );
    let shown = Memo::new(move |before: Option<&Option<Tag>>| deleting.get().or_else(|| before.cloned().flatten()));
    let name = move || shown.get().map(|tag| tag.name).unwrap_or_default();
    let text = move || {
        let count = shown.get().map(|tag| tag.usage_count).unwrap_or_default();
        match count {
            0 => "No record carries it.".to_owned(),
            n => format!("It is taken off {}. This cannot be undone.", format::count(n, "record", "records")),
        }
    };
    let delete = move |()| {
        let Some(tag) = deleting.get_untracked() else { return };
        let (mutations, notices) = (mutations.clone(), notices.clone());
        busy.set(true);
        spawn_local(async move {
            match api::tags::delete(tag.id).await {
                Ok(()) => {
                    notices.done(format!("Tag {} deleted", tag.name));
                    mutations.touched("tag", Some(tag.id));
                }
                Err(fail) => notices.failed(format!("Tag {} was not deleted", tag.name), &fail),
            }
            busy.try_set(false);
            open.try_set(false);
        });
    };
    view! {
        <ConfirmDialog open=open danger=true busy=busy title=Signal::derive(move || format!("Delete tag {}?", name()))
            text=Signal::derive(text) confirm="Delete tag" on_confirm=delete />
    }
}
