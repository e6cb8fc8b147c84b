//! Taking a file in: it is stored as UTF-8 without byte order mark, whatever it was before.

use super::text::{self, Encoding, FileKind, refused};
use super::workbook;
use crate::error::{ApiError, ApiResult};
use crate::files;
use crate::http::body::Body;
use crate::state::AppState;
use actix_multipart::MultipartError;
use actix_multipart::form::tempfile::TempFile;
use actix_multipart::form::text::Text;
use actix_multipart::form::{MultipartForm, MultipartFormConfig};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use domain::catalog::RecordType;
use domain::error::ErrorCode;
use domain::import::preview::PreviewRequest;
use domain::import::{MAX_BYTES, MAX_MEGABYTES};
use object_store::buffered::BufWriter;
use object_store::path::Path;
use std::io::Read;
use std::pin::Pin;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// How long a file may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The form of an upload.
#[derive(Debug, MultipartForm)]
pub struct Upload {
    file: Option<TempFile>,
    entity: Option<Text<String>>,
}

/// A file to preview: a new one, or one that was uploaded before.
#[derive(Debug)]
pub enum PreviewInput {
    /// `multipart/form-data` with `file` and `entity`.
    Upload(Box<Upload>),
    /// JSON with the file's id and a plan.
    Again(Box<PreviewRequest>),
}

impl FromRequest for PreviewInput {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = ApiResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if request.content_type() == "multipart/form-data" {
            // What says that it is too large need not be read first.
            let length =
                request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
            if length.is_some_and(|length| length > MAX_BYTES) {
                return Box::pin(std::future::ready(Err(too_large())));
            }
            let form = MultipartForm::<Upload>::from_request(request, payload);
            return Box::pin(async move {
                let Ok(form) = tokio::time::timeout(PATIENCE, form).await else {
                    let sentence = format!("The file did not arrive within {} minutes.", PATIENCE.as_secs() / 60);
                    return Err(ApiError::new(ErrorCode::TimedOut, sentence));
                };
                let form = form.map_err(|error| {
                    let refusal =
                        error.as_error::<ApiError>().map(|e| ApiError::new(e.code().clone(), e.detail().to_owned()));
                    refusal.unwrap_or_else(|| ApiError::new(ErrorCode::BadRequest, "The upload could not be read."))
                })?;
                Ok(Self::Upload(Box::new(form.into_inner())))
            });
        }
        let body = Body::<PreviewRequest>::from_request(request, payload);
        Box::pin(async move { Ok(Self::Again(Box::new(body.await?.0))) })
    }
}

/// Limits of uploads.
pub fn form_config() -> MultipartFormConfig {
    let bytes = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    MultipartFormConfig::default().total_limit(bytes).memory_limit(64 * 1024).error_handler(|error, _request| {
        let error = match error {
            MultipartError::Payload(actix_web::error::PayloadError::Overflow) => too_large(),
            other => {
                tracing::debug!(error = %other, "upload refused");
                ApiError::new(ErrorCode::BadRequest, "The upload could not be read.")
            }
        };
        error.into()
    })
}

fn too_large() -> ApiError {
    ApiError::new(ErrorCode::TooLarge, format!("The file can have at most {MAX_MEGABYTES} MB."))
}

/// A file that was stored.
#[derive(Debug)]
pub struct Stored {
    /// Id of the job to come.
    pub id: Uuid,
    /// What its rows are.
    pub entity: RecordType,
    /// Name of the file on the person's disk.
    pub name: String,
    /// Where it is stored.
    pub key: String,
    /// Bytes as uploaded.
    pub size: i64,
    /// What separates its columns.
    pub delimiter: u8,
}

impl Upload {
    /// Checks the file and stores it.
    ///
    /// # Errors
    /// 422 for a file that cannot be imported, or without `entity`.
    pub async fn store(self, state: &AppState, org_id: Uuid) -> ApiResult<Stored> {
        let named = self.entity.as_ref().and_then(|text| RecordType::of_table(text.trim()));
        let entity = named.ok_or_else(|| {
            let known = RecordType::listed(|record| record.spec().table);
            ApiError::field("entity", "choice", format!("entity must be one of {known}."))
        })?;
        let file = self.file.ok_or_else(|| refused("Please choose a file."))?;
        let name = file_name(file.file_name.as_deref());
        let size = i64::try_from(file.size).map_err(ApiError::internal)?;
        let handle = file.file.reopen().map_err(ApiError::internal)?;
        let kind = tokio::task::spawn_blocking(move || text::inspect(handle)).await.map_err(ApiError::internal)??;
        let id = Uuid::now_v7();
        let key = format!("{}/imports/{id}.csv", files::folder(org_id));
        let mut target = BufWriter::new(state.files.clone(), Path::from(key.as_str()));
        let copied = match kind {
            FileKind::Workbook => {
                let copied = workbook::copy_as_csv(&state.config.program, file.file.path(), &mut target).await;
                copied.map(|()| b',')
            }
            FileKind::Text(encoding) => copy_text(&file, encoding, &mut target).await,
        };
        let delimiter = match copied {
            Ok(delimiter) => {
                target.shutdown().await.map_err(ApiError::unavailable)?;
                delimiter
            }
            Err(error) => {
                target.abort().await.map_err(ApiError::unavailable)?;
                return Err(error);
            }
        };
        Ok(Stored { id, entity, name, key, size, delimiter })
    }
}

/// Copies a text, and says what separates its columns.
async fn copy_text(file: &TempFile, encoding: Encoding, target: &mut BufWriter) -> ApiResult<u8> {
    let mut head = Vec::new();
    let handle = file.file.reopen().map_err(ApiError::internal)?;
    handle.take(64 * 1024).read_to_end(&mut head).map_err(ApiError::internal)?;
    let delimiter = text::delimiter(&encoding.decode_head(&head));
    let source = tokio::fs::File::from_std(file.file.reopen().map_err(ApiError::internal)?);
    text::copy_as_utf8(source, encoding, target).await.map_err(ApiError::unavailable)?;
    Ok(delimiter)
}

/// The last part of a path, without control characters, at most 255 characters.
fn file_name(given: Option<&str>) -> String {
    let last = given.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(255).collect();
    if clean.trim().is_empty() { "import.csv".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names() {
        assert_eq!(file_name(Some("C:\\data\\people.csv")), "people.csv");
        assert_eq!(file_name(Some("../../etc/passwd")), "passwd");
        assert_eq!(file_name(Some("\u{7}")), "import.csv");
        assert_eq!(file_name(None), "import.csv");
    }
}
