//! Imports: a file is uploaded and previewed, started by a plan, and then a job.

use super::client::{BASE, Call};
use super::error::{ApiFail, ApiResult};
use domain::bulk::BulkJob;
use domain::catalog::RecordType;
use domain::import::Plan;
use domain::import::job::{ImportJob, StartImport};
use domain::import::preview::{Preview, PreviewRequest};
use uuid::Uuid;
use web_sys::{File, FormData};

/// Uploads a file and previews it by the plan that it suggests.
pub async fn upload(record: RecordType, file: &File) -> ApiResult<Preview> {
    let unreadable = |_| ApiFail::unreadable("", &"the file could not be read");
    let form = FormData::new().map_err(unreadable)?;
    form.append_with_str("entity", record.spec().table).map_err(unreadable)?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(unreadable)?;
    Call::post("/import/preview").form(form).json().await
}

/// Previews an uploaded file by a plan.
pub async fn preview(file_id: Uuid, plan: Plan) -> ApiResult<Preview> {
    again(PreviewRequest { file_id, plan: Some(plan), mapping_id: None }).await
}

/// Previews an uploaded file by the saved mapping that suits it best, or else by the plan that it suggests.
pub async fn first_preview(file_id: Uuid) -> ApiResult<Preview> {
    again(PreviewRequest { file_id, plan: None, mapping_id: None }).await
}

/// Previews an uploaded file by this saved mapping; without one by the plan that the file suggests.
pub async fn preview_by(file_id: Uuid, mapping: Option<Uuid>) -> ApiResult<Preview> {
    again(PreviewRequest { file_id, plan: None, mapping_id: Some(mapping) }).await
}

async fn again(request: PreviewRequest) -> ApiResult<Preview> {
    Call::post("/import/preview").body(&request).json().await
}

/// Starts the import of an uploaded file.
pub async fn start(file_id: Uuid, plan: Plan) -> ApiResult<ImportJob> {
    Call::post("/import").body(&StartImport { file_id, plan }).json().await
}

/// One import.
pub async fn get(id: Uuid) -> ApiResult<ImportJob> {
    Call::get(format!("/import/{id}")).json().await
}

/// Stops an import; what was imported stays.
pub async fn cancel(id: Uuid) -> ApiResult<ImportJob> {
    Call::post(format!("/import/{id}/cancel")).json().await
}

/// Undoes an import, as bulk work.
pub async fn undo(id: Uuid) -> ApiResult<BulkJob> {
    Call::post(format!("/import/{id}/undo")).json().await
}

/// The address of the error file: the refused rows, and with `warnings` also those stored with a remark.
pub fn errors_href(id: Uuid, warnings: bool) -> String {
    format!("{BASE}/import/{id}/errors{}", if warnings { "?warnings=true" } else { "" })
}
