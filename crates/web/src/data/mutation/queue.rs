//! The order of requests: those of one record go one after the other.

use crate::data::session::{Phase, Session};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use uuid::Uuid;

type Job = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Jobs that wait, by record. A record that is here has a job running.
    static WAITING: RefCell<HashMap<Uuid, VecDeque<Job>>> = RefCell::default();
    static PHASE: RefCell<Option<ArcRwSignal<Phase>>> = const { RefCell::new(None) };
}

/// Runs a job after the earlier ones of the same record.
pub(super) fn after_earlier(id: Uuid, job: Job) {
    let idle = WAITING.with_borrow_mut(|waiting| match waiting.get_mut(&id) {
        Some(line) => {
            line.push_back(job);
            None
        }
        None => {
            waiting.insert(id, VecDeque::new());
            Some(job)
        }
    });
    let Some(first) = idle else { return };
    spawn_local(async move {
        first.await;
        while let Some(next) = next_of(id) {
            next.await;
        }
    });
}

fn next_of(id: Uuid) -> Option<Job> {
    WAITING.with_borrow_mut(|waiting| {
        let next = waiting.get_mut(&id).and_then(VecDeque::pop_front);
        if next.is_none() {
            waiting.remove(&id);
        }
        next
    })
}

/// Lets waiting changes know when the person is back.
pub(crate) fn watch(session: &Session) {
    PHASE.with_borrow_mut(|slot| *slot = Some(session.phase_signal()));
}

/// Waits while the sign-in dialog is open. False when the person signed out instead.
pub(super) async fn signed_in_again() -> bool {
    let Some(phase) = PHASE.with_borrow(Clone::clone) else { return false };
    loop {
        match phase.get_untracked() {
            Phase::SignedIn => return true,
            Phase::Expired => TimeoutFuture::new(200).await,
            Phase::Checking | Phase::Unreachable(_) | Phase::SignedOut => return false,
        }
    }
}
