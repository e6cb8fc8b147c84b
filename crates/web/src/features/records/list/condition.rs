//! One condition while it is edited: its comparison, and what it compares with.

use super::filter_text::{is_choice, ops, spans};
use crate::features::forms::message;
use crate::features::records::editor::{Around, FieldEditor, as_day, as_text, multi_picker};
use crate::features::records::value;
use crate::ui::{Checkbox, Choice, ControlSize, DateInput, Input, Select};
use domain::catalog::{Field, Kind, Schema};
use domain::filter::{self, Condition, Op, Subject};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// The most options that are ticked; of longer lists they are searched.
const TICKED: usize = 20;

/// A condition that is being made or changed. Copy it freely.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// What it is about.
    pub subject: Subject,
    /// The field compared.
    pub field: &'static Field,
    op: RwSignal<String>,
    value: RwSignal<Json>,
    /// The ends of "is between".
    low: RwSignal<Json>,
    high: RwSignal<Json>,
}

impl Draft {
    /// Begins with a condition, or with the field's likeliest comparison. `None` where records are counted.
    pub fn new(subject: Subject, before: Option<Condition>) -> Option<Self> {
        let field = subject.field()?;
        let known = ops(field);
        let before = before.map(|condition| widened(field, condition));
        let op = before.as_ref().map(|condition| condition.op).filter(|op| known.contains(op));
        let op = op.or_else(|| known.first().copied()).unwrap_or(Op::Eq);
        let value = before.map(|condition| condition.value).unwrap_or(Json::Null);
        let ends = value.as_array().filter(|_| op == Op::Between).cloned().unwrap_or_default();
        let end = |at: usize| RwSignal::new(ends.get(at).cloned().unwrap_or(Json::Null));
        Some(Self {
            subject,
            field,
            op: RwSignal::new(op.as_str().to_owned()),
            value: RwSignal::new(value),
            low: end(0),
            high: end(1),
        })
    }

    fn op(self) -> Op {
        self.op.with(|text| Op::parse(text)).unwrap_or(Op::Eq)
    }

    fn shape(self) -> Shape {
        shape(self.field, self.op())
    }

    /// Whether it says what to compare with. Tracked.
    pub fn is_complete(self) -> bool {
        match self.shape() {
            Shape::Nothing => true,
            Shape::Two => !self.low.get().is_null() && !self.high.get().is_null(),
            Shape::Many => self.value.with(|v| v.as_array().is_some_and(|items| !items.is_empty())),
            Shape::Span | Shape::One => !self.value.get().is_null(),
        }
    }

    /// As it travels. Tracked.
    pub fn condition(self) -> Condition {
        let value = match self.shape() {
            Shape::Nothing => Json::Null,
            Shape::Two => json!([self.low.get(), self.high.get()]),
            Shape::One | Shape::Many | Shape::Span => self.value.get(),
        };
        Condition { field: self.subject.name(), op: self.op(), value }
    }

    /// The condition, or why it cannot be made.
    ///
    /// # Errors
    /// The sentence that says what is wrong with it.
    pub fn check(self, schema: Schema) -> Result<Condition, String> {
        untrack(|| {
            if !self.is_complete() {
                return Err("Please say what to compare with.".to_owned());
            }
            let condition = self.condition();
            match filter::check(schema, &json!(condition)) {
                Ok(_) => Ok(condition),
                Err(errors) => Err(errors.first().map(message).unwrap_or_default()),
            }
        })
    }
}

/// The choice of the comparison; nothing where there is only one.
#[component]
pub(super) fn Comparison(
    /// The condition.
    draft: Draft,
    /// Height of the list of comparisons.
    #[prop(optional)]
    size: ControlSize,
) -> impl IntoView {
    let known = ops(draft.field);
    let single = known.len() == 1;
    let choices: Vec<Choice> = known.iter().map(|op| Choice::new(op.as_str(), op.words(draft.field.kind))).collect();
    (!single).then(|| {
        view! { <Select value=draft.op choices=Signal::stored(choices) size=size label="Comparison" /> }
    })
}

/// The editors of what is compared with.
#[component]
pub(super) fn Operands(draft: Draft, around: Around) -> impl IntoView {
    let Draft { field, value, low, high, .. } = draft;
    let shape = Memo::new(move |_| draft.shape());
    move || match shape.get() {
        Shape::Nothing => ().into_any(),
        Shape::Span => {
            let choices =
                spans().into_iter().map(|(value, label)| Choice::new(value, sentence(&label))).collect::<Vec<_>>();
            let text = RwSignal::new(match value.get_untracked() {
                Json::Null | Json::Array(_) => String::new(),
                span => span.to_string(),
            });
            if text.with_untracked(String::is_empty) {
                text.set(json!("this_month").to_string());
                value.set(json!("this_month"));
            }
            view! {
                <Select value=text choices=Signal::stored(choices) label="Period"
                    on_change=move |now: String| value.set(serde_json::from_str(&now).unwrap_or(Json::Null)) />
            }
            .into_any()
        }
        Shape::Two => view! {
            {one(field, low, around, format!("{} from", field.label))}
            {one(field, high, around, format!("{} to", field.label))}
        }
        .into_any(),
        Shape::Many => many(field, value, around),
        Shape::One => {
            if matches!(value.get_untracked(), Json::Array(_) | Json::Object(_)) {
                value.set(Json::Null);
            }
            one(field, value, around, field.label.to_owned())
        }
    }
}

/// The editor of one value that is compared with.
fn one(field: &'static Field, value: RwSignal<Json>, around: Around, label: String) -> AnyView {
    match field.kind {
        // A filter compares with whole days.
        Kind::DateTime => view! { <DateInput value=as_day(value) label=label /> }.into_any(),
        Kind::Text { .. } | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::TimeZone => {
            view! { <Input value=as_text(value) label=label max_length=255_u32 /> }.into_any()
        }
        _ => view! { <FieldEditor field value around label=label /> }.into_any(),
    }
}

/// What a comparison compares with.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Nothing,
    One,
    Two,
    Many,
    Span,
}

fn shape(field: &Field, op: Op) -> Shape {
    match op {
        Op::Empty | Op::NotEmpty => Shape::Nothing,
        Op::Between => Shape::Two,
        Op::Within => Shape::Span,
        Op::In | Op::Nin => Shape::Many,
        _ if is_choice(field) => Shape::Many,
        _ => Shape::One,
    }
}

/// "is Open" is edited as "is any of Open".
fn widened(field: &Field, mut condition: Condition) -> Condition {
    if is_choice(field) && matches!(condition.op, Op::Eq | Op::Ne) {
        condition.op = if condition.op == Op::Eq { Op::In } else { Op::Nin };
        condition.value = json!([condition.value]);
    }
    condition
}

/// Several values: ticks for short lists, a searched list otherwise.
fn many(field: &'static Field, value: RwSignal<Json>, around: Around) -> AnyView {
    let options = field.choices();
    if options.is_empty() || options.len() > TICKED {
        return multi_picker(field, value, around);
    }
    let boxes = options.iter().map(|option| {
        let checked = RwSignal::new(value.with_untracked(|v| value::texts(v).iter().any(|t| t == option.value)));
        view! {
            <Checkbox checked=checked label=option.label on_change=move |on| value.update(|v| {
                let mut all = value::texts(v);
                // What can no longer be chosen could not be unticked either.
                all.retain(|text| text != option.value && options.iter().any(|known| known.value == text));
                if on { all.push(option.value.to_owned()) }
                *v = Json::from(all);
            }) />
        }
    });
    view! { <div class="rec-ticks" role="group" aria-label=field.label>{boxes.collect_view()}</div> }.into_any()
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
