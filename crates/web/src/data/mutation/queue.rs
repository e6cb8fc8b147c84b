//! The order of requests: those of one record go one after the other.

use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use uuid::Uuid;

type Job = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Jobs that wait, by record. A record that is here has a job running.
    static WAITING: RefCell<HashMap<Uuid, VecDeque<Job>>> = RefCell::default();
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
