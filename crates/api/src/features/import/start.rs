//! Starting an import: the plan is checked, its stages are made and its colleagues invited, and a job takes over.

use super::context::Context;
use super::preview::{of_same_kind, today, uploaded};
use super::run::ImportFile;
use super::stages;
use super::store::{self, Job};
use super::table::Table;
use crate::auth::Guard;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::invitations::{invite, is_invited, is_member};
use crate::jobs::{Options, enqueue};
use crate::state::AppState;
use domain::auth::{Invitation, InvitationInput, check_email};
use domain::error::{ErrorCode, FieldError};
use domain::import::Reader;
use domain::import::job::{ImportJob, ImportSummary, StartImport};
use domain::import::plan::{ImportMode, Match, Plan};
use domain::permission::{Permission, Role, perm};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// Starts the import of an uploaded file.
///
/// # Errors
/// 404, 409 when it was started before, 422 for a plan that does not fit, 403 for invitations by somebody who may not
/// invite.
pub async fn start(guard: &Guard<perm::ImportRun>, input: StartImport) -> ApiResult<ImportJob> {
    let state = guard.state();
    let tx = guard.begin().await?;
    let job = uploaded(store::get(&tx, input.file_id).await?)?;
    tx.commit().await?;
    let mut plan = of_same_kind(&job, input.plan)?;
    // The file is read through without a transaction, and the job taken after it: two starts cannot both win.
    let (headers, rows) = shape(state, &job).await?;
    let tx = guard.begin().await?;
    let job = uploaded(store::lock(&tx, input.file_id).await?)?;
    let context = Context::of(&tx, &plan, today(state, tx.settings())).await?;
    let reader = Reader::new(&plan, &headers, context.lookups()).map_err(in_plan)?;
    // Existing records have their name; new ones need it.
    if plan.options.mode == ImportMode::CreateNew && !reader.unfed().is_empty() {
        return Err(in_plan(reader.unfed()));
    }
    let mut summary = ImportSummary { not_imported: reader.not_imported(), ..ImportSummary::default() };
    drop(reader);
    summary.stages_created = stages::create(&tx, &mut plan, &context).await?;
    let invitations = invite_owners(state, &tx, &mut plan, &mut summary).await?;
    store::queue(&tx, &job, &plan, rows, &summary).await?;
    let options = Options { key: Some(job.shown.id.to_string()), ..Options::default() };
    enqueue(&tx, &ImportFile { import_id: job.shown.id }, options).await?;
    let started = store::get(&tx, job.shown.id).await?.shown;
    tx.commit().await?;
    Ok(ImportJob { invitations, ..started })
}

async fn shape(state: &AppState, job: &Job) -> ApiResult<(Vec<String>, u64)> {
    let mut table = Table::open(&state.files, &job.file_key, job.delimiter, 0, 1_000).await?;
    let mut rows = 0;
    while let Some(batch) = table.next().await.transpose()? {
        rows += u64::try_from(batch.records.len()).unwrap_or(0);
    }
    Ok((table.headers, rows))
}

fn in_plan(errors: Vec<FieldError>) -> ApiError {
    ApiError::invalid(errors.into_iter().map(|e| FieldError { path: format!("/plan{}", e.path), ..e }).collect())
}

/// Invites those whom the plan names by address. They own their records from the start; what else they may see they
/// see once they have accepted.
async fn invite_owners(
    state: &AppState,
    tx: &TenantTx,
    plan: &mut Plan,
    summary: &mut ImportSummary,
) -> ApiResult<Vec<Invitation>> {
    let mut invitations = Vec::new();
    let mut known: HashMap<String, Uuid> = HashMap::new();
    for (at, decision) in plan.options.matches.iter_mut().enumerate() {
        let Match::Invite { email } = &decision.to else { continue };
        let path = format!("plan/options/matches/{at}/email");
        if tx.access(Permission::MemberManage) == domain::permission::Access::No {
            let sentence = "Only owners and admins can invite colleagues. Leave the owner empty instead.";
            return Err(ApiError::new(ErrorCode::Forbidden, sentence).with_field(FieldError::new(
                &path,
                "forbidden",
                sentence,
            )));
        }
        let norm = check_email(&path, email).map_err(|error| ApiError::invalid(vec![error]))?;
        let id = match known.get(&norm) {
            Some(id) => *id,
            None => {
                let input = InvitationInput { email: email.clone(), role: Role::Member };
                if !is_invited(tx, &norm).await? && !is_member(tx, &norm).await? {
                    let invitation = invite(state, tx, &input).await?;
                    summary.invited.push(invitation.email.clone());
                    invitations.push(invitation);
                }
                member_to_be(tx, email.trim(), &norm, &decision.text).await?
            }
        };
        known.insert(norm, id);
        decision.to = Match::Existing { id };
    }
    Ok(invitations)
}

/// The id that the person has, or will have after accepting.
async fn member_to_be(tx: &TenantTx, email: &str, norm: &str, name: &str) -> ApiResult<Uuid> {
    let name: String = name.trim().chars().take(200).collect();
    let values = [Uuid::now_v7().into(), email.into(), norm.into(), name.into(), Role::Member.as_str().into()];
    let row = tx.conn().query_one_raw(statement("SELECT invite_member($1, $2, $3, $4, $5)", values)).await?;
    let row = row.ok_or_else(|| ApiError::internal(anyhow::anyhow!("invite_member returned nothing")))?;
    Ok(row.try_get_by_index(0)?)
}
