//! Links between records: asked of the server, then what they touch is fetched again.

use crate::api::ApiResult;
use crate::data::{Mutations, Notices, use_mutations, use_notices};
use domain::catalog::RecordType;
use leptos::task::spawn_local;

/// Makes and removes links. Cheap to clone.
#[derive(Clone)]
pub struct Linking {
    mutations: Mutations,
    notices: Notices,
}

/// What makes and removes links on this page.
pub fn use_linking() -> Linking {
    Linking { mutations: use_mutations(), notices: use_notices() }
}

impl Linking {
    /// Asks the server; says `failed` with the reason where it refuses. Both sides are fetched again either way, so
    /// that the screen shows what holds.
    pub fn run<T: 'static>(
        &self,
        failed: impl Into<String>,
        sides: &'static [RecordType],
        request: impl Future<Output = ApiResult<T>> + 'static,
    ) {
        let (mutations, notices, failed) = (self.mutations.clone(), self.notices.clone(), failed.into());
        spawn_local(async move {
            if let Err(fail) = request.await {
                notices.failed(failed, &fail);
            }
            for side in sides {
                mutations.touched(side.as_str(), None);
            }
        });
    }
}
