//! Small pieces that show something: Badge, Count, Tag, Avatar, Kbd, FilterChip, Card, StatCard.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    button::{ControlSize, IconButton},
    dom::{classes, ignore},
    icon::{Icon, IconName, IconSize},
};

/// What a badge or banner means. Colour is never the only sign: the text says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// No meaning beyond the text.
    #[default]
    Neutral,
    /// Good, done, won.
    Success,
    /// Needs a look.
    Warning,
    /// Failed, overdue, lost.
    Danger,
    /// Worth knowing.
    Info,
    /// Belongs to the app itself: new, selected.
    Accent,
}

impl Tone {
    const fn badge_class(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Success => "badge-success",
            Self::Warning => "badge-warning",
            Self::Danger => "badge-danger",
            Self::Info => "badge-info",
            Self::Accent => "badge-accent",
        }
    }
}

/// One of the twelve colours for tags, stages and avatars. Stored as its number, 1 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue(u8);

impl Hue {
    /// All twelve.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=12).map(Self)
    }

    /// The colour with this number; numbers outside 1 to 12 wrap around.
    pub const fn new(number: u8) -> Self {
        Self((number.wrapping_sub(1)) % 12 + 1)
    }

    /// The same colour every time for the same text, such as a person's id.
    pub fn of(text: &str) -> Self {
        // FNV-1a: short, spreads well, and does not change between releases as the standard hasher may.
        let hash = text.bytes().fold(2_166_136_261_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
        });
        // The first colour is grey; names get one of the other eleven.
        Self(u8::try_from(hash % 11).map_or(2, |n| n + 2))
    }

    /// Its number, 1 to 12.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its name, for colour pickers.
    pub const fn name(self) -> &'static str {
        match self.0 {
            1 => "Grey",
            2 => "Red",
            3 => "Orange",
            4 => "Amber",
            5 => "Lime",
            6 => "Green",
            7 => "Teal",
            8 => "Sky",
            9 => "Blue",
            10 => "Violet",
            11 => "Magenta",
            _ => "Rose",
        }
    }

    /// The class that sets `--hue`, `--hue-bg` and `--hue-fg`.
    pub const fn class(self) -> &'static str {
        match self.0 {
            1 => "hue-1",
            2 => "hue-2",
            3 => "hue-3",
            4 => "hue-4",
            5 => "hue-5",
            6 => "hue-6",
            7 => "hue-7",
            8 => "hue-8",
            9 => "hue-9",
            10 => "hue-10",
            11 => "hue-11",
            _ => "hue-12",
        }
    }
}

/// A short state: "Won", "Overdue", "Draft".
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Icon before the text.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=classes(&["badge", tone.badge_class()])>
            {icon.map(|name| view! { <Icon name=name size=IconSize::Sm /> })}
            {children()}
        </span>
    }
}

/// A number in a pill: how many rows, how many unread. Above 999 it says "999+".
#[component]
pub fn Count(
    /// The number.
    #[prop(into)]
    value: Signal<usize>,
    /// Draws the eye: unread things.
    #[prop(optional)]
    accent: bool,
    /// What is counted, for screen readers ("unread").
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let text = move || match value.get() {
        n if n > 999 => "999+".to_owned(),
        n => n.to_string(),
    };
    view! {
        <span class=if accent { "badge count count-accent" } else { "badge count" }>
            {text}
            {label.map(|label| view! { <span class="sr-only-kit">" "{label}</span> })}
        </span>
    }
}

/// A tag, stage or category in one of the twelve colours.
#[component]
pub fn Tag(
    /// The text.
    #[prop(into)]
    label: String,
    /// Its colour.
    hue: Hue,
    /// Shows a dot of the full colour before the text, as stages do.
    #[prop(optional)]
    dot: bool,
    /// Adds a button that removes the tag.
    #[prop(optional, into)]
    on_remove: Option<Callback<()>>,
) -> impl IntoView {
    let class = classes(&["tag", hue.class(), if on_remove.is_some() { "tag-removable" } else { "" }]);
    let remove_label = format!("Remove {label}");
    view! {
        <span class=class>
            {dot.then(|| view! { <span class="dot"></span> })}
            <span>{label}</span>
            {on_remove.map(|call| view! {
                <button type="button" aria-label=remove_label on:click=move |ev| {
                    ev.stop_propagation();
                    call.run(());
                }>
                    <Icon name=IconName::X size=IconSize::Sm />
                </button>
            })}
        </span>
    }
}

/// A dot in one of the twelve colours. Decorative.
#[component]
pub fn Dot(
    /// Its colour.
    hue: Hue,
) -> impl IntoView {
    view! { <span class=format!("dot {}", hue.class()) aria-hidden="true"></span> }
}

/// Size of an avatar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 20 px: table cells, cards.
    Sm,
    /// 24 px.
    #[default]
    Md,
    /// 36 px: lists of people.
    Lg,
    /// 56 px: record headers.
    Xl,
}

impl AvatarSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Sm => "avatar-sm",
            Self::Md => "",
            Self::Lg => "avatar-lg",
            Self::Xl => "avatar-xl",
        }
    }
}

/// Up to two initials: "Ada Lovelace" is "AL", "Ada" is "A".
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.last();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// A picture or the initials of a person, or of a company if `square`. Decorative unless `titled`:
/// the name usually stands beside it.
#[component]
pub fn Avatar(
    /// Name of the person or company.
    #[prop(into)]
    name: String,
    /// What the colour comes from; the name if not given. An id keeps the colour when the name changes.
    #[prop(optional, into)]
    seed: Option<String>,
    /// Address of a picture.
    #[prop(optional, into)]
    src: Option<String>,
    /// Its size.
    #[prop(optional)]
    size: AvatarSize,
    /// For companies.
    #[prop(optional)]
    square: bool,
    /// Stands alone: has the name as its accessible name and on hover.
    #[prop(optional)]
    titled: bool,
) -> impl IntoView {
    let hue = Hue::of(seed.as_deref().unwrap_or(&name));
    let class = classes(&["avatar", hue.class(), size.class(), if square { "avatar-square" } else { "" }]);
    let mut letters = initials(&name);
    if size == AvatarSize::Sm {
        letters = letters.chars().take(1).collect();
    }
    let inner = match src {
        Some(src) => view! { <img src=src alt="" loading="lazy" /> }.into_any(),
        None => letters.into_any(),
    };
    view! {
        <span
            class=class
            role=titled.then_some("img")
            aria-label=titled.then(|| name.clone())
            aria-hidden=(!titled).then_some("true")
            data-tip=titled.then_some(name)
        >
            {inner}
        </span>
    }
}

/// A person or company: avatar and name, on one line.
#[component]
pub fn Person(
    /// The name.
    #[prop(into)]
    name: String,
    /// What the colour comes from; the name if not given.
    #[prop(optional, into)]
    seed: Option<String>,
    /// For companies.
    #[prop(optional)]
    square: bool,
) -> impl IntoView {
    let seed = seed.unwrap_or_else(|| name.clone());
    view! {
        <span class="person">
            <Avatar name=name.clone() seed=seed size=AvatarSize::Sm square=square />
            <span>{name}</span>
        </span>
    }
}

/// Keys, as caps: `"mod+k"` or the sequence `"g c"`.
#[component]
pub fn Kbd(
    /// The keys, written as in the shortcut registry.
    #[prop(into)]
    keys: String,
) -> impl IntoView {
    let steps = crate::keyboard::key_caps(&keys)
        .into_iter()
        .enumerate()
        .map(|(i, caps)| {
            view! {
                {(i > 0).then(|| view! { <span class="kbd-then">"then"</span> })}
                {caps.into_iter().map(|cap| view! { <kbd>{cap}</kbd> }).collect_view()}
            }
        })
        .collect_view();
    view! { <span class="kbd">{steps}</span> }
}

/// A filter in force: "Stage · is · Won", with a button that removes it. A click on the rest edits it.
#[component]
pub fn FilterChip(
    /// What is filtered.
    #[prop(into)]
    field: String,
    /// How ("is", "before").
    #[prop(into)]
    operator: String,
    /// By what.
    #[prop(into)]
    value: String,
    /// Opens the editor of this filter.
    #[prop(into)]
    on_edit: Callback<MouseEvent>,
    /// Removes this filter.
    #[prop(into)]
    on_remove: Callback<()>,
) -> impl IntoView {
    let remove_label = format!("Remove filter {field} {operator} {value}");
    view! {
        <span class="chip">
            <button type="button" on:click=move |ev| on_edit.run(ev)>
                <span class="chip-field">{field}</span>
                <span>{operator}</span>
                <span class="chip-value">{value}</span>
            </button>
            <button type="button" aria-label=remove_label.clone() data-tip="Remove filter" on:click=move |_| on_remove.run(())>
                <Icon name=IconName::X size=IconSize::Sm />
            </button>
        </span>
    }
}

/// A bordered box with an optional heading and actions beside it.
#[component]
pub fn Card(
    /// The heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// Buttons at the right of the heading.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// No space around the content: tables and lists that reach the edges.
    #[prop(optional)]
    flush: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            {title.map(|title| view! {
                <div class="card-head">
                    <h2>{title}</h2>
                    {actions.map(|actions| actions.run())}
                </div>
            })}
            <div class=if flush { "" } else { "card-body" }>{children()}</div>
        </section>
    }
}

/// Which way a number went, and whether that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Went up, which is good.
    Up(String),
    /// Went down, which is bad.
    Down(String),
    /// Neither.
    Flat(String),
}

/// One number with its name, and how it changed. With `href` the card leads to what it counts.
#[component]
pub fn StatCard(
    /// What is measured.
    #[prop(into)]
    label: String,
    /// The number, formatted.
    #[prop(into)]
    value: Signal<String>,
    /// How it changed ("12% more than last month").
    #[prop(optional, into)]
    trend: Option<Trend>,
    /// Where it leads.
    #[prop(optional, into)]
    href: Option<String>,
) -> AnyView {
    let note = trend.map(|trend| match trend {
        Trend::Up(text) => ("stat-note stat-up", Some(IconName::ArrowUp), text),
        Trend::Down(text) => ("stat-note stat-down", Some(IconName::ArrowDown), text),
        Trend::Flat(text) => ("stat-note", None, text),
    });
    let content = view! {
        <span class="stat-label">{label}</span>
        <span class="stat-value">{move || value.get()}</span>
        {note.map(|(class, icon, text)| view! {
            <span class=class>
                {icon.map(|name| view! { <Icon name=name size=IconSize::Sm /> })}
                <span>{text}</span>
            </span>
        })}
    };
    match href {
        Some(href) => view! { <a class="card stat" href=href>{content}</a> }.into_any(),
        None => view! { <div class="card stat">{content}</div> }.into_any(),
    }
}

/// A small copy button: puts the text on the clipboard and says so by its icon.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is ("Copy e-mail address").
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let icon = Signal::derive(move || if done.get() { IconName::Check } else { IconName::Copy });
    let label = Signal::derive(move || if done.get() { "Copied".to_owned() } else { label.clone() });
    view! {
        <IconButton icon=icon label=label size=ControlSize::Xs on_click=move |_| {
            // The promise is not awaited: browsers copy at once or refuse because the page has no focus.
            ignore(window().navigator().clipboard().write_text(&text.get_untracked()));
            done.set(true);
            set_timeout(move || ignore(done.try_set(false)), std::time::Duration::from_millis(1500));
        } />
    }
}
