//! Shortcuts and actions. Components register what can be done while they are on the screen; the `?` help and the
//! command palette are views over the same registry, so that nothing can be done by key that cannot be found.

mod ahead;

use ahead::Ahead;
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

use crate::ui::{
    IconName,
    dom::{ignore, is_typing_target},
};

/// How long the next key of a sequence may take, in milliseconds between the presses, however late they are seen.
const SEQUENCE_TIMEOUT_MS: f64 = 1_200.0;

/// Something the user can do, by key, palette or both.
#[derive(Clone)]
pub struct Action {
    /// Stable name, such as `company.create`. Registering the same id again hides the earlier one.
    pub id: String,
    /// What it does, as a command ("Create company").
    pub title: String,
    /// Heading it stands under in the help and the palette ("Navigation").
    pub group: String,
    /// Other words that find it in the palette.
    pub keywords: String,
    /// Icon in the palette.
    pub icon: Option<IconName>,
    /// Keys, each as `"mod+k"`, `"?"` or a sequence `"g c"`. `mod` is Ctrl, or ⌘ on a Mac.
    pub keys: Vec<&'static str>,
    /// Works while the user types in a field; only sensible with `mod`.
    pub in_inputs: bool,
    /// Left out of the palette and kept in the help: movements such as `j` and `k`.
    pub keys_only: bool,
    /// Whether it can be done now.
    pub enabled: Signal<bool>,
    /// Does it.
    pub run: Callback<()>,
}

impl Action {
    /// An action on the current page, without keys, in the group "This page".
    pub fn new(id: impl Into<String>, title: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            group: "This page".to_owned(),
            keywords: String::new(),
            icon: None,
            keys: Vec::new(),
            in_inputs: false,
            keys_only: false,
            enabled: Signal::stored(true),
            run: Callback::new(move |()| run()),
        }
    }

    /// Adds keys; call it again for alternatives.
    #[must_use]
    pub fn keys(mut self, keys: &'static str) -> Self {
        self.keys.push(keys);
        self
    }

    /// Sets the group.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = group.into();
        self
    }

    /// Sets the icon.
    #[must_use]
    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Adds words that find it in the palette.
    #[must_use]
    pub fn keywords(mut self, words: impl Into<String>) -> Self {
        self.keywords = words.into();
        self
    }

    /// Lets it work while the user types.
    #[must_use]
    pub fn in_inputs(mut self) -> Self {
        self.in_inputs = true;
        self
    }

    /// Keeps it out of the palette.
    #[must_use]
    pub fn keys_only(mut self) -> Self {
        self.keys_only = true;
        self
    }

    /// Makes it depend on a condition.
    #[must_use]
    pub fn enabled(mut self, enabled: impl Into<Signal<bool>>) -> Self {
        self.enabled = enabled.into();
        self
    }
}

#[derive(Clone)]
struct Registered {
    token: u32,
    /// How many dialogs were open at registration; a dialog's actions apply only while it is the top one.
    depth: usize,
    action: Action,
}

/// The keys of a sequence pressed so far, and when the last of them was (`Event.timeStamp`).
#[derive(Clone, Default)]
struct Pending {
    steps: Vec<String>,
    at: f64,
}

/// The registry, in context under the whole app.
#[derive(Clone, Copy)]
pub struct Shortcuts {
    actions: RwSignal<Vec<Registered>>,
    dialogs: RwSignal<usize>,
    pending: StoredValue<Pending>,
    next: StoredValue<u32>,
    ahead: Ahead,
}

impl Shortcuts {
    fn new() -> Self {
        Self {
            actions: RwSignal::new(Vec::new()),
            dialogs: RwSignal::new(0),
            pending: StoredValue::new(Pending::default()),
            next: StoredValue::new(0),
            ahead: Ahead::new(),
        }
    }

    /// Creates the registry, puts it in context and listens for keys. Once, at the app's root.
    pub fn provide() -> Self {
        let shortcuts = Self::new();
        provide_context(shortcuts);
        let handle = window_event_listener(leptos::ev::keydown, move |ev| shortcuts.on_key(&ev));
        on_cleanup(move || handle.remove());
        shortcuts.ahead.listen();
        shortcuts
    }

    /// The registry in context; outside of the app's root one that does nothing.
    pub fn current() -> Self {
        use_context::<Self>().unwrap_or_else(Self::new)
    }

    /// Registers an action until the current owner (component) goes away.
    pub fn register(self, action: Action) {
        let token = self.next.try_get_value().unwrap_or_default();
        ignore(self.next.try_set_value(token.wrapping_add(1)));
        let depth = self.dialogs.get_untracked();
        ignore(self.actions.try_update(|list| list.push(Registered { token, depth, action })));
        on_cleanup(move || {
            ignore(self.actions.try_update(|list| list.retain(|entry| entry.token != token)));
        });
    }

    /// Says that a dialog is open until the current owner goes away: only its own actions apply.
    pub fn enter_dialog(self) {
        ignore(self.dialogs.try_update(|n| *n += 1));
        on_cleanup(move || ignore(self.dialogs.try_update(|n| *n = n.saturating_sub(1))));
    }

    /// Says that a dialog has been asked for that will take the focus: what is typed until then goes into its field.
    /// `give_up` takes the wish back.
    pub fn await_dialog(self, give_up: Callback<()>) {
        self.ahead.begin(give_up);
    }

    /// Says that it will not come.
    pub fn no_dialog(self) {
        self.ahead.end();
    }

    /// Every action that could be done now, the latest of each id, in order of registration. Tracked.
    /// Inside a dialog pass `true` for what lies under it, as the palette and the help do.
    pub fn available(self, under_dialogs: bool) -> Vec<Action> {
        let depth = if under_dialogs { 0 } else { self.dialogs.get() };
        self.actions.with(|list| {
            let mut out: Vec<Action> = Vec::new();
            for entry in list.iter().filter(|entry| applies(entry, depth)) {
                out.retain(|earlier| earlier.id != entry.action.id);
                out.push(entry.action.clone());
            }
            out
        })
    }

    fn on_key(self, ev: &KeyboardEvent) {
        // Keys of an input method, and keys that a component has already taken.
        if ev.is_composing() || ev.default_prevented() {
            return;
        }
        let Some(key) = key_name(ev) else { return };
        let typing = is_typing_target(ev.target());
        // Enter, Space and arrows belong to the control that has the focus.
        if is_control_key(&key) && is_control(ev.target()) {
            return;
        }
        let now = ev.time_stamp();
        let pending = self.pending.try_get_value().unwrap_or_default();
        let mut steps = if now - pending.at > SEQUENCE_TIMEOUT_MS { Vec::new() } else { pending.steps };
        steps.push(key);

        match self.find(&steps, typing).or_else(|| {
            // A key that does not continue the sequence may begin a new one.
            let last = steps.split_off(steps.len().saturating_sub(1));
            steps = last;
            self.find(&steps, typing)
        }) {
            Some(Found::Action(run)) => {
                self.pending.set_value(Pending::default());
                ev.prevent_default();
                ignore(run.try_run(()));
            }
            Some(Found::Prefix) => {
                self.pending.set_value(Pending { steps, at: now });
            }
            None => self.pending.set_value(Pending::default()),
        }
    }

    fn find(self, steps: &[String], typing: bool) -> Option<Found> {
        let depth = self.dialogs.get_untracked();
        self.actions.with_untracked(|list| {
            let mut prefix = None;
            for entry in list.iter().rev().filter(|entry| applies(entry, depth)) {
                let action = &entry.action;
                if (typing && !action.in_inputs) || !action.enabled.try_get_untracked().unwrap_or(false) {
                    continue;
                }
                for keys in &action.keys {
                    let mut wanted = keys.split(' ');
                    if !steps.iter().all(|step| wanted.next() == Some(step.as_str())) {
                        continue;
                    }
                    if wanted.next().is_none() {
                        return Some(Found::Action(action.run));
                    }
                    prefix = Some(Found::Prefix);
                }
            }
            prefix
        })
    }
}

fn is_control_key(key: &str) -> bool {
    matches!(key, "enter" | "space" | "up" | "down" | "left" | "right" | "home" | "end" | "tab")
}

fn is_control(target: Option<web_sys::EventTarget>) -> bool {
    target.and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| {
        element.matches("a[href],button,input,select,textarea,summary,[tabindex]:not([tabindex='-1'])").unwrap_or(false)
    })
}

enum Found {
    Action(Callback<()>),
    Prefix,
}

/// Under a dialog nothing applies but what was registered in it.
fn applies(entry: &Registered, depth: usize) -> bool {
    depth == 0 || entry.depth == depth
}

/// The key of an event as written in actions: `c`, `shift+c`, `mod+k`, `?`, `enter`, `up`.
/// `None` for the modifier keys themselves.
fn key_name(ev: &KeyboardEvent) -> Option<String> {
    let key = ev.key();
    if matches!(key.as_str(), "Shift" | "Control" | "Alt" | "Meta" | "AltGraph" | "CapsLock" | "Dead") {
        return None;
    }
    let mut chars = key.chars();
    let single = chars.next().filter(|_| chars.next().is_none());
    let base = match key.as_str() {
        " " => "space".to_owned(),
        "ArrowUp" => "up".to_owned(),
        "ArrowDown" => "down".to_owned(),
        "ArrowLeft" => "left".to_owned(),
        "ArrowRight" => "right".to_owned(),
        "Escape" => "esc".to_owned(),
        other => other.to_lowercase(),
    };
    let mut name = String::new();
    if ev.ctrl_key() || ev.meta_key() {
        name.push_str("mod+");
    }
    // On some layouts AltGr, which reports Ctrl and Alt, is needed for signs such as `#`.
    if ev.alt_key() {
        name.push_str("alt+");
    }
    // Shift is part of a sign such as `?`, but not of a letter or a named key.
    if ev.shift_key() && single.is_none_or(char::is_alphabetic) {
        name.push_str("shift+");
    }
    name.push_str(&base);
    Some(name)
}

fn is_mac() -> bool {
    window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

/// The caps to draw for keys, one list per step: `"mod+k"` is `[["Ctrl", "K"]]`, `"g c"` is `[["G"], ["C"]]`.
pub fn key_caps(keys: &str) -> Vec<Vec<String>> {
    let mac = is_mac();
    keys.split(' ')
        .map(|step| {
            step.split('+')
                .map(|part| match part {
                    "mod" if mac => "⌘".to_owned(),
                    "mod" => "Ctrl".to_owned(),
                    "shift" => "⇧".to_owned(),
                    "alt" if mac => "⌥".to_owned(),
                    "alt" => "Alt".to_owned(),
                    "enter" => "↵".to_owned(),
                    "esc" => "Esc".to_owned(),
                    "space" => "Space".to_owned(),
                    "up" => "↑".to_owned(),
                    "down" => "↓".to_owned(),
                    "left" => "←".to_owned(),
                    "right" => "→".to_owned(),
                    other => other.to_uppercase(),
                })
                .collect()
        })
        .collect()
}
