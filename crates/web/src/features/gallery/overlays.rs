//! Things that float.

use leptos::prelude::*;

use super::{Part, Row};
use crate::{
    keyboard::{Action, Shortcuts},
    ui::{
        Announcer, BulkBar, Button, ButtonVariant, Checkbox, ConfirmDialog, Dialog, Drawer, Field, IconName, Input,
        Menu, MenuHeading, MenuItem, MenuSeparator, Placement, Popover, Side, SidePanel, Toast, Toasts, Tooltip,
        VisuallyHidden, dom::ignore,
    },
};

#[component]
pub(super) fn Overlays() -> impl IntoView {
    view! {
        <Menus />
        <Dialogs />
        <ToastSamples />
    }
}

#[component]
fn Menus() -> impl IntoView {
    let compact = RwSignal::new(true);
    let chosen = RwSignal::new("nothing".to_owned());
    let choose = move |what: &'static str| Callback::new(move |()| chosen.set(what.to_owned()));
    let only_mine = RwSignal::new(false);
    view! {
        <Part title="Menu, popover, tooltip">
            <Row>
                <Menu label="Actions" text="Actions" caret=true variant=ButtonVariant::Secondary>
                    <MenuHeading label="This deal" />
                    <MenuItem icon=IconName::Pencil keys="e" on_select=choose("Edit")>"Edit"</MenuItem>
                    <MenuItem icon=IconName::Copy on_select=choose("Duplicate")>"Duplicate"</MenuItem>
                    <MenuItem icon=IconName::ExternalLink href="/dev/ui">"Open full page"</MenuItem>
                    <MenuItem icon=IconName::Lock disabled=true>"Lock"</MenuItem>
                    <MenuSeparator />
                    <MenuItem checked=compact on_select=move |()| compact.update(|on| *on = !*on)>"Compact rows"</MenuItem>
                    <MenuSeparator />
                    <MenuItem icon=IconName::Archive keys="#" danger=true on_select=choose("Archive")>"Archive"</MenuItem>
                </Menu>
                <Menu label="More actions" icon=IconName::Ellipsis placement=Placement::BottomEnd>
                    <MenuItem on_select=choose("Export")>"Export"</MenuItem>
                    <MenuItem on_select=choose("Print")>"Print"</MenuItem>
                </Menu>
                <Popover label="Filter" icon=IconName::ListFilter text="Filter" variant=ButtonVariant::Secondary>
                    <div class="flex w-[220px] flex-col gap-3">
                        <Field label="Name contains"><Input value=RwSignal::new(String::new()) /></Field>
                        <Checkbox checked=only_mine label="Only mine" />
                    </div>
                </Popover>
                <Tooltip text="Weighted by the probability of each stage">
                    <span class="underline decoration-dotted underline-offset-4">"Weighted total"</span>
                </Tooltip>
                <span class="text-sm text-muted">"Chosen: "{move || chosen.get()}</span>
            </Row>
        </Part>
    }
}

#[component]
fn Dialogs() -> impl IntoView {
    let dialog = RwSignal::new(false);
    let confirm = RwSignal::new(false);
    let drawer = RwSignal::new(false);
    let left = RwSignal::new(false);
    let panel = RwSignal::new(false);
    let deleting = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let delete = move |()| {
        deleting.set(true);
        set_timeout(
            move || {
                ignore(deleting.try_set(false));
                ignore(confirm.try_set(false));
            },
            std::time::Duration::from_millis(600),
        );
    };
    Shortcuts::current()
        .register(Action::new("gallery.dialog", "Open the sample dialog", move || dialog.set(true)).keys("o d"));
    view! {
        <Part title="Dialogs and panels">
            <Row>
                <Button on_click=move |_| dialog.set(true)>"Open dialog"</Button>
                <Button variant=ButtonVariant::DangerGhost on_click=move |_| confirm.set(true)>"Delete…"</Button>
                <Button on_click=move |_| drawer.set(true)>"Open drawer"</Button>
                <Button on_click=move |_| left.set(true)>"Open navigation drawer"</Button>
                <Button on_click=move |_| panel.update(|on| *on = !*on)>"Toggle side panel"</Button>
            </Row>
            <Dialog open=dialog title="New company" footer=move || view! {
                <Button on_click=move |_| dialog.set(false)>"Cancel"</Button>
                <Button variant=ButtonVariant::Primary on_click=move |_| dialog.set(false)>"Create company"</Button>
            }>
                <div class="form">
                    <Field label="Company name"><Input value=name autofocus=true /></Field>
                    <Field label="Domain" optional=true><Input value=RwSignal::new(String::new()) /></Field>
                </div>
            </Dialog>
            <ConfirmDialog open=confirm danger=true title="Delete 3 companies?"
                text="Their contacts and deals stay. This cannot be undone."
                confirm="Delete companies" busy=deleting on_confirm=delete />
            <Drawer open=drawer title="Edit columns">"The content of a drawer."</Drawer>
            <Drawer open=left side=Side::Start title="Rapport">"The navigation on phones."</Drawer>
            <Show when=move || panel.get()>
                <SidePanel title="Acme Ltd" full_href="/dev/ui" on_close=move |()| panel.set(false)>
                    "A record beside its list."
                </SidePanel>
            </Show>
        </Part>
    }
}

#[component]
fn ToastSamples() -> impl IntoView {
    let toasts = Toasts::current();
    let announcer = Announcer::current();
    let selected = RwSignal::new(0_usize);
    view! {
        <Part title="Toasts and announcements">
            <Row>
                <Button on_click=move |_| ignore(toasts.success("Contact created"))>"Done"</Button>
                <Button on_click=move |_| {
                    toasts.show(Toast::success("Deal archived").undo(move || ignore(toasts.success("Deal restored"))));
                }>"With undo"</Button>
                <Button on_click=move |_| {
                    toasts.show(
                        Toast::error("The deal was not moved")
                            .detail("Somebody else moved it to Won. It is back where it was.")
                            .request_id(Some("019363a2-77e1-7cc0-b8f2-0d8a5c1e2f4b".to_owned())),
                    );
                }>"Error"</Button>
                <Button on_click=move |_| ignore(toasts.show(Toast::info("A new version is ready").action("Reload", || ())))>"With action"</Button>
                <Button on_click=move |_| announcer.polite("Three results")>"Announce"<VisuallyHidden>" politely"</VisuallyHidden></Button>
                <Button on_click=move |_| selected.update(|n| *n += 3)>"Select 3 rows"</Button>
            </Row>
            <BulkBar count=selected on_clear=move |()| selected.set(0)>
                <Button variant=ButtonVariant::Ghost icon=IconName::User>"Assign owner"</Button>
                <Button variant=ButtonVariant::Ghost icon=IconName::Tag>"Add tag"</Button>
                <Button variant=ButtonVariant::Ghost icon=IconName::Archive>"Archive"</Button>
            </BulkBar>
        </Part>
    }
}
