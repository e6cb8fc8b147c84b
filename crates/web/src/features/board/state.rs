//! What the parts of the board share, and how cards move.

use super::card;
use super::data::{Loaded, Wanted, load_more};
use super::drag::Target;
use crate::api::Row;
use crate::api::deals::Ending;
use crate::data::{Cache, Mutations, Query, Session};
use crate::features::deals::closing::Question;
use crate::features::deals::moves::{Place, moving};
use crate::features::records::address::Address;
use crate::features::records::lookup::Lookup;
use crate::ui::dom::{html_element, ignore};
use crate::ui::{Announcer, Toast, Toasts};
use domain::deals::Deal;
use domain::deals::board::Board;
use domain::deals::close::{CloseDeal, status_in};
use domain::permission::Permission;
use domain::pipelines::Stage;
use domain::records::Record;
use leptos::prelude::*;
use std::time::Duration;
use uuid::Uuid;

/// A card that the keyboard has picked up, and where it would be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grabbed {
    /// The card.
    pub id: Uuid,
    /// Place of the column.
    pub column: usize,
    /// Place in the column, without the card itself.
    pub at: usize,
}

/// The board. Copy it freely.
#[derive(Clone, Copy)]
pub struct BoardState {
    /// The board with pending moves applied.
    pub board: Query<Board>,
    /// The stages of the pipeline shown, in order.
    pub stages: Memo<Vec<Stage>>,
    /// The address.
    pub address: Address,
    /// Names and colours.
    pub lookup: Lookup,
    /// What is asked before a deal ends.
    pub question: RwSignal<Option<Question>>,
    /// The card that the keyboard has picked up.
    pub grabbed: RwSignal<Option<Grabbed>>,
    /// The card for which the list of stages is open.
    pub choosing: RwSignal<Option<Uuid>>,
    /// How many cards of each column are drawn, as far as loaded: a board that was scrolled through opens again fast.
    pub drawn: RwSignal<usize>,
    /// What is shown, for further cards.
    pub wanted: Memo<Option<Wanted>>,
    /// What was loaded, the services.
    pub shared: StoredValue<Shared>,
    /// The announcer.
    pub announcer: Announcer,
    /// The toasts.
    pub toasts: Toasts,
}

/// What is not `Copy`.
#[derive(Clone)]
pub struct Shared {
    /// How many cards were loaded by stage.
    pub loaded: Loaded,
    /// The cache.
    pub cache: Cache,
    /// How deals are changed.
    pub mutations: Mutations,
    /// What this person may do.
    pub session: Session,
}

/// The id of a card's element.
pub fn card_id(id: Uuid) -> String {
    format!("card-{id}")
}

impl BoardState {
    /// A deal on the board.
    pub fn deal(self, id: Uuid) -> Option<Deal> {
        let board = self.board.data_untracked()?;
        board.columns.iter().flat_map(|column| &column.cards).find(|deal| deal.id == id).cloned()
    }

    /// A stage.
    pub fn stage(self, id: Uuid) -> Option<Stage> {
        self.stages.with_untracked(|stages| stages.iter().find(|stage| stage.id == id).cloned())
    }

    /// Whether this person may move this deal.
    pub fn may_move(self, deal: &Deal) -> bool {
        self.shared.with_value(|shared| untrack(|| shared.session.may(Permission::DealStageChange, &deal.whose())))
    }

    /// Whether a card can be picked up now; says why not.
    pub fn may_pick_up(self, id: Uuid) -> bool {
        let Some(deal) = self.deal(id) else { return false };
        if self.shared.with_value(|shared| untrack(|| shared.mutations.is_pending(id))) {
            self.announcer.polite(format!("{} is being saved", deal.name));
            return false;
        }
        if !self.may_move(&deal) {
            self.toasts.show(Toast::info("You can move your own deals only"));
            return false;
        }
        true
    }

    /// Where a card is now.
    pub fn place_of(self, id: Uuid) -> Option<(usize, usize)> {
        let board = self.board.data_untracked()?;
        board
            .columns
            .iter()
            .enumerate()
            .find_map(|(column, c)| Some((column, c.cards.iter().position(|d| d.id == id)?)))
    }

    /// The neighbours of a place in a column, as the column is without the card.
    pub fn target(self, column: usize, at: usize, id: Uuid) -> Option<Target> {
        let board = self.board.data_untracked()?;
        let column = board.columns.get(column)?;
        let cards: Vec<Uuid> = column.cards.iter().map(|deal| deal.id).filter(|other| *other != id).collect();
        let at = at.min(cards.len());
        let after = at.checked_sub(1).and_then(|n| cards.get(n).copied());
        Some(Target { stage: column.stage_id, before: cards.get(at).copied(), after })
    }

    /// The card below another one, passing over the one that is moved.
    fn follower(self, of: Uuid, moved: Uuid) -> Option<Uuid> {
        let board = self.board.data_untracked()?;
        let column = board.columns.iter().find(|column| column.cards.iter().any(|deal| deal.id == of))?;
        let mut below = column.cards.iter().map(|deal| deal.id).skip_while(|id| *id != of).skip(1);
        below.find(|id| *id != moved)
    }

    /// Moves a card. A stage that ends the deal asks first; cancelling there moves nothing.
    pub fn move_to(self, id: Uuid, target: Target) {
        let (Some(deal), Some(stage), Some((column, at))) =
            (self.deal(id), self.stage(target.stage), self.place_of(id))
        else {
            return;
        };
        if self.target(column, at, id) == Some(target) {
            return;
        }
        let from = deal.stage_id.and_then(|id| self.stage(id)).and_then(|stage| {
            let here = self.target(column, at, id)?;
            Some(Place { stage, before: here.before, after: here.after })
        });
        // Below the last card drawn others may follow.
        let before = target.before.or_else(|| self.follower(target.after?, id));
        let to = Place { stage: stage.clone(), before, after: target.after };
        let Some(subject) = Row::of_deal(&deal) else { return };
        let run = Callback::new(move |close: CloseDeal| self.run(&subject, &to, close, from.clone()));
        let how = Ending::of(status_in(&stage)).filter(|_| Some(stage.id) != deal.stage_id);
        match how {
            Some(how) => self.question.set(Some(Question { title: deal.name, how, answer: run })),
            None => run.run(CloseDeal::default()),
        }
    }

    fn run(self, deal: &Row, to: &Place, close: CloseDeal, from: Option<Place>) {
        let (id, name, stage) = (deal.id, deal.title.clone(), to.stage.name.clone());
        let announcer = self.announcer;
        announcer.assertive(format!("{name} moved to {stage}"));
        let change = moving(deal, to, close, from).settled(move |outcome| {
            if let Err(fail) = outcome {
                announcer.assertive(format!("{name} was put back: {}", fail.message()));
                self.focus(id);
            }
        });
        ignore(self.shared.try_with_value(|shared| shared.mutations.run(change)));
        self.focus(id);
    }

    /// Gives the focus to a card once it is where it belongs.
    pub fn focus(self, id: Uuid) {
        set_timeout(
            move || {
                if let Some(card) = html_element(&card_id(id)) {
                    ignore(card.focus());
                }
            },
            Duration::from_millis(30),
        );
    }

    /// Opens a deal beside the board.
    pub fn open(self, id: Uuid) {
        self.address.open(Some(id));
    }

    /// Loads further cards of a column.
    pub fn more(self, stage: Uuid, busy: RwSignal<bool>) {
        let Some(wanted) = self.wanted.get_untracked() else { return };
        let Shared { loaded, cache, .. } = self.shared.get_value();
        load_more(cache, self.board, wanted, loaded, stage, busy);
    }

    /// A card in words.
    pub fn spoken(deal: &Deal, stage: &Stage) -> String {
        card::spoken(deal, stage)
    }
}
