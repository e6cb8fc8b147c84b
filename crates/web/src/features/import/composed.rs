//! Fields that no single column feeds: texts composed from columns, and texts that are the same for every row.

use super::state::{Place, Wizard};
use crate::ui::{
    Card, Choice, ControlSize, Each, Field, IconButton, IconName, Input, Menu, MenuItem, Placement, Select,
};
use domain::import::plan::Source;
use leptos::prelude::*;

/// The card.
#[component]
pub(super) fn Composed(wizard: Wizard) -> impl IntoView {
    let composed = Memo::new(move |_| {
        wizard.plan.with(|plan| {
            let own = plan.mapping.iter().filter(|m| !matches!(m.source, Source::Columns(_)));
            own.map(|m| m.field.clone()).collect::<Vec<_>>()
        })
    });
    let free = Signal::derive(move || {
        wizard.plan.with(|plan| {
            wizard.targets.with_value(|all| {
                let free = all.iter().filter(|t| plan.source(&t.key).is_none());
                free.map(|t| Choice::new(&*t.key, &*t.label)).collect::<Vec<_>>()
            })
        })
    });
    let picked = RwSignal::new(String::new());
    view! {
        <Card title="Other values">
            <p class="import-hint">
                "For fields without a column of their own. A column's name in braces stands for its value: "
                <code>"{account} – {product}"</code>". Text without braces is the same for every row."
            </p>
            <div class="import-composed">
                <Each each=move || composed.get() key=Clone::clone let:field>
                    <ComposedRow wizard field />
                </Each>
                <div class="import-add">
                    <Select value=picked choices=free empty="Add a field…" size=ControlSize::Sm label="Add a field"
                        on_change=move |field: String| {
                            picked.set(String::new());
                            if !field.is_empty() {
                                wizard.change(|plan| plan.compose(&field, ""));
                            }
                        } />
                </div>
            </div>
        </Card>
    }
}

#[component]
fn ComposedRow(wizard: Wizard, field: String) -> impl IntoView {
    let text = wizard.plan.with_untracked(|plan| match plan.source(&field) {
        Some(Source::Template(text) | Source::Constant(text)) => text.clone(),
        Some(Source::Columns(_)) | None => String::new(),
    });
    let is_new = text.is_empty();
    let text = RwSignal::new(text);
    let label = wizard.label(&field);
    let remove = format!("Leave {label} out");
    let place = Place::Field(field.clone());
    let field = StoredValue::new(field);
    let set = Callback::new(move |now: String| {
        text.set(now.clone());
        wizard.change(|plan| field.with_value(|field| plan.compose(field, &now)));
    });
    let headers = wizard.preview.with_untracked(|p| p.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>());
    view! {
        <div class="import-composed-row">
            <Field label=label error=Signal::derive(move || wizard.trouble(&place))>
                <Input value=text max_length=1_000_u32 autofocus=is_new on_input=set />
            </Field>
            <span class="import-composed-tools">
                <Menu label="Insert a column" icon=IconName::Columns3 placement=Placement::BottomEnd>
                    {headers.iter().map(|header| {
                        let header = header.clone();
                        let shown = header.clone();
                        view! {
                            <MenuItem on_select=move |()| {
                                let now = text.get_untracked();
                                let gap = if now.is_empty() || now.ends_with(' ') { "" } else { " " };
                                set.run(format!("{now}{gap}{{{header}}}"));
                            }>{shown}</MenuItem>
                        }
                    }).collect_view()}
                </Menu>
                <IconButton icon=IconName::X label=remove
                    on_click=move |_| wizard.change(|plan| field.with_value(|field| plan.leave_out(field))) />
            </span>
        </div>
    }
}
