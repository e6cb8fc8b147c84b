//! Names of database constraints, translated into refusals that a person understands.

use crate::error::ApiError;
use domain::catalog::RecordType;
use domain::error::{ErrorCode, FieldError};
use sea_orm::{DbErr, RuntimeErr};

/// Unique constraints: name, field, sentence. Those of records tell it by their names, see [`unique`].
const UNIQUE: &[(&str, &str, &str)] = &[
    ("contacts_email_live_key", "email", "Another contact already has this email address."),
    ("contacts_primary_key", "is_primary", "The company already has a primary contact."),
    ("deals_deal_number_key", "deal_number", "Another deal already has this number."),
    ("field_definitions_key_key", "key", "Another field, perhaps a deleted one, already has this key."),
    ("field_definitions_name_key", "name", "Another field already has this name."),
    ("import_mappings_name_key", "name", "You already have a mapping of this name."),
    ("import_mappings_shared_name_key", "name", "There already is a shared mapping of this name."),
    ("pipelines_name_key", "name", "Another pipeline already has this name."),
    ("pipeline_stages_name_key", "name", "Another stage of this pipeline already has this name."),
    ("pipeline_stages_closed_won_key", "is_closed_won", "Another stage of this pipeline already wins deals."),
    ("pipeline_stages_closed_lost_key", "is_closed_lost", "Another stage of this pipeline already loses deals."),
    ("saved_views_name_key", "name", "You already have a view of this name."),
    ("saved_views_shared_name_key", "name", "There already is a shared view of this name."),
    ("tags_name_key", "name", "There already is a tag with this name."),
    ("users_email_key", "email", "This email address is already registered. Please sign in instead."),
    ("invitations_pending_email_key", "email", "This person already has a pending invitation."),
];

/// Constraints on the state of things that a correct request can run into.
const STATE: &[(&str, &str)] = &[
    ("org_members_last_owner_check", "An organization needs at least one owner. Make somebody else owner first."),
    ("bulk_jobs_undoes_key", "This work is being taken back already."),
    ("bulk_jobs_undoes_import_key", "This import is being undone already."),
];

/// Lock or statement timeout, deadlock, serialization failure: the same may go through later.
const FOR_LATER: [&str; 4] = ["55P03", "57014", "40P01", "40001"];

/// Turns a database error into the refusal it stands for, or into an internal error.
#[track_caller]
pub fn translate(error: DbErr) -> ApiError {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_broken(&error) {
        return ApiError::unavailable(error);
    }
    let Some((sqlstate, constraint)) = parts(&error) else { return ApiError::internal(error) };
    match sqlstate.as_str() {
        "23505" | "23P01" | "23514" => {
            match (unique(&constraint), STATE.iter().find(|(name, _)| *name == constraint)) {
                (Some((field, sentence)), _) => ApiError::new(ErrorCode::Duplicate, sentence.clone())
                    .with_field(FieldError::new(field, "duplicate", sentence)),
                (None, Some((_, sentence))) => ApiError::new(ErrorCode::Conflict, *sentence),
                (None, None) => ApiError::internal(error),
            }
        }
        // A reference was checked before, so somebody deleted its target in between.
        "23503" => ApiError::new(
            ErrorCode::Conflict,
            "A record that this one refers to has just been deleted, or is still in use.",
        ),
        // A text or a number that the checks let through and no column can hold.
        "22021" | "22P05" => {
            ApiError::new(ErrorCode::Invalid, "A text contains a character that cannot be stored, such as NUL.")
        }
        "22003" => ApiError::new(ErrorCode::Invalid, "A number is too large to be stored."),
        state if FOR_LATER.contains(&state) => ApiError::unavailable(error),
        // The server stops or restarts.
        "57P01" | "57P02" | "57P03" | "53300" => ApiError::unavailable(error),
        _ => ApiError::internal(error),
    }
}

/// Field and sentence of a unique constraint: as listed, or by a name like `companies_slug_key` and, for what is unique
/// among live records only, `products_code_live_key`.
fn unique(constraint: &str) -> Option<(&'static str, String)> {
    if let Some((_, field, sentence)) = UNIQUE.iter().find(|(name, ..)| *name == constraint) {
        return Some((field, (*sentence).to_owned()));
    }
    RecordType::ALL.iter().find_map(|record| {
        let column = constraint.strip_prefix(record.spec().table)?.strip_prefix('_')?.strip_suffix("_key")?;
        let column = column.strip_suffix("_live").unwrap_or(column);
        let field = record.spec().standard.iter().find(|field| field.column() == column)?;
        let (one, what) = (record.label().to_lowercase(), field.label.to_lowercase());
        Some((field.name, format!("Another {one} already has this {what}.")))
    })
}

/// Whether the database can be reached but gave up on a statement, which may go through later or with less to do.
pub fn is_for_later(error: &DbErr) -> bool {
    parts(error).is_some_and(|(state, _)| FOR_LATER.contains(&state.as_str()))
}

/// Whether the connection broke while it was used: the database server has gone, or was restarted meanwhile.
fn is_broken(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error else {
        return false;
    };
    matches!(**inner, sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed)
}

/// Whether the connection has ended, be it that the database server said so before it went.
pub(super) fn is_gone(error: &DbErr) -> bool {
    is_broken(error) || parts(error).is_some_and(|(state, _)| matches!(state.as_str(), "57P01" | "57P02"))
}

/// SQLSTATE and constraint name of a database error.
fn parts(error: &DbErr) -> Option<(String, String)> {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error else {
        return None;
    };
    let db = inner.as_database_error()?;
    Some((db.code()?.into_owned(), db.constraint().unwrap_or_default().to_owned()))
}

/// The unique constraint that an error is about, for callers that resolve the clash themselves.
pub fn unique_violation(error: &DbErr) -> Option<String> {
    parts(error).filter(|(state, _)| state == "23505").map(|(_, constraint)| constraint)
}
