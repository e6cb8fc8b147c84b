//! One WebSocket that comes back by itself.

use domain::live::LiveMessage;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageEvent, WebSocket};

/// The first wait before connecting again, in milliseconds; it doubles up to the longest.
const FIRST_WAIT: u32 = 500;
/// The longest wait, in milliseconds.
const LONGEST_WAIT: u32 = 30_000;
/// After so many attempts in vain the session is checked: a lapsed one is refused like any failure.
const SUSPICIOUS: u32 = 2;

type OnEvent = Closure<dyn FnMut(Event)>;

struct Wire {
    socket: WebSocket,
    // Kept alive as long as the socket calls them.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: OnEvent,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Closing a socket that is closed already does nothing.
        drop(self.socket.close());
    }
}

struct Inner {
    online: ArcRwSignal<bool>,
    deliver: Box<dyn Fn(LiveMessage)>,
    doubt: Box<dyn Fn()>,
    wire: RefCell<Option<Wire>>,
    retry: RefCell<Option<Timeout>>,
    back_online: RefCell<Option<OnEvent>>,
    attempts: Cell<u32>,
    since: RefCell<Option<String>>,
    closed: Cell<bool>,
}

/// A connection that is kept up until it is dropped.
pub(super) struct Socket(Rc<Inner>);

impl Socket {
    /// Connects. `deliver` gets every message, of greetings only the first; `doubt` is called when it looks as if the session were over.
    pub(super) fn open(
        online: ArcRwSignal<bool>,
        deliver: impl Fn(LiveMessage) + 'static,
        doubt: impl Fn() + 'static,
    ) -> Self {
        let inner = Rc::new(Inner {
            online,
            deliver: Box::new(deliver),
            doubt: Box::new(doubt),
            wire: RefCell::default(),
            retry: RefCell::default(),
            back_online: RefCell::default(),
            attempts: Cell::new(0),
            since: RefCell::default(),
            closed: Cell::new(false),
        });
        let weak = Rc::downgrade(&inner);
        let back_online: OnEvent = Closure::new(move |_| {
            if let Some(inner) = weak.upgrade().filter(|inner| !inner.online.get_untracked()) {
                inner.attempts.set(0);
                inner.connect();
            }
        });
        drop(window().add_event_listener_with_callback("online", back_online.as_ref().unchecked_ref()));
        *inner.back_online.borrow_mut() = Some(back_online);
        inner.connect();
        Self(inner)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.closed.set(true);
        drop(self.0.retry.take());
        drop(self.0.wire.take());
        if let Some(listener) = self.0.back_online.take() {
            drop(window().remove_event_listener_with_callback("online", listener.as_ref().unchecked_ref()));
        }
        if self.0.online.get_untracked() {
            self.0.online.set(false);
        }
    }
}

impl Inner {
    fn connect(self: &Rc<Self>) {
        drop(self.retry.take());
        let Some(socket) = self.address().and_then(|url| WebSocket::new(&url).ok()) else { return };
        let weak = Rc::downgrade(self);
        let on_message = Closure::new(move |event: MessageEvent| {
            let message = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
            if let (Some(inner), Some(message)) = (weak.upgrade(), message) {
                inner.receive(message);
            }
        });
        let weak = Rc::downgrade(self);
        let on_close: OnEvent = Closure::new(move |_| {
            if let Some(inner) = weak.upgrade() {
                inner.lost();
            }
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        drop(self.wire.replace(Some(Wire { socket, _on_message: on_message, _on_close: on_close })));
    }

    fn address(&self) -> Option<String> {
        let location = window().location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let host = location.host().ok()?;
        let since = self.since.borrow();
        let since = since.as_ref().map(|s| format!("?since={}", crate::api::client::encode(s))).unwrap_or_default();
        Some(format!("{scheme}://{host}{}/ws{since}", crate::api::client::BASE))
    }

    fn receive(&self, message: LiveMessage) {
        match &message {
            LiveMessage::Hello { position } => {
                self.attempts.set(0);
                if !self.online.get_untracked() {
                    self.online.set(true);
                }
                // With a position of its own the connection resumes there, and nothing was missed.
                if self.since.borrow().is_some() {
                    return;
                }
                *self.since.borrow_mut() = Some(position.clone());
            }
            LiveMessage::Changed { position, .. } | LiveMessage::Resync { position } => {
                *self.since.borrow_mut() = Some(position.clone());
            }
            LiveMessage::Ended => {}
        }
        (self.deliver)(message);
    }

    fn lost(self: &Rc<Self>) {
        if self.closed.get() {
            return;
        }
        if self.online.get_untracked() {
            self.online.set(false);
        }
        let attempt = self.attempts.get();
        self.attempts.set(attempt.saturating_add(1));
        if attempt == SUSPICIOUS {
            (self.doubt)();
        }
        let weak = Rc::downgrade(self);
        let again = move || {
            if let Some(inner) = weak.upgrade() {
                inner.connect();
            }
        };
        *self.retry.borrow_mut() = Some(Timeout::new(wait(attempt), again));
    }
}

/// The wait before the next attempt: doubling, with up to half of it at random, so that a restarted server is not
/// met by everybody at once.
fn wait(attempt: u32) -> u32 {
    let full = FIRST_WAIT.saturating_mul(1 << attempt.min(6)).min(LONGEST_WAIT);
    let random = uuid::Uuid::now_v7().as_bytes().last().copied().unwrap_or(0);
    full / 2 + full / 2 * u32::from(random) / 255
}
