//! The second step: what texts stand for that are a stage, a member or a choice.

use super::state::{Place, Wizard};
use crate::data::{Directory, use_directory};
use crate::ui::{
    Button, ButtonVariant, Card, Choice, ControlSize, Each, Field, Icon, IconName, IconSize, Input, InputKind, Select,
    format,
};
use domain::auth::{Member, check_email};
use domain::catalog::Kind;
use domain::deals::DealStatus;
use domain::import::Plan;
use domain::import::plan::Match;
use domain::import::preview::DistinctValue;
use leptos::prelude::*;
use uuid::Uuid;

/// Texts shown before "Show all".
const SHOWN: usize = 60;
/// The choice that asks for an address.
const INVITE: &str = "invite";

/// The step: one card per field.
#[component]
pub(super) fn ValuesStep(wizard: Wizard) -> impl IntoView {
    let fields = Memo::new(move |_| {
        wizard.preview.with(|preview| {
            let mut fields: Vec<String> = Vec::new();
            for value in &preview.values {
                if fields.last() != Some(&value.field) {
                    fields.push(value.field.clone());
                }
            }
            fields
        })
    });
    view! {
        <div class="import-values">
            <Each each=move || fields.get() key=Clone::clone let:field>
                <FieldValues wizard field />
            </Each>
        </div>
    }
}

#[component]
fn FieldValues(wizard: Wizard, field: String) -> impl IntoView {
    let directory = use_directory();
    let label = wizard.label(&field);
    let wanted = field.clone();
    // Only the texts themselves: decisions must not draw the rows anew while somebody types an address.
    let texts = Memo::new(move |_| {
        wizard.preview.with(|preview| {
            let own = preview.values.iter().filter(|v| v.field == wanted);
            own.map(|v| (v.text.clone(), v.count)).collect::<Vec<_>>()
        })
    });
    let all = RwSignal::new(false);
    let many = Memo::new(move |_| texts.with(Vec::len));
    let shown = move || texts.get().into_iter().take(if all.get() { usize::MAX } else { SHOWN }).collect::<Vec<_>>();
    let kind = wizard.targets.with_value(|t| t.iter().find(|t| t.key == field).map(|t| t.field.kind));
    let (empty, hint) = words(kind);
    let field = StoredValue::new(field);
    let choices = Signal::derive(move || kind.map(|kind| choices(kind, wizard, directory)).unwrap_or_default());
    let still_open =
        Memo::new(move |_| wizard.plan.with(|plan| field.with_value(|field| open_ones(plan, field).len())));
    let for_all = RwSignal::new(String::new());
    let set_all = move |picked: String| {
        for_all.set(String::new());
        wizard.change(|plan| {
            field.with_value(|field| {
                for text in open_ones(plan, field) {
                    plan.decide(field, &text, decode(&picked));
                }
            });
        });
    };
    let count = move || format::count(i64::try_from(many.get()).unwrap_or(0), "text", "different texts");
    view! {
        <Card title=label flush=true actions=move || view! { <span class="import-note">{count}</span> }>
            <p class="import-hint import-card-hint">{hint}</p>
            <Show when=move || still_open.with(|n| *n > 1)>
                <div class="import-row import-all">
                    <div class="import-column">
                        <strong>{move || format!("All {} still open", still_open.get())}</strong>
                        <span>"One choice for all that nothing was chosen for."</span>
                    </div>
                    <Icon name=IconName::ArrowRight size=IconSize::Sm />
                    <div class="import-target">
                        <Select value=for_all choices=choices empty="Choose…" size=ControlSize::Sm
                            label="All that are still open stand for" on_change=set_all />
                    </div>
                </div>
            </Show>
            <ul class="import-rows">
                <Each each=shown key=|(text, count)| (text.clone(), *count) let((text, count))>
                    <ValueRow wizard field=field.get_value() text count choices empty />
                </Each>
            </ul>
            <Show when=move || !all.get() && (many.get() > SHOWN)>
                <div class="import-more">
                    <Button variant=ButtonVariant::Ghost on_click=move |_| all.set(true)>
                        {move || format!("Show all {}", many.get())}
                    </Button>
                </div>
            </Show>
        </Card>
    }
}

/// What leaving it empty is called, and a sentence over the list.
const fn words(kind: Option<Kind>) -> (&'static str, &'static str) {
    match kind {
        Some(Kind::Stage) => {
            ("First stage of the pipeline", "Deals in a stage for won or lost deals become won or lost themselves.")
        }
        Some(Kind::User) => (
            "Nobody",
            "Whoever you invite owns the records from the start, and sees them after accepting the invitation.",
        ),
        _ => ("Leave empty", "The words of the file, and what they are called here."),
    }
}

fn choices(kind: Kind, wizard: Wizard, directory: Directory) -> Vec<Choice> {
    match kind {
        Kind::Stage => {
            let chosen = wizard.plan.with(|plan| plan.options.pipeline_id);
            let pipeline = chosen.and_then(|id| directory.pipeline(id)).or_else(|| directory.default_pipeline());
            let stages = pipeline.into_iter().flat_map(|p| p.stages);
            let known = stages.map(|stage| Choice::new(stage.id.to_string(), stage.name));
            let new = [
                ("create:open", "New stage"),
                ("create:won", "New stage for won deals"),
                ("create:lost", "New stage for lost deals"),
            ];
            known.chain(new.into_iter().filter(|_| wizard.may_add_stages).map(|(v, l)| Choice::new(v, l))).collect()
        }
        Kind::User => {
            let mut members = directory.members.data().map(|page| page.data.clone()).unwrap_or_default();
            members.sort_by_key(|member| (!member.active, member.name.to_lowercase()));
            // Old records may well belong to somebody who has left.
            let called = |m: &Member| if m.active { m.name.clone() } else { format!("{} (former member)", m.name) };
            let members = members.into_iter().map(|m| Choice::new(m.id.to_string(), called(&m)));
            members.chain(wizard.may_invite.then(|| Choice::new(INVITE, "Invite by email…"))).collect()
        }
        Kind::Select(options) | Kind::MultiSelect(options) => {
            options.iter().map(|c| Choice::new(c.value, c.label)).collect()
        }
        _ => Vec::new(),
    }
}

/// The texts of a field for which nothing was chosen, nor recognised.
fn open_ones(plan: &Plan, field: &str) -> Vec<String> {
    let of_field = plan.options.matches.iter().filter(|m| m.field == field);
    of_field.filter(|m| matches!(m.to, Match::Empty)).map(|m| m.text.clone()).collect()
}

/// A decision as the value of a choice.
fn encode(to: &Match) -> String {
    match to {
        Match::Existing { id } => id.to_string(),
        Match::Choice { value } => value.clone(),
        Match::Create { status } => format!("create:{status}"),
        Match::Invite { .. } => INVITE.to_owned(),
        Match::Empty => String::new(),
    }
}

fn decode(value: &str) -> Match {
    if value.is_empty() {
        return Match::Empty;
    }
    if value == INVITE {
        return Match::Invite { email: String::new() };
    }
    if let Some(status) = value.strip_prefix("create:").and_then(DealStatus::parse) {
        return Match::Create { status };
    }
    Uuid::try_parse(value).map_or_else(|_| Match::Choice { value: value.to_owned() }, |id| Match::Existing { id })
}

#[component]
fn ValueRow(
    wizard: Wizard,
    field: String,
    text: String,
    count: u64,
    choices: Signal<Vec<Choice>>,
    empty: &'static str,
) -> impl IntoView {
    let place = Place::Value(field.clone(), text.clone());
    let known = {
        let is_this = |v: &&DistinctValue| v.field == field && v.text == text;
        wizard.preview.with_untracked(|p| p.values.iter().find(is_this).map(|v| v.suggestion.clone()))
    };
    let decided = wizard.plan.with_untracked(|plan| plan.decision(&field, &text).cloned());
    let recognised = decided.is_none();
    let to = decided.or(known).unwrap_or(Match::Empty);
    let email = RwSignal::new(if let Match::Invite { email } = &to { email.clone() } else { String::new() });
    let chosen = RwSignal::new(encode(&to));
    let key = StoredValue::new((field, text.clone()));
    // Chosen for all at once.
    Effect::watch(
        move || wizard.plan.with(|plan| key.with_value(|(field, text)| plan.decision(field, text).map(encode))),
        move |now, _, _| {
            if let Some(now) = now.as_ref().filter(|now| chosen.with_untracked(|chosen| chosen != *now)) {
                chosen.set(now.clone());
            }
        },
        false,
    );
    let left = RwSignal::new(false);
    let decide = move |to: Match| wizard.change(|plan| key.with_value(|(field, text)| plan.decide(field, text, to)));
    let invites = Memo::new(move |_| chosen.with(|chosen| chosen == INVITE));
    let error = Signal::derive(move || {
        let typed = email.get();
        let local = || check_email("email", &typed).err().map(|e| e.message).filter(|_| left.get());
        wizard.trouble(&place).or_else(local)
    });
    view! {
        <li class="import-row">
            <div class="import-column">
                <strong dir="auto">{text.clone()}</strong>
                <span>
                    {format::count(i64::try_from(count).unwrap_or(i64::MAX), "row", "rows")}
                    {recognised.then_some(" · recognised")}
                </span>
            </div>
            <Icon name=IconName::ArrowRight size=IconSize::Sm />
            <div class="import-target">
                <Select value=chosen choices=choices empty=empty size=ControlSize::Sm label=format!("{text} stands for")
                    on_change=move |value: String| {
                        left.set(false);
                        decide(match decode(&value) {
                            Match::Invite { .. } => Match::Invite { email: email.get_untracked() },
                            other => other,
                        });
                    } />
                <Show when=move || invites.get()>
                    <Field label=format!("Email address of {}", key.with_value(|k| k.1.clone())) hide_label=true error=error>
                        <Input value=email kind=InputKind::Email size=ControlSize::Sm placeholder="name@example.com"
                            autofocus=email.get_untracked().is_empty()
                            on_blur=move |()| left.set(true)
                            on_input=move |email: String| decide(Match::Invite { email }) />
                    </Field>
                </Show>
            </div>
        </li>
    }
}

/// Whether every invitation has a whole address.
pub(super) fn is_complete(wizard: Wizard) -> bool {
    wizard.plan.with_untracked(|plan| {
        let fed = |field: &str| plan.source(field).is_some();
        let open = |to: &Match| matches!(to, Match::Invite { email } if check_email("email", email).is_err());
        !plan.options.matches.iter().any(|m| fed(&m.field) && open(&m.to))
    })
}
