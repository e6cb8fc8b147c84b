//! What is made for parts of a page that come and go by the thousand.

use leptos::prelude::*;
use leptos::reactive::computed::ArcMemo;
use leptos::reactive::graph::{Subscriber, ToAnySubscriber};

/// A memo of a part that comes and goes, such as a row that scrolls past: it lets go of what it reads when its owner
/// is cleaned up. What is read by any other memo or effect keeps an entry for it for as long as itself lives, and goes
/// through all of them with each change: the list grew slower with every row that had been on the screen.
pub fn passing<T: PartialEq + Send + Sync + 'static>(
    read: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let memo = ArcMemo::new(read);
    let reader = memo.to_any_subscriber();
    on_cleanup(move || reader.clear_sources(&reader));
    memo.into()
}
