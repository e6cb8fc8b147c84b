//! Short messages to the person, without knowing the component that shows them.

use crate::api::ApiFail;
use std::sync::Arc;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something failed: stays until it is dismissed.
    Failed,
}

/// A button in a notice.
#[derive(Clone)]
pub struct NoticeAction {
    /// Its label, a verb: "Undo", "Retry".
    pub label: &'static str,
    /// What it does.
    pub run: Arc<dyn Fn() + Send + Sync>,
}

/// A message.
#[derive(Clone)]
pub struct Notice {
    /// What it is about.
    pub tone: Tone,
    /// A few words.
    pub title: String,
    /// More, if there is more to say.
    pub text: String,
    /// The id of the request that failed.
    pub request_id: Option<String>,
    /// A button.
    pub action: Option<NoticeAction>,
}

impl Notice {
    /// Something was done.
    pub fn done(title: impl Into<String>) -> Self {
        Self { tone: Tone::Done, title: title.into(), text: String::new(), request_id: None, action: None }
    }

    /// Something failed: `title` says what, the failure says why.
    pub fn failed(title: impl Into<String>, fail: &ApiFail) -> Self {
        let request_id = Some(fail.request_id().to_owned()).filter(|id| !id.is_empty());
        Self { tone: Tone::Failed, title: title.into(), text: fail.message().to_owned(), request_id, action: None }
    }

    /// With a button.
    pub fn action(mut self, label: &'static str, run: impl Fn() + Send + Sync + 'static) -> Self {
        self.action = Some(NoticeAction { label, run: Arc::new(run) });
        self
    }
}

type Sink = Arc<dyn Fn(Notice) + Send + Sync>;

/// Where notices go, in context.
#[derive(Clone, Default)]
pub struct Notices(Arc<std::sync::RwLock<Option<Sink>>>);

impl Notices {
    /// Sets the component that shows them.
    pub fn connect(&self, sink: impl Fn(Notice) + Send + Sync + 'static) {
        if let Ok(mut slot) = self.0.write() {
            *slot = Some(Arc::new(sink));
        }
    }

    /// Shows a notice.
    pub fn show(&self, notice: Notice) {
        let sink = self.0.read().ok().and_then(|slot| slot.clone());
        if let Some(sink) = sink {
            sink(notice);
        }
    }

    /// Something was done.
    pub fn done(&self, title: impl Into<String>) {
        self.show(Notice::done(title));
    }

    /// Something failed.
    pub fn failed(&self, title: impl Into<String>, fail: &ApiFail) {
        self.show(Notice::failed(title, fail));
    }
}

/// Where notices go.
pub fn use_notices() -> Notices {
    super::from_context(Notices::default)
}
