//! The rules of a deal's way through its pipeline: which stage and status a change leads to, and what follows.
//!
//! They need nothing but the pipelines and the time, loaded once, so that single changes and batches share them.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::pipelines::repo;
use chrono::{DateTime, NaiveDate, Utc};
use domain::deals::close::{closing_stage, reopening_stage, status_in};
use domain::deals::{Deal, DealStatus, products};
use domain::draft::Draft;
use domain::error::{ErrorCode, FieldError};
use domain::pipelines::{Pipeline, Stage, norm_stage};
use domain::rank;
use domain::value::Value;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::figures;

/// The pipelines of an organization and the time, as the rules see them.
#[derive(Debug, Clone)]
pub struct Rules {
    /// All pipelines with their stages.
    pub pipelines: Vec<Pipeline>,
    /// Now, by the database's clock.
    pub now: DateTime<Utc>,
    /// Today in the organization's time zone.
    pub today: NaiveDate,
}

/// Where a deal is heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Course<'a> {
    pipeline: Option<&'a Pipeline>,
    stage: Option<&'a Stage>,
    status: DealStatus,
}

impl Rules {
    /// Reads pipelines and time.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn load(tx: &TenantTx) -> ApiResult<Self> {
        let pipelines = repo::all(tx).await?;
        let row = tx.conn().query_one_raw(statement("SELECT clock_timestamp()", [])).await?;
        let row = row.ok_or_else(|| ApiError::internal(anyhow::anyhow!("the database does not tell the time")))?;
        let now: DateTime<Utc> = row.try_get_by_index(0)?;
        let zone: chrono_tz::Tz = tx.settings().timezone.parse().unwrap_or(chrono_tz::UTC);
        Ok(Self { pipelines, now, today: now.with_timezone(&zone).date_naive() })
    }

    /// The pipeline with this id.
    pub fn pipeline(&self, id: Uuid) -> Option<&Pipeline> {
        self.pipelines.iter().find(|p| p.id == id)
    }

    /// Where deals go that name no pipeline.
    pub fn default_pipeline(&self) -> Option<&Pipeline> {
        repo::default_of(&self.pipelines)
    }

    /// The stage with this id, of whichever pipeline.
    pub fn stage(&self, id: Uuid) -> Option<&Stage> {
        self.pipelines.iter().flat_map(|p| &p.stages).find(|s| s.id == id)
    }

    /// Turns a stage given by name into its id. A name counts in the pipeline that the input names, else in the
    /// deal's own, else in the default one.
    ///
    /// # Errors
    /// The pipeline has no stage of this name.
    pub fn name_stage(&self, input: &mut Map<String, Json>, current: Option<&Deal>) -> Result<(), FieldError> {
        let named = input.get("pipeline_id").and_then(Json::as_str).and_then(|t| Uuid::try_parse(t).ok());
        let pipeline = match named.or(current.and_then(|c| c.pipeline_id)) {
            Some(id) => self.pipeline(id),
            None => self.default_pipeline(),
        };
        for member in ["stage_id", "stage"] {
            let Some(text) = named_stage(input.get(member)) else { continue };
            let stages = pipeline.map_or(&[][..], |p| &p.stages);
            let stage = stage_called(stages, text).ok_or_else(|| no_such_stage(member, text, stages))?;
            let id = stage.id.to_string();
            input.insert(member.to_owned(), id.into());
        }
        Ok(())
    }

    /// Completes a checked draft: pipeline, stage and status that agree, dates and probability that follow from them,
    /// and figures that add up. `place` tells cards apart that enter a column in the same millisecond.
    ///
    /// # Errors
    /// Every field that contradicts the rules.
    pub fn settle(&self, draft: &mut Draft, current: Option<&Deal>, place: usize) -> Result<(), Vec<FieldError>> {
        let mut errors = tidy(draft, current);
        match self.course(draft, current) {
            Ok(course) => errors.extend(self.follow(draft, current, course, place)),
            Err(error) => errors.push(error),
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Which pipeline, stage and status the draft leads to.
    fn course(&self, draft: &Draft, current: Option<&Deal>) -> Result<Course<'_>, FieldError> {
        let old_pipeline = current.and_then(|c| c.pipeline_id);
        let old_stage = current.and_then(|c| c.stage_id);
        let old_status = current.map_or(DealStatus::Open, |c| c.status);
        let sent_stage = draft.get("stage_id").and_then(Value::as_id);
        let cleared = |name: &str| draft.get(name).is_some_and(Value::is_null);
        let pipeline = match draft.get("pipeline_id").and_then(Value::as_id) {
            Some(id) => Some(
                self.pipeline(id)
                    .ok_or_else(|| FieldError::new("pipeline_id", "not_found", "There is no such pipeline here."))?,
            ),
            None if cleared("pipeline_id") && old_pipeline.is_some() => {
                return Err(FieldError::new("pipeline_id", "required", "A deal always belongs to a pipeline."));
            }
            None => self.implied_pipeline(current, sent_stage)?,
        };
        let Some(pipeline) = pipeline else {
            // Its pipeline was deleted: it stands nowhere, but can still be won or lost.
            return Ok(Course {
                pipeline: None,
                stage: None,
                status: sent_status(draft, current).unwrap_or(old_status),
            });
        };
        let changed = old_pipeline != Some(pipeline.id);
        if changed && !pipeline.is_active {
            let sentence = format!("The pipeline {} is not active.", pipeline.name);
            return Err(FieldError::new("pipeline_id", "inactive", sentence));
        }
        let stages = &pipeline.stages;
        let on = |stage, status| Ok(Course { pipeline: Some(pipeline), stage: Some(stage), status });
        let mut wanted = sent_status(draft, current);
        if let Some(id) = sent_stage {
            let stage = stages.iter().find(|s| s.id == id).ok_or_else(|| {
                let sentence = format!("This stage does not belong to the pipeline {}.", pipeline.name);
                FieldError::new("stage_id", "other_pipeline", sentence)
            })?;
            return match (status_in(stage), wanted) {
                (DealStatus::Open, None) if old_stage == Some(id) => on(stage, old_status),
                (flag, None) => on(stage, flag),
                (DealStatus::Open, Some(status)) if closing_stage(stages, status).is_none() => on(stage, status),
                (flag, Some(status)) if flag == status => on(stage, status),
                (_, Some(status)) => Err(contradiction(stage, status)),
            };
        }
        if cleared("stage_id") && !changed {
            return Err(FieldError::new("stage_id", "required", "A deal always stands in a stage of its pipeline."));
        }
        let stage = match old_stage.filter(|_| !changed).and_then(|id| stages.iter().find(|s| s.id == id)) {
            Some(stage) => stage,
            None => {
                // An ended deal that changes its pipeline stays ended.
                wanted = wanted.or((old_status != DealStatus::Open).then_some(old_status));
                let sentence = format!("The pipeline {} has no stages.", pipeline.name);
                stages.first().ok_or_else(|| FieldError::new("pipeline_id", "no_stage", sentence))?
            }
        };
        let Some(wanted) = wanted.filter(|status| changed || *status != old_status) else {
            let flag = status_in(stage);
            return on(stage, if changed && flag != DealStatus::Open { flag } else { old_status });
        };
        let flag = status_in(stage);
        let target = match wanted {
            DealStatus::Won | DealStatus::Lost => closing_stage(stages, wanted),
            DealStatus::Open if flag != DealStatus::Open => reopening_stage(stages),
            DealStatus::Open | DealStatus::Abandoned => None,
        };
        match target {
            Some(target) => on(target, wanted),
            None if flag == DealStatus::Open || flag == wanted => on(stage, wanted),
            None => Err(contradiction(stage, wanted)),
        }
    }

    /// The pipeline of a deal that is not told one: its own, that of the stage named, for new deals the default one.
    fn implied_pipeline(&self, current: Option<&Deal>, stage: Option<Uuid>) -> Result<Option<&Pipeline>, FieldError> {
        if let Some(own) = current.and_then(|c| c.pipeline_id) {
            return Ok(self.pipeline(own));
        }
        if let Some(stage) = stage.and_then(|id| self.stage(id)) {
            return Ok(self.pipeline(stage.pipeline_id));
        }
        match (current, self.default_pipeline()) {
            (Some(_), _) => Ok(None),
            (None, Some(default)) => Ok(Some(default)),
            (None, None) => {
                let sentence = "There is no pipeline yet. Make one before the first deal.";
                Err(FieldError::new("pipeline_id", "no_pipeline", sentence))
            }
        }
    }

    /// Writes into the draft what follows from the course.
    fn follow(
        &self,
        draft: &mut Draft,
        current: Option<&Deal>,
        course: Course<'_>,
        place: usize,
    ) -> Option<FieldError> {
        let stage_id = course.stage.map(|s| s.id);
        if current.is_none_or(|c| c.stage_id != stage_id) {
            draft.set("pipeline_id", course.pipeline.map_or(Value::Null, |p| Value::Id(p.id)));
            draft.set("stage_id", stage_id.map_or(Value::Null, Value::Id));
            if draft.derived("stage_order").is_none() {
                draft.derive("stage_order", Value::Text(rank::appended(self.now.timestamp_millis(), place)));
            }
            draft.derive("stage_entered_at", Value::Instant(self.now));
        }
        draft.set("status", Value::Text(course.status.as_str().to_owned()));
        let unset = |value: Option<&Value>| value.is_none_or(Value::is_null);
        if unset(draft.get("probability")) && (current.is_none() || draft.get("probability").is_some()) {
            draft.set("probability", Value::Int(course.stage.map_or(0, |s| i64::from(s.probability))));
        }
        let ends = current.is_none_or(|c| c.status != course.status);
        let date = draft.get("closed_date").cloned();
        match (course.status, date) {
            (DealStatus::Open, Some(Value::Date(_))) => {
                return Some(FieldError::new("closed_date", "not_closed", "Only a closed deal has a closing date."));
            }
            (DealStatus::Open, _) => draft.set("closed_date", Value::Null),
            (_, Some(Value::Date(_))) => {}
            (_, None) if !ends => {}
            (_, _) => draft.set("closed_date", Value::Date(self.today)),
        }
        None
    }
}

/// Whether a draft touches what depends on the pipeline, so that a change needs [`Rules::settle`].
pub fn concerns_pipeline(draft: &Draft) -> bool {
    ["pipeline_id", "stage_id", "status", "closed_date", "probability"].iter().any(|name| draft.get(name).is_some())
}

/// The rules that need no pipeline: figures that add up, a number that stays, lists in their stored order.
pub fn tidy(draft: &mut Draft, current: Option<&Deal>) -> Vec<FieldError> {
    let mut errors = figures::check(draft, current);
    if current.is_some() && draft.get("deal_number").is_some_and(Value::is_null) {
        errors.push(FieldError::new("deal_number", "required", "A deal always has a number."));
    }
    products::keep_ids(draft, current.map_or(&[], |c| &c.products));
    if let Some(Value::Ids(mut ids)) = draft.get("team_members").cloned() {
        ids.sort_unstable();
        draft.set("team_members", Value::Ids(ids));
    }
    errors
}

/// The status that somebody asks for. A new deal is open unless it is told something else, so that `open` is no wish.
fn sent_status(draft: &Draft, current: Option<&Deal>) -> Option<DealStatus> {
    let status = draft.get("status").and_then(Value::as_text).and_then(DealStatus::parse);
    status.filter(|status| current.is_some() || *status != DealStatus::Open)
}

fn contradiction(stage: &Stage, status: DealStatus) -> FieldError {
    let sentence = format!("In the stage {} a deal cannot be {status}. Name another stage.", stage.name);
    FieldError::new("status", "contradicts_stage", sentence)
}

/// The text of a member that is a stage's name rather than its id.
fn named_stage(json: Option<&Json>) -> Option<&str> {
    json.and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty() && Uuid::try_parse(text).is_err())
}

/// The stage with this name, exactly so or by the comparison of names.
pub fn stage_called<'a>(stages: &'a [Stage], name: &str) -> Option<&'a Stage> {
    let norm = norm_stage(name);
    stages.iter().find(|s| s.name == name).or_else(|| stages.iter().find(|s| norm_stage(&s.name) == norm))
}

/// 422 for a stage that the pipeline does not have.
pub fn no_such_stage(member: &str, name: &str, stages: &[Stage]) -> FieldError {
    let shown: String = name.chars().take(60).collect();
    let known: Vec<_> = stages.iter().map(|s| s.name.as_str()).collect();
    let sentence = match known.as_slice() {
        [] => format!("There is no stage called {shown}."),
        _ => format!("There is no stage called {shown}. The stages are {}.", known.join(", ")),
    };
    FieldError::new(member, "not_found", sentence)
}

/// Keeps the stages that deals enter as the rules saw them until the transaction ends, so that nobody turns an open
/// stage into a closing one, or deletes it, in between.
///
/// # Errors
/// 409 where somebody was faster.
pub async fn hold_stages(tx: &TenantTx, rules: &Rules, ids: &[Uuid]) -> ApiResult<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let sql = "SELECT id, is_closed_won, is_closed_lost FROM pipeline_stages WHERE org_id = $1 AND id = ANY($2) \
         ORDER BY id FOR SHARE";
    let values = [tx.org_id().into(), crate::records::values::ids_array(&ids)];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    let mut held = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, won, lost): (Uuid, bool, bool) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        held.push((id, won, lost));
    }
    let same = |id: &Uuid| rules.stage(*id).is_some_and(|s| held.contains(&(s.id, s.is_closed_won, s.is_closed_lost)));
    if ids.iter().all(same) {
        return Ok(());
    }
    let sentence = "Somebody has just changed the stages of this pipeline. Please try again.";
    Err(ApiError::new(ErrorCode::Conflict, sentence))
}

#[cfg(test)]
mod tests;
