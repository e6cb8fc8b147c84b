//! Parts of the app that are fetched on their own: what most days do without. The rest is loaded at the start.
//!
//! Each function marked `lazy` is one part, cut out of the linked app together with all code that nothing else needs.
//! Pages that belong together stand in one function, because every further part multiplies the pieces in which shared
//! code has to be kept.

use crate::features::gallery::Gallery;
use crate::features::import::{JobPage, UploadPage, WizardPage};
use crate::features::settings::{
    DuplicatesPage, FieldsPage, MembersPage, OrganizationPage, PipelinesPage, ProfilePage, TagsPage,
};
use crate::features::work::{BulkPage, HistoryPage};
use leptos::prelude::*;
use leptos_router::ChooseView;
use std::future::Future;

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
}

/// The settings.
#[lazy]
pub(crate) fn settings(page: Settings) -> AnyView {
    match page {
        Settings::Profile => ProfilePage().into_any(),
        Settings::Organization => OrganizationPage().into_any(),
        Settings::Members => MembersPage().into_any(),
        Settings::Pipelines => PipelinesPage().into_any(),
        Settings::Fields => FieldsPage().into_any(),
        Settings::Tags => TagsPage().into_any(),
        Settings::Duplicates => DuplicatesPage().into_any(),
    }
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

/// Imports and other work on many records.
#[lazy]
pub(crate) fn import(page: Import) -> AnyView {
    match page {
        Import::Upload => UploadPage().into_any(),
        Import::Wizard => WizardPage().into_any(),
        Import::Job => JobPage().into_any(),
        Import::Bulk => BulkPage().into_any(),
        Import::History => HistoryPage().into_any(),
    }
}

/// The component gallery.
#[lazy]
pub(crate) fn gallery() -> AnyView {
    Gallery().into_any()
}

/// A route's view out of such a part. The page before stays until the part is there.
#[derive(Clone)]
pub(crate) struct Part<F>(pub(crate) F);

impl<F, Fetched> ChooseView for Part<F>
where
    F: Fn() -> Fetched + Clone + Send + 'static,
    Fetched: Future<Output = AnyView>,
{
    async fn choose(self) -> AnyView {
        (self.0)().await
    }

    async fn preload(&self) {}
}

/// Fetches what a signed-in person may open next, so that a page does not have to wait for it then.
pub(crate) async fn fetch_ahead() {
    __preload_settings().await;
    __preload_import().await;
}
