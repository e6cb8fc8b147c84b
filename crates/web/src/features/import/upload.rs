//! Choosing a file.

use super::mappings::SavedMappings;
use super::{begin_href, first_preview, plural};
use crate::api;
use crate::data::{use_cache, use_session};
use crate::features::records::href::list_page;
use crate::shell::{NoAccess, NotFound, PageHeader};
use crate::ui::num::trunc_i64;
use crate::ui::{Button, ButtonVariant, Icon, IconName, IconSize, Spinner, format};
use domain::catalog::{Kind, RecordType};
use domain::import::{MAX_BYTES, MAX_MEGABYTES, MAX_ROWS};
use domain::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use leptos_router::hooks::{use_navigate, use_params_map};
use web_sys::{File, FileList};

/// The first page of an import, for the type in the address.
#[component]
pub fn UploadPage() -> impl IntoView {
    let params = use_params_map();
    let session = use_session();
    let record = Memo::new(move |_| params.read().get("entity").and_then(|plural| RecordType::of_table(&plural)));
    move || match record.get() {
        None => view! { <NotFound /> }.into_any(),
        Some(_) if !session.can(Permission::ImportRun) => {
            view! { <NoAccess text="Owners, admins and managers import files." /> }.into_any()
        }
        Some(record) => view! { <Upload record /> }.into_any(),
    }
}

/// Whether rows about such records can name a company.
fn names_companies(record: RecordType) -> bool {
    record.standard().fields().any(|f| f.is_importable() && matches!(f.kind, Kind::Record(RecordType::Company)))
}

/// What the file must be, before it is sent anywhere.
fn check(file: &File) -> Result<(), String> {
    let size = trunc_i64(file.size());
    if size <= 0 {
        return Err("The file is empty.".to_owned());
    }
    if size > i64::try_from(MAX_BYTES).unwrap_or(i64::MAX) {
        let size = format::bytes(size);
        return Err(format!("The file has {size}; at most {MAX_MEGABYTES} MB can be imported. Please split it."));
    }
    Ok(())
}

#[component]
fn Upload(record: RecordType) -> impl IntoView {
    let (cache, navigate) = (use_cache(), use_navigate());
    let over = RwSignal::new(false);
    let sending = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();

    let send = Callback::new(move |files: Option<FileList>| {
        let count = files.as_ref().map_or(0, FileList::length);
        let Some(file) = files.and_then(|files| files.item(0)) else { return };
        if sending.get_untracked().is_some() {
            return;
        }
        let checked = if count > 1 { Err("Please choose one file.".to_owned()) } else { check(&file) };
        if let Err(why) = checked {
            error.set(Some(why));
            return;
        }
        error.set(None);
        sending.set(Some(format!("{} ({})", file.name(), format::bytes(trunc_i64(file.size())))));
        let (cache, navigate) = (cache.clone(), navigate.clone());
        spawn_local(async move {
            let answer = api::import::upload(record, &file).await;
            // Whoever has left the page meanwhile is not taken back to it.
            if sending.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(preview) => {
                    let file = preview.file_id;
                    cache.set(&first_preview(file), preview);
                    navigate(&format!("{}/{file}", begin_href(record)), Default::default());
                }
                Err(fail) => {
                    let said = fail.fields().first().map_or(fail.message(), |field| field.message.as_str());
                    error.set(Some(said.to_owned()));
                }
            }
        });
    });
    let choose = move || {
        if let Some(input) = input.get_untracked() {
            // The same file again, after a correction, is a change too.
            input.set_value("");
            input.click();
        }
    };
    view! {
        <div class="page import">
            <PageHeader title=format!("Import {}", plural(record)) parents=vec![list_page(record)] />
            <div
                class="import-drop"
                data-over=move || over.get().then_some("true")
                on:dragover=move |ev: ev::DragEvent| { ev.prevent_default(); over.set(true) }
                on:dragleave=move |_| over.set(false)
                on:drop=move |ev: ev::DragEvent| {
                    ev.prevent_default();
                    over.set(false);
                    send.run(ev.data_transfer().and_then(|data| data.files()));
                }
            >
                <span class="state-mark"><Icon name=IconName::FileSpreadsheet size=IconSize::Lg /></span>
                {move || match sending.get() {
                    Some(name) => view! {
                        <p class="state-title" role="status"><Spinner />" Reading "{name}"…"</p>
                        <p class="state-text">"Every row is looked at, so that the next steps can show what it holds."</p>
                    }.into_any(),
                    None => view! {
                        <p class="state-title">"Drop a CSV or Excel file here"</p>
                        <p class="state-text">
                            "The first line names the columns. In CSV files commas, semicolons, tabs or bars separate \
                             them; of a workbook (.xlsx) the first sheet is read. \
                             At most "{MAX_MEGABYTES}" MB and "{format::integer(i64::from(MAX_ROWS))}" rows. \
                             Nothing is imported before you have seen a preview."
                        </p>
                        <div class="state-actions">
                            <Button variant=ButtonVariant::Primary icon=IconName::Upload on_click=move |_| choose()>
                                "Choose file"
                            </Button>
                        </div>
                    }.into_any(),
                }}
                <input type="file" class="sr-only-kit" tabindex="-1" aria-label="File to import" node_ref=input
                    accept=".csv,.tsv,.txt,.xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv,text/tab-separated-values,text/plain"
                    on:change=move |_| send.run(input.get_untracked().and_then(|input| input.files())) />
                <div role="alert">
                    {move || error.get().map(|why| view! {
                        <p class="form-error import-drop-error"><Icon name=IconName::CircleAlert /><span>{why}</span></p>
                    })}
                </div>
            </div>
            <p class="import-hint">
                "Exports of HubSpot, Pipedrive, Salesforce, Google Contacts, Outlook and Thunderbird are recognised."
                {names_companies(record).then_some(
                    " Companies that rows name are linked by their name, and made if nobody knows them."
                )}
            </p>
            <SavedMappings record />
        </div>
    }
}
