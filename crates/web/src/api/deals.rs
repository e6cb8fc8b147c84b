//! What only deals do: the board, moving, closing.

use super::client::Call;
use super::error::ApiResult;
use super::records::{self, ListParams};
use super::row::Row;
use domain::catalog::RecordType;
use domain::deals::board::Board;
use domain::deals::close::{CloseDeal, ReopenDeal};
use domain::deals::{Deal, DealStatus, MoveDeal};
use domain::page::Page;
use uuid::Uuid;

/// The board of a pipeline. `closed` also shows won, lost and abandoned deals.
pub async fn board(pipeline: Uuid, params: &ListParams, closed: bool) -> ApiResult<Board> {
    let call = Call::get("/deals").param("view", "pipeline").param("pipeline_id", pipeline);
    let call = if closed { call.param("closed", true) } else { call };
    call.params(params.to_query()).json().await
}

/// Further cards of a board.
pub async fn cards(params: &ListParams) -> ApiResult<Page<Deal>> {
    Call::get(records::path(RecordType::Deal)).params(params.to_query()).json().await
}

fn path(id: Uuid) -> String {
    records::path_of(RecordType::Deal, id)
}

/// Moves a deal to a stage and a place in it.
pub async fn move_to_stage(id: Uuid, version: Option<i32>, input: &MoveDeal) -> ApiResult<Row> {
    versioned(Call::put(format!("{}/stage", path(id))), version).body(input).row(RecordType::Deal).await
}

/// How a deal is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Won.
    Win,
    /// Lost.
    Lose,
    /// Given up.
    Abandon,
}

impl Ending {
    /// The ending that a status says; none for an open deal.
    pub const fn of(status: DealStatus) -> Option<Self> {
        match status {
            DealStatus::Open => None,
            DealStatus::Won => Some(Self::Win),
            DealStatus::Lost => Some(Self::Lose),
            DealStatus::Abandoned => Some(Self::Abandon),
        }
    }

    /// The status of a deal that ended so.
    pub const fn status(self) -> DealStatus {
        match self {
            Self::Win => DealStatus::Won,
            Self::Lose => DealStatus::Lost,
            Self::Abandon => DealStatus::Abandoned,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Win => "win",
            Self::Lose => "lose",
            Self::Abandon => "abandon",
        }
    }
}

/// Closes a deal.
pub async fn close(id: Uuid, version: Option<i32>, how: Ending, input: &CloseDeal) -> ApiResult<Row> {
    versioned(Call::post(format!("{}/{}", path(id), how.as_str())), version).body(input).row(RecordType::Deal).await
}

/// Opens a closed deal again.
pub async fn reopen(id: Uuid, version: Option<i32>, input: &ReopenDeal) -> ApiResult<Row> {
    versioned(Call::post(format!("{}/reopen", path(id))), version).body(input).row(RecordType::Deal).await
}

fn versioned(call: Call, version: Option<i32>) -> Call {
    match version {
        Some(version) => call.if_match(version),
        None => call,
    }
}
