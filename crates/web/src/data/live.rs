//! Live updates: the server tells what changed, the cache fetches it again.

mod socket;

use super::query::{Cache, Key};
use super::session::{Phase, Session};
use domain::catalog::{Kind, RecordType};
use domain::live::LiveMessage;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use socket::Socket;
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;

/// Changes that arrive within this time are handled together, in milliseconds.
const COALESCE: u32 = 100;

/// A change that the server told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Name of the event: `deal.moved`.
    pub event: String,
    /// Type of the thing: `deal`, `pipeline`, `import`.
    pub entity: String,
    /// Its id.
    pub id: Option<Uuid>,
    /// Who did it.
    pub actor: Option<Uuid>,
}

/// The live connection, in context.
#[derive(Clone)]
pub struct Live {
    online: ArcRwSignal<bool>,
    changes: ArcRwSignal<Vec<Told>>,
}

/// The live connection.
pub fn use_live() -> Live {
    super::from_context(|| Live { online: ArcRwSignal::new(false), changes: ArcRwSignal::default() })
}

impl Live {
    /// Connects whenever somebody is signed in, and anew when the organization changes.
    pub(super) fn start(cache: Cache, session: Session) -> Self {
        let live = Self { online: cache.live_signal(), changes: ArcRwSignal::default() };
        let inbox = Inbox {
            cache,
            session: session.clone(),
            changes: live.changes.clone(),
            waiting: Rc::default(),
            timer: Rc::default(),
        };
        let socket: Rc<RefCell<Option<Socket>>> = Rc::default();
        let online = live.online.clone();
        let org = {
            let session = session.clone();
            Memo::new(move |_| session.org_id().filter(|_| session.phase() == Phase::SignedIn))
        };
        Effect::new(move |_| {
            let wanted = org.get().is_some();
            let next = wanted.then(|| {
                let (inbox, session) = (inbox.clone(), session.clone());
                Socket::open(online.clone(), move |message| inbox.take(message), move || session.check())
            });
            // The old connection closes as it is dropped.
            drop(socket.replace(next));
        });
        live
    }

    /// Whether the connection stands.
    pub fn is_online(&self) -> bool {
        self.online.get()
    }

    /// The changes that arrived last, together; for pages that mark what moved.
    pub fn changes(&self) -> Vec<Told> {
        self.changes.get()
    }
}

/// Collects changes for a moment and passes them on together.
#[derive(Clone)]
struct Inbox {
    cache: Cache,
    session: Session,
    changes: ArcRwSignal<Vec<Told>>,
    waiting: Rc<RefCell<Vec<Told>>>,
    timer: Rc<RefCell<Option<Timeout>>>,
}

impl Inbox {
    fn take(&self, message: LiveMessage) {
        match message {
            // What changed after the first fetches and before this connection was told to nobody.
            LiveMessage::Hello { position } if !self.session.began_at(&position) => self.cache.invalidate_all(),
            LiveMessage::Hello { .. } => {}
            LiveMessage::Resync { .. } => self.cache.invalidate_all(),
            LiveMessage::Ended => self.session.check(),
            LiveMessage::Changed { event, entity, id, actor, .. } => {
                self.waiting.borrow_mut().push(Told { event, entity, id, actor });
                if self.timer.borrow().is_none() {
                    let inbox = self.clone();
                    *self.timer.borrow_mut() = Some(Timeout::new(COALESCE, move || inbox.flush()));
                }
            }
        }
    }

    fn flush(&self) {
        // Forgotten, not dropped: this is called by that timer, which has run out.
        if let Some(timer) = self.timer.borrow_mut().take() {
            let _id = timer.forget();
        }
        let told = self.waiting.take();
        self.cache.invalidate_where(|key| told.iter().any(|change| touches(key, &change.entity, change.id)));
        if told.iter().any(|change| matches!(change.entity.as_str(), "organization" | "member" | "session" | "field")) {
            self.session.check();
        }
        self.changes.set(told);
    }
}

/// The key part that queries about this kind of thing carry.
fn plural(entity: &str) -> String {
    match (RecordType::parse(entity), entity) {
        (Some(record), _) => record.spec().table.to_owned(),
        (None, "stage") => "pipelines".to_owned(),
        (None, other) => format!("{other}s"),
    }
}

/// Whether a query with this key may show something else after `entity` (the one with `id`) has changed.
///
/// Rather too often than too seldom: only what is on the screen is fetched at once.
pub fn touches(key: &Key, entity: &str, id: Option<Uuid>) -> bool {
    let parts: Vec<&str> = key.parts().iter().map(String::as_str).collect();
    let table = plural(entity);
    let is_record = RecordType::parse(entity).is_some();
    match parts.as_slice() {
        // Any record's event may stand on a related record's timeline, in the feed and in the figures.
        ["activities" | "dashboard" | "search", ..] | [.., "timeline" | "summary"] => is_record,
        // Whoever joins has used one up.
        ["invitations"] => matches!(entity, "invitation" | "member"),
        // A record on its own page, and the lists on that page, which other records of the table do not touch.
        [of, "one", other, rest @ ..] if *of == table => {
            id.is_none_or(|id| id.to_string() == *other) || rest.contains(&table.as_str())
        }
        // One record more or less in a long list hardly moves them: they are fetched again after a while.
        [of, "cursors", ..] => *of == table && id.is_none(),
        [of, ..] if *of == table => true,
        // Rows carry names of related records, stages and tags.
        [of, ..] if shows(of, entity) => true,
        _ => parts.contains(&table.as_str()),
    }
}

/// Whether rows of `table` depend on an `entity` of another table: by its name, mostly.
fn shows(table: &str, entity: &str) -> bool {
    let Some(record) = RecordType::of_table(table) else { return false };
    let has = |kind: fn(Kind) -> bool| record.spec().standard.iter().any(|field| kind(field.kind));
    match (RecordType::parse(entity), entity) {
        (Some(of), _) => record.spec().standard.iter().any(|f| matches!(f.kind, Kind::Record(to) if to == of)),
        (None, "pipeline" | "stage") => has(|kind| matches!(kind, Kind::Pipeline | Kind::Stage)),
        // Another definition makes records be filtered, sorted and shown otherwise.
        (None, "tag" | "field") => true,
        _ => false,
    }
}
