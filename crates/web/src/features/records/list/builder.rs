//! The filter builder: conditions in groups of which all or any hold, as deep as the grammar goes.

use super::condition::{Comparison, Draft, Operands};
use super::filters::around;
use crate::data::schema;
use crate::features::records::address::Address;
use crate::features::records::editor::Around;
use crate::features::records::lookup::Lookup;
use crate::ui::{
    Button, ButtonVariant, Choice, ControlSize, Dialog, DialogSize, IconButton, IconName, Segmented, Select,
};
use domain::catalog::{Field, RecordType, Schema};
use domain::filter::{Condition, Filter, MAX_CONDITIONS, MAX_DEPTH};
use leptos::prelude::*;

/// Conditions that hold together.
#[derive(Clone, Copy)]
struct Group {
    key: usize,
    /// `and` or `or`.
    how: RwSignal<String>,
    parts: RwSignal<Vec<Part>>,
}

/// A part of a group.
#[derive(Clone, Copy)]
enum Part {
    Test(Line),
    Group(Group),
}

/// A condition in its line.
#[derive(Clone, Copy)]
struct Line {
    key: usize,
    draft: RwSignal<Draft>,
    refused: RwSignal<Option<String>>,
}

impl Part {
    const fn key(&self) -> usize {
        match self {
            Self::Test(line) => line.key,
            Self::Group(group) => group.key,
        }
    }
}

/// What the lines of one builder share.
#[derive(Clone, Copy)]
struct Tree {
    schema: Schema,
    around: Around,
    next: StoredValue<usize>,
    /// Signals of new lines belong to the builder, not to the click that adds them.
    owner: StoredValue<Option<Owner>>,
}

impl Tree {
    fn key(self) -> usize {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        key
    }

    fn owned<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.with_value(Clone::clone) {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }

    fn fields(self) -> impl Iterator<Item = &'static Field> {
        self.schema.fields().filter(|field| field.is_filterable())
    }

    fn line(self, field: &'static Field, condition: Option<Condition>) -> Line {
        self.owned(|| Line {
            key: self.key(),
            draft: RwSignal::new(Draft::new(field, condition)),
            refused: RwSignal::new(None),
        })
    }

    /// A line for the first field.
    fn blank(self) -> Option<Line> {
        let first = self.schema.field(self.schema.title).filter(|field| field.is_filterable());
        first.or_else(|| self.fields().next()).map(|field| self.line(field, None))
    }

    fn group(self, how: &str, parts: &[Filter]) -> Group {
        let parts = parts.iter().filter_map(|part| self.part(part)).collect();
        self.owned(|| Group { key: self.key(), how: RwSignal::new(how.to_owned()), parts: RwSignal::new(parts) })
    }

    fn part(self, filter: &Filter) -> Option<Part> {
        Some(match filter {
            Filter::And { and } => Part::Group(self.group("and", and)),
            Filter::Or { or } => Part::Group(self.group("or", or)),
            Filter::Condition(condition) => {
                Part::Test(self.line(self.schema.field(&condition.field)?, Some(condition.clone())))
            }
        })
    }

    /// The group that a filter is.
    fn root(self, filter: Option<Filter>) -> Group {
        let group = match filter.as_ref() {
            None => self.group("and", &[]),
            Some(Filter::And { and }) => self.group("and", and),
            Some(Filter::Or { or }) => self.group("or", or),
            Some(condition) => self.group("and", std::slice::from_ref(condition)),
        };
        if group.parts.with_untracked(Vec::is_empty) {
            group.parts.set(self.blank().map(Part::Test).into_iter().collect());
        }
        group
    }

    /// The filter that a group stands for; `None` where a line is wrong, which then says so. Empty groups are left out.
    fn filter(self, group: Group) -> Option<Vec<Filter>> {
        let mut all = Some(Vec::new());
        for part in group.parts.get_untracked() {
            let found = match part {
                Part::Test(line) => match line.draft.get_untracked().check(self.schema) {
                    Ok(condition) => Some(vec![Filter::Condition(condition)]),
                    Err(why) => {
                        line.refused.set(Some(why));
                        None
                    }
                },
                Part::Group(inner) => self.filter(inner).map(|parts| whole(inner, parts).into_iter().collect()),
            };
            all = all.zip(found).map(|(mut all, found)| {
                all.extend(found);
                all
            });
        }
        all
    }
}

/// The parts of a group as one filter.
fn whole(group: Group, parts: Vec<Filter>) -> Option<Filter> {
    if parts.is_empty() {
        return None;
    }
    let any = group.how.with_untracked(|how| how == "or");
    Some(if any { Filter::Or { or: parts } } else { Filter::And { and: parts } })
}

fn size(group: Group) -> usize {
    let of = |part: &Part| match part {
        Part::Test(_) => 1,
        Part::Group(group) => size(*group),
    };
    group.parts.with(|parts| parts.iter().map(of).sum())
}

/// The dialog; it begins with the list's filter.
#[component]
pub(super) fn FilterBuilder(
    /// The record type.
    record: RecordType,
    /// The list's address.
    address: Address,
    /// Names and colours.
    lookup: Lookup,
    /// Open or closed, both ways.
    open: RwSignal<bool>,
) -> impl IntoView {
    let root = RwSignal::new(None::<(Tree, Group)>);
    let apply = move || {
        let Some((tree, group)) = root.get_untracked() else { return };
        if let Some(parts) = tree.filter(group) {
            open.set(false);
            address.change(|state| state.set_filter(whole(group, parts)));
        }
    };
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary on_click=move |_| apply()>"Apply filter"</Button>
        }
    };
    view! {
        <Dialog open=open title=format!("Filter {}", record.spec().label_plural.to_lowercase()) size=DialogSize::Lg footer=footer>
            {move || {
                let tree = Tree {
                    schema: untrack(|| schema(record)),
                    around: around(lookup),
                    next: StoredValue::new(0),
                    owner: StoredValue::new(Owner::current()),
                };
                let group = tree.root(address.peek().filter());
                root.set(Some((tree, group)));
                view! {
                    <form class="filter-tree" on:submit=move |ev| { ev.prevent_default(); apply() }>
                        {group_view(tree, group, group, 1, None)}
                        <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
                    </form>
                }
            }}
        </Dialog>
    }
}

/// A group with its lines. Erased, because it holds itself.
fn group_view(tree: Tree, root: Group, group: Group, depth: usize, remove: Option<Callback<()>>) -> AnyView {
    let ways = vec![Choice::new("and", "All of these"), Choice::new("or", "Any of these")];
    let take = move |key: usize| group.parts.update(|parts| parts.retain(|part| part.key() != key));
    let full = Memo::new(move |_| size(root) >= MAX_CONDITIONS);
    let add = move |_| {
        let line = tree.blank().map(Part::Test);
        group.parts.update(|parts| parts.extend(line));
    };
    let nest = move |_| {
        let line = tree.blank().map(Part::Test).into_iter().collect();
        let how = if group.how.with_untracked(|how| how == "or") { "and" } else { "or" };
        let inner = tree.group(how, &[]);
        inner.parts.set(line);
        group.parts.update(|parts| parts.push(Part::Group(inner)));
    };
    view! {
        <div class="filter-group" role="group" aria-label=if depth == 1 { "Filter" } else { "Group of conditions" }>
            <div class="filter-group-head">
                <Segmented value=group.how choices=ways label="Which must hold" on_change=move |how| group.how.set(how) />
                {remove.map(|remove| view! {
                    <IconButton icon=IconName::X label="Remove this group" on_click=move |_| remove.run(()) />
                })}
            </div>
            <For each=move || group.parts.get() key=Part::key let:part>
                {
                    let gone = Callback::new(move |()| take(part.key()));
                    match part {
                        Part::Test(line) => view! { <LineView tree line on_remove=gone /> }.into_any(),
                        Part::Group(inner) => group_view(tree, root, inner, depth + 1, Some(gone)),
                    }
                }
            </For>
            <div class="filter-group-foot">
                <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Plus disabled=full on_click=add>
                    "Add condition"
                </Button>
                {(depth < MAX_DEPTH).then(|| view! {
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Plus disabled=full
                        on_click=nest>"Add group"</Button>
                })}
            </div>
        </div>
    }
    .into_any()
}

/// One condition: field, comparison, value.
#[component]
fn LineView(tree: Tree, line: Line, on_remove: Callback<()>) -> impl IntoView {
    let choices: Vec<Choice> = tree.fields().map(|field| Choice::new(field.name, field.label)).collect();
    let name = RwSignal::new(line.draft.with_untracked(|draft| draft.field.name.to_owned()));
    let choose = move |picked: String| {
        if let Some(field) = tree.schema.field(&picked) {
            line.draft.set(tree.owned(|| Draft::new(field, None)));
        }
    };
    Effect::watch(move || line.draft.get().condition(), move |_, _, _| line.refused.set(None), false);
    view! {
        <div class="filter-line" role="group" aria-label="Condition">
            <Select value=name choices=Signal::stored(choices) label="Field" on_change=choose />
            {move || {
                let draft = line.draft.get();
                view! {
                    <div class="filter-comparison"><Comparison draft /></div>
                    <div class="filter-operands"><Operands draft around=tree.around /></div>
                }
            }}
            <IconButton icon=IconName::X label="Remove this condition" on_click=move |_| on_remove.run(()) />
            {move || line.refused.get().map(|why| view! { <p class="inline-error" role="alert">{why}</p> })}
        </div>
    }
}
