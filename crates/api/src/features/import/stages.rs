//! Stages that a plan asks to create.

use super::context::Context;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::features::pipelines::stages;
use domain::deals::DealStatus;
use domain::deals::close::status_in;
use domain::error::FieldError;
use domain::import::plan::{Match, Plan};
use domain::permission::Permission;
use domain::pipelines::{Stage, StageInput, norm_stage};

/// Colour of stages that imports make.
const COLOR: &str = "#6366f1";

/// Makes the stages and puts their ids into the plan; returns their names. Open stages come after the last open one.
///
/// # Errors
/// 403 for somebody who may not change pipelines, 422 for a stage that the pipeline cannot take.
pub async fn create(tx: &TenantTx, plan: &mut Plan, context: &Context) -> ApiResult<Vec<String>> {
    let Some(pipeline_id) = context.pipeline_id else { return Ok(Vec::new()) };
    let mut known = context.stages.clone();
    let mut names = Vec::new();
    for (at, decision) in plan.options.matches.iter_mut().enumerate() {
        let Match::Create { status } = decision.to else { continue };
        let name = domain::tags::clean(&decision.text);
        let is_called = |stage: &&Stage| norm_stage(&stage.name) == norm_stage(&name);
        if known.iter().find(is_called).is_none() {
            tx.require(Permission::PipelineUpdate)?;
            let added = stages::add(tx, pipeline_id, None, &input(&known, &name, status)).await;
            known = added.map_err(|error| at_decision(at, error))?.stages;
            names.push(name.clone());
        }
        let made = known.iter().find(is_called).ok_or_else(|| ApiError::not_found("stage"))?;
        decision.to = Match::Existing { id: made.id };
    }
    Ok(names)
}

fn input(known: &[Stage], name: &str, status: DealStatus) -> StageInput {
    let last_open = known.iter().filter(|s| status_in(s) == DealStatus::Open).max_by_key(|s| s.position);
    let probability = match status {
        DealStatus::Won => 100,
        DealStatus::Lost => 0,
        DealStatus::Open | DealStatus::Abandoned => last_open.map_or(50, |s| s.probability),
    };
    StageInput {
        name: Some(name.to_owned()),
        probability: Some(probability),
        color: Some(COLOR.to_owned()),
        is_closed_won: Some(status == DealStatus::Won),
        is_closed_lost: Some(status == DealStatus::Lost),
        ..StageInput::default()
    }
}

/// The refusal at its place in the plan.
fn at_decision(at: usize, error: ApiError) -> ApiError {
    let path = format!("plan/options/matches/{at}");
    let code = error.fields().first().map_or(error.code().as_str(), |f| f.code.as_str()).to_owned();
    let sentence = error.fields().first().map_or(error.detail(), |f| f.message.as_str()).to_owned();
    match error.code().status() {
        409 | 422 => ApiError::invalid(vec![FieldError::new(&path, &code, sentence)]),
        _ => error,
    }
}
