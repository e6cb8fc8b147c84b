//! What rows refer to: the pipeline's stages and the organization's members.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::pipelines::repo;
use crate::records::phone;
use chrono::NaiveDate;
use domain::auth::Member;
use domain::catalog::{RecordType, Schema};
use domain::error::ErrorCode;
use domain::import::{Lookups, Plan};
use domain::pipelines::Stage;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Loaded once per preview or import.
#[derive(Debug, Clone)]
pub struct Context {
    /// The fields of the records.
    pub schema: Schema,
    /// The pipeline of imported deals; none for other records.
    pub pipeline_id: Option<Uuid>,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
    /// All members, invited and former ones included.
    pub members: Vec<Member>,
    /// The day of the import.
    pub today: NaiveDate,
}

impl Context {
    /// Loads what rows of this plan can refer to.
    ///
    /// # Errors
    /// 422 for a pipeline that does not exist.
    pub async fn load(tx: &TenantTx, record: RecordType, pipeline: Option<Uuid>, today: NaiveDate) -> ApiResult<Self> {
        let (schema, members) = (tx.schema(record), members(tx).await?);
        if record != RecordType::Deal {
            return Ok(Self { schema, pipeline_id: None, stages: Vec::new(), members, today });
        }
        let found = repo::named_or_default(tx, pipeline).await.map_err(|error| match error.code() {
            ErrorCode::NotFound => {
                ApiError::field("plan/options/pipeline_id", "not_found", "There is no such pipeline here.")
            }
            _ => error,
        })?;
        Ok(Self { schema, pipeline_id: Some(found.id), stages: found.stages, members, today })
    }

    /// For the reader of rows.
    pub fn lookups(&self) -> Lookups<'_> {
        Lookups {
            schema: self.schema,
            stages: &self.stages,
            members: &self.members,
            normalize_phone: &normalize,
            today: self.today,
        }
    }

    /// The same for a plan that the job stored.
    ///
    /// # Errors
    /// As [`Context::load`].
    pub async fn of(tx: &TenantTx, plan: &Plan, today: NaiveDate) -> ApiResult<Self> {
        Self::load(tx, plan.entity, plan.options.pipeline_id, today).await
    }
}

fn normalize(text: &str, region: &str) -> Option<String> {
    phone::parse(text, region).map(|phone| phone.display)
}

async fn members(tx: &TenantTx) -> ApiResult<Vec<Member>> {
    let sql = "SELECT m.user_id, coalesce(u.name, m.invited_name, '') AS name, u.email, m.removed_at IS NULL AS active \
               FROM org_members m LEFT JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 ORDER BY m.created_at";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into()])).await?;
    rows.iter()
        .map(|row| {
            Ok(Member {
                id: row.try_get("", "user_id")?,
                name: row.try_get("", "name")?,
                avatar_url: None,
                email: row.try_get("", "email")?,
                role: None,
                joined_at: None,
                active: row.try_get("", "active")?,
            })
        })
        .collect()
}
