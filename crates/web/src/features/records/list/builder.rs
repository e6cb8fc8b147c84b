//! The filter builder: conditions in groups of which all or any hold, as deep as the grammar goes.

use super::condition::{Comparison, Draft, Operands};
use super::filters::around;
use crate::api::records::typed;
use crate::data::schema;
use crate::features::records::address::Address;
use crate::features::records::editor::Around;
use crate::features::records::lookup::Lookup;
use crate::ui::{
    Button, ButtonVariant, Choice, ControlSize, Dialog, DialogSize, Each, IconButton, IconName, Segmented, Select,
};
use domain::catalog::{RecordType, Relation, Schema};
use domain::filter::{Condition, Filter, MAX_CONDITIONS, MAX_DEPTH, Op, Subject};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

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
    body: RwSignal<Body>,
    refused: RwSignal<Option<String>>,
}

/// What a line says.
#[derive(Clone, Copy)]
enum Body {
    /// A comparison with a field.
    Test(Draft),
    /// Whether there are records that belong to it, and which.
    Many(StoredValue<Many>),
}

/// Records that belong to those of the list.
#[derive(Clone, Copy)]
struct Many {
    relation: &'static Relation,
    /// `any` or `none`.
    how: RwSignal<String>,
    tree: Tree,
    group: Group,
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

    /// The same for the records that a relation leads to.
    fn along(self, relation: &'static Relation) -> Self {
        let around = self.owned(|| around(Lookup::new(relation.record)));
        Self { schema: self.schema.related(relation.record), around, ..self }
    }

    fn body(self, subject: Subject, condition: Option<Condition>) -> Option<Body> {
        let Subject::Many(relation) = subject else {
            return self.owned(|| Draft::new(subject, condition)).map(Body::Test);
        };
        let how = if condition.as_ref().is_some_and(|c| c.op == Op::HasNone) { Op::HasNone } else { Op::HasAny };
        let tree = self.along(relation);
        let group = match condition.and_then(|condition| typed::<Filter>(&condition.value)) {
            Some(filter) => tree.of(Some(&filter)),
            None => tree.of(None),
        };
        let how = self.owned(|| RwSignal::new(how.as_str().to_owned()));
        Some(Body::Many(self.owned(|| StoredValue::new(Many { relation, how, tree, group }))))
    }

    fn line(self, subject: Subject, condition: Option<Condition>) -> Option<Line> {
        let body = self.body(subject, condition)?;
        Some(self.owned(|| Line { key: self.key(), body: RwSignal::new(body), refused: RwSignal::new(None) }))
    }

    /// A line for the first field.
    fn blank(self) -> Option<Line> {
        let title = Subject::of(self.schema, self.schema.title);
        title.or_else(|| Subject::all(self.schema).next()).and_then(|subject| self.line(subject, None))
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
                Part::Test(self.line(Subject::of(self.schema, &condition.field)?, Some(condition.clone()))?)
            }
        })
    }

    /// The group that a filter is.
    fn of(self, filter: Option<&Filter>) -> Group {
        match filter {
            None => self.group("and", &[]),
            Some(Filter::And { and }) => self.group("and", and),
            Some(Filter::Or { or }) => self.group("or", or),
            Some(condition) => self.group("and", std::slice::from_ref(condition)),
        }
    }

    /// The list's own group, with a line for `asked`, or for anything where there would be none.
    fn root(self, filter: Option<&Filter>, asked: Option<Subject>) -> Group {
        let group = self.of(filter);
        let line = match asked {
            Some(subject) => self.line(subject, None),
            None if group.parts.with_untracked(Vec::is_empty) => self.blank(),
            None => None,
        };
        group.parts.update(|parts| parts.extend(line.map(Part::Test)));
        group
    }

    /// What a line says, as it travels; `None` where it is wrong, which then says so.
    fn condition(self, line: Line) -> Option<Condition> {
        match line.body.get_untracked() {
            Body::Test(draft) => draft.check(self.schema).map_err(|why| line.refused.set(Some(why))).ok(),
            Body::Many(many) => {
                let many = many.get_value();
                let inner = many.tree.filter(many.group)?;
                let value = whole(many.group, inner).map_or(Json::Null, |filter| json!(filter));
                let op = many.how.with_untracked(|how| Op::parse(how)).unwrap_or(Op::HasAny);
                Some(Condition { field: many.relation.name.to_owned(), op, value })
            }
        }
    }

    /// The filter that a group stands for; `None` where a line is wrong, which then says so. Empty groups are left out.
    fn filter(self, group: Group) -> Option<Vec<Filter>> {
        let mut all = Some(Vec::new());
        for part in group.parts.get_untracked() {
            let found = match part {
                Part::Test(line) => self.condition(line).map(|condition| vec![Filter::Condition(condition)]),
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
        Part::Test(line) => match line.body.get() {
            Body::Test(_) => 1,
            Body::Many(many) => 1 + size(many.get_value().group),
        },
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
    /// What a line is wanted for when it opens.
    asked: RwSignal<Option<Subject>>,
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
                let wanted = asked.try_update_untracked(Option::take).flatten();
                let group = tree.root(address.peek().filter().as_ref(), wanted);
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
            <Each each=move || group.parts.get() key=Part::key let:part>
                {
                    let gone = Callback::new(move |()| take(part.key()));
                    match part {
                        Part::Test(line) => line_view(tree, root, line, depth, gone),
                        Part::Group(inner) => group_view(tree, root, inner, depth + 1, Some(gone)),
                    }
                }
            </Each>
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

/// One condition: what it is about, comparison, value. Erased, because it may hold a group.
fn line_view(tree: Tree, root: Group, line: Line, depth: usize, on_remove: Callback<()>) -> AnyView {
    // Further records of further records would be deeper than the grammar goes.
    let deep = depth + 1 >= MAX_DEPTH;
    let offered = Subject::all(tree.schema).filter(|subject| !deep || matches!(subject, Subject::Own(_)));
    let choices: Vec<Choice> = offered.map(|subject| Choice::new(subject.name(), subject.label())).collect();
    let name = RwSignal::new(line.body.with_untracked(|body| match body {
        Body::Test(draft) => draft.subject.name(),
        Body::Many(many) => many.get_value().relation.name.to_owned(),
    }));
    let choose = move |picked: String| {
        if let Some(body) = Subject::of(tree.schema, &picked).and_then(|subject| tree.body(subject, None)) {
            line.body.set(body);
        }
    };
    let said = move || match line.body.get() {
        Body::Test(draft) => Some(draft.condition()),
        Body::Many(_) => None,
    };
    Effect::watch(said, move |_, _, _| line.refused.set(None), false);
    view! {
        <div class="filter-line" role="group" aria-label="Condition">
            <Select value=name choices=Signal::stored(choices) label="Field" on_change=choose />
            {move || match line.body.get() {
                Body::Test(draft) => {
                    let around = match draft.subject {
                        Subject::Along(relation, _) => tree.along(relation).around,
                        _ => tree.around,
                    };
                    view! {
                        <div class="filter-comparison"><Comparison draft /></div>
                        <div class="filter-operands"><Operands draft around /></div>
                    }
                    .into_any()
                }
                Body::Many(many) => {
                    let many = many.get_value();
                    let ways = [Op::HasAny, Op::HasNone].map(|op| Choice::new(op.as_str(), op.label())).to_vec();
                    view! {
                        <div class="filter-comparison">
                            <Select value=many.how choices=Signal::stored(ways) label="Comparison" />
                        </div>
                    }
                    .into_any()
                }
            }}
            <IconButton icon=IconName::X label="Remove this condition" on_click=move |_| on_remove.run(()) />
            {move || line.refused.get().map(|why| view! { <p class="inline-error" role="alert">{why}</p> })}
            {move || match line.body.get() {
                Body::Test(_) => ().into_any(),
                Body::Many(many) => {
                    let Many { tree, group, .. } = many.get_value();
                    view! { <div class="filter-many">{group_view(tree, root, group, depth + 1, None)}</div> }.into_any()
                }
            }}
        </div>
    }
    .into_any()
}
