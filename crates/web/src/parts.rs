//! Parts of the app that are fetched on their own. The rest is loaded at the start.
//!
//! Each function marked `wasm_split` is a way into the part that it names, cut out of the linked app together with all code
//! that nothing else needs. What belongs together goes into one part, because every further one multiplies the pieces in
//! which shared code has to be kept. Dialogs and editors come by way of [`crate::dialogs`].

use crate::api::{ApiFail, ApiResult};
use crate::data::use_notices;
use crate::dialogs::{DIALOGS, Dialogs};
use crate::features::board::BoardPage;
use crate::features::failed::failed;
use crate::features::gallery::Gallery;
use crate::features::import::{JobPage, UploadPage, WizardPage};
use crate::features::records::page::{RECORDS, RecordViews};
use crate::features::settings::{
    AuditPage, DuplicatesPage, FieldsPage, MembersPage, OrganizationPage, PipelinesPage, ProfilePage, TagsPage,
};
use crate::features::work::{BulkPage, HistoryPage};
use crate::ui::dom::ignore;
use domain::catalog::RecordType;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::ChooseView;
use std::future::Future;

impl From<SplitLoaderError> for ApiFail {
    fn from(_: SplitLoaderError) -> Self {
        Self::network("")
    }
}

/// Dialogs and editors.
#[wasm_split(dialogs, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(crate) fn dialogs() -> ApiResult<&'static Dialogs> {
    Ok(&DIALOGS)
}

/// Records on pages of their own, and beside lists and the board.
#[wasm_split(record, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(crate) fn records() -> ApiResult<&'static RecordViews> {
    Ok(&RECORDS)
}

/// The page of a record.
pub(crate) async fn record_page(record: RecordType) -> ApiResult<AnyView> {
    records().await.map(|views| (views.page)(record))
}

/// The board.
#[wasm_split(board, wasm_split_path = ::leptos::wasm_split, preload(board_ahead), fallible)]
pub(crate) fn board() -> ApiResult<AnyView> {
    Ok(BoardPage().into_any())
}

/// The pages of the settings.
#[derive(Clone, Copy)]
pub(crate) enum Settings {
    Profile,
    Organization,
    Members,
    Pipelines,
    Fields,
    Tags,
    Duplicates,
    Audit,
}

/// The settings.
#[wasm_split(rare, wasm_split_path = ::leptos::wasm_split, preload(rare_ahead), fallible)]
pub(crate) fn settings(page: Settings) -> ApiResult<AnyView> {
    Ok(match page {
        Settings::Profile => ProfilePage().into_any(),
        Settings::Organization => OrganizationPage().into_any(),
        Settings::Members => MembersPage().into_any(),
        Settings::Pipelines => PipelinesPage().into_any(),
        Settings::Fields => FieldsPage().into_any(),
        Settings::Tags => TagsPage().into_any(),
        Settings::Duplicates => DuplicatesPage().into_any(),
        Settings::Audit => AuditPage().into_any(),
    })
}

/// The pages of imports and other work on many records.
#[derive(Clone, Copy)]
pub(crate) enum Import {
    Upload,
    Wizard,
    Job,
    Bulk,
    History,
}

/// Imports and other work on many records: in one part with the settings.
#[wasm_split(rare, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(crate) fn import(page: Import) -> ApiResult<AnyView> {
    Ok(match page {
        Import::Upload => UploadPage().into_any(),
        Import::Wizard => WizardPage().into_any(),
        Import::Job => JobPage().into_any(),
        Import::Bulk => BulkPage().into_any(),
        Import::History => HistoryPage().into_any(),
    })
}

/// The component gallery.
#[wasm_split(gallery, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(crate) fn gallery() -> ApiResult<AnyView> {
    Ok(Gallery().into_any())
}

/// A route's view out of such a part. The page before stays until the part is there.
#[derive(Clone)]
pub(crate) struct Part<F>(pub(crate) F);

impl<F, Fetched> ChooseView for Part<F>
where
    F: Fn() -> Fetched + Clone + Send + 'static,
    Fetched: Future<Output = ApiResult<AnyView>>,
{
    async fn choose(self) -> AnyView {
        (self.0)().await.unwrap_or_else(|fail| missing(&fail))
    }

    async fn preload(&self) {}
}

/// In place of a page whose part did not come. After an update of the server there is another part in its place, which
/// goes with another app: so the page is loaded anew.
fn missing(fail: &ApiFail) -> AnyView {
    let reload = || ignore(window().location().reload());
    view! { <div class="page-state">{failed("The page could not be loaded", fail, reload)}</div> }.into_any()
}

/// Draws something with what came out of a part.
pub(crate) type Draw<T> = Box<dyn Fn(&'static T) -> AnyView + Send + Sync>;

/// Runs `then` with what comes out of a part. Where it does not come the person is told so, and `give_up` is run.
pub(crate) fn fetched<T: 'static>(
    part: impl Future<Output = ApiResult<T>> + 'static,
    then: impl FnOnce(T) + 'static,
    give_up: Callback<()>,
) {
    let notices = use_notices();
    spawn_local(async move {
        match part.await {
            Ok(there) => then(there),
            Err(fail) => {
                ignore(give_up.try_run(()));
                notices.failed("This could not be opened", &fail);
            }
        }
    });
}

/// Draws something out of a part when it is `wanted` for the first time, and keeps it. `give_up` takes the wish back.
pub(crate) fn drawn<T, Fetched>(
    part: fn() -> Fetched,
    wanted: Signal<bool>,
    give_up: Callback<()>,
    draw: Draw<T>,
) -> AnyView
where
    T: Sync + 'static,
    Fetched: Future<Output = ApiResult<&'static T>> + 'static,
{
    let there = RwSignal::new(None::<&'static T>);
    Effect::new(move |_| {
        if !wanted.get() || there.with_untracked(Option::is_some) {
            return;
        }
        let show = move |come| {
            if there.try_with_untracked(Option::is_none) == Some(true) {
                there.set(Some(come));
            }
        };
        fetched(part(), show, give_up);
    });
    (move || there.get().map(|there| untrack(|| draw(there)))).into_any()
}

/// Fetches what a signed-in person may open next, so that they do not have to wait for it then. What does not come is
/// fetched again, and missed, when it is opened.
pub(crate) async fn fetch_ahead() {
    drop(records().await);
    drop(dialogs().await);
    ignore(board_ahead().await);
    ignore(rare_ahead().await);
}
