//! Moving a deal over the board (DEAL-12, PIPELINE-11).

use super::place::{self, Neighbours};
use super::rules::{Rules, no_such_stage, stage_called};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::events::emit_all;
use crate::http::body::typed;
use crate::records::{read, write};
use domain::catalog::RecordType;
use domain::deals::close::status_in;
use domain::deals::{Deal, DealStatus};
use domain::draft::{Draft, Mode};
use domain::error::{ErrorCode, FieldError};
use domain::events::NewEvent;
use domain::permission::Permission;
use domain::pipelines::Stage;
use domain::value::Value;
use read::For;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// The longest remark with a move, in characters.
const NOTES_MAX: usize = 2_000;

/// `MoveDeal` without the particulars of an ending. Read apart from them, a wrong member is named in the refusal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    stage_id: Option<Uuid>,
    stage: Option<String>,
    before_id: Option<Uuid>,
    after_id: Option<Uuid>,
    #[serde(default)]
    update_probability: bool,
    notes: Option<String>,
}

/// Moves a deal to a stage of its pipeline and to a place in it. Entering a stage that closes wins or loses the deal.
///
/// # Errors
/// 404, 403, 412; 422 for a stage of another pipeline; 409 for an archived deal or a neighbour that has moved on.
pub async fn to_stage(tx: &TenantTx, id: Uuid, expected: Option<i32>, mut body: Map<String, Json>) -> ApiResult<Deal> {
    let particulars = take_particulars(&mut body);
    let input: &Move = &typed(Json::Object(body))?;
    let seen: Deal = read::one(tx, id, For::Reading).await?;
    let rules = Rules::load(tx).await?;
    let stage = target(&rules, &seen, input)?;
    // The column before the deal: two moves of different deals then never wait for each other in a circle.
    place::lock_column(tx, stage.id).await?;
    let current: Deal = write::for_change(tx, id, expected, Permission::DealStageChange).await?;
    live(&current)?;
    if current.pipeline_id != seen.pipeline_id {
        return Err(ApiError::new(ErrorCode::Conflict, "The deal has just been moved to another pipeline."));
    }
    let mut members = Map::from_iter([("stage_id".to_owned(), json!(stage.id))]);
    if input.update_probability {
        members.insert("probability".to_owned(), json!(stage.probability));
    }
    let status = status_in(stage);
    if status != DealStatus::Open {
        members.extend(concerning(&particulars, status));
    }
    let mut draft = Draft::parse(tx.schema(RecordType::Deal), Mode::Update, &members).map_err(ApiError::invalid)?;
    let at = Neighbours { before: input.before_id, after: input.after_id };
    if at.before.is_some() || at.after.is_some() || current.stage_id != Some(stage.id) {
        let rank = place::rank_for(tx, id, stage.id, at, rules.now).await?;
        draft.derive("stage_order", Value::Text(rank));
    }
    let before = current.clone();
    let (deal, mut events) = write::change(tx, current, draft).await?;
    if deal.stage_id != before.stage_id {
        remark(&mut events, input.notes.as_deref());
    } else if deal.version != before.version && events.is_empty() {
        // Only its place has changed: boards that show it follow, its story does not.
        events.push(write::event::<Deal>("reordered", &deal));
    }
    emit_all(tx, events).await?;
    Ok(deal)
}

/// The stage that a move names.
fn target<'a>(rules: &'a Rules, deal: &Deal, input: &Move) -> ApiResult<&'a Stage> {
    if input.notes.as_ref().is_some_and(|n| n.chars().count() > NOTES_MAX || n.contains('\0')) {
        let sentence = format!("The remark can have at most {NOTES_MAX} characters.");
        return Err(ApiError::field("notes", "too_long", sentence));
    }
    let by_id = |name: &str, id: Uuid| {
        let stage =
            rules.stage(id).ok_or_else(|| FieldError::new(name, "not_found", "There is no such stage here."))?;
        if deal.pipeline_id.is_none_or(|own| own == stage.pipeline_id) {
            return Ok(stage);
        }
        Err(FieldError::new(name, "other_pipeline", "This stage belongs to another pipeline than the deal."))
    };
    let found = match (input.stage_id, input.stage.as_deref().map(str::trim)) {
        (Some(_), Some(_)) => Err(FieldError::new("stage", "ambiguous", "Send only one of stage_id and stage.")),
        (Some(id), None) => by_id("stage_id", id),
        (None, Some(text)) => match Uuid::try_parse(text) {
            Ok(id) => by_id("stage", id),
            Err(_e) => {
                let pipeline = deal.pipeline_id.map_or_else(|| rules.default_pipeline(), |id| rules.pipeline(id));
                let stages = pipeline.map_or(&[][..], |p| &p.stages);
                stage_called(stages, text).ok_or_else(|| no_such_stage("stage", text, stages))
            }
        },
        (None, None) => match deal.stage_id.filter(|_| input.before_id.is_some() || input.after_id.is_some()) {
            Some(own) => by_id("stage_id", own),
            None => Err(FieldError::new("stage_id", "required", "Name the stage to move the deal to.")),
        },
    };
    found.map_err(|error| ApiError::invalid(vec![error]))
}

/// An archived deal is out of the game until it is restored.
///
/// # Errors
/// 409.
pub fn live(deal: &Deal) -> ApiResult<()> {
    if deal.deleted_at.is_some() {
        return Err(ApiError::new(ErrorCode::Conflict, "This deal is archived. Restore it first."));
    }
    Ok(())
}

/// What tells how a deal ended, and the endings that each concerns.
const PARTICULARS: &[(&str, &[DealStatus])] = &[
    ("closed_date", &[DealStatus::Won, DealStatus::Lost, DealStatus::Abandoned]),
    ("won_reason", &[DealStatus::Won]),
    ("lost_reason", &[DealStatus::Lost]),
    ("lost_to_competitor", &[DealStatus::Lost]),
    ("close_notes", &[DealStatus::Won, DealStatus::Lost, DealStatus::Abandoned]),
];

/// Takes the particulars of an ending out of a body. They are checked as fields of the deal, like any change of them.
pub fn take_particulars(body: &mut Map<String, Json>) -> Map<String, Json> {
    let taken = PARTICULARS.iter().filter_map(|(name, _)| body.remove_entry(*name));
    taken.filter(|(_, value)| !value.is_null()).collect()
}

/// Those particulars that concern this ending.
pub fn concerning(particulars: &Map<String, Json>, status: DealStatus) -> Map<String, Json> {
    let concern = |name: &str| PARTICULARS.iter().any(|(known, of)| *known == name && of.contains(&status));
    particulars.iter().filter(|(name, _)| concern(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Adds a remark to the event of the move.
fn remark(events: &mut [NewEvent], notes: Option<&str>) {
    let Some(notes) = notes.map(str::trim).filter(|n| !n.is_empty()) else { return };
    let moved = events.iter_mut().find(|event| event.name == "deal.moved");
    if let Some(details) = moved.and_then(|event| event.payload.details.as_object_mut()) {
        details.insert("notes".to_owned(), notes.into());
    }
}
