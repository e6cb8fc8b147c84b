//! The organization: name, defaults for records and imports, which deals are marked, deletion.

use super::{PARENT, SettingsForm};
use crate::api;
use crate::data::{use_notices, use_session};
use crate::features::forms::{NAME_MAX, check_on_blur, passes, readable, send, show_fail};
use crate::features::places;
use crate::shell::{NoAccess, PageHeader};
use crate::ui::{
    Button, ButtonVariant, Card, Choice, Dialog, DialogSize, Field, FormError, FormState, Input, InputKind, MoneyInput,
    Select, Typed,
};
use domain::auth::{DateOrder, OrgInput, check_name};
use domain::error::{FieldError, code};
use domain::permission::Permission;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

/// The organization page.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let session = use_session();
    let (allowed, owner) = (session.can(Permission::SettingsManage), session.can(Permission::OrgDelete));
    if !allowed {
        return view! { <NoAccess text="The organization is managed by its administrators." /> }.into_any();
    }
    view! {
        <PageHeader title="Organization" parents=vec![PARENT] />
        <OrganizationForm />
        {owner.then(|| view! { <DeleteOrganization /> })}
    }
    .into_any()
}

#[component]
fn OrganizationForm() -> impl IntoView {
    let (session, notices) = (use_session(), use_notices());
    let Some(me) = session.me_untracked() else { return ().into_any() };
    let settings = me.organization.settings.clone();
    let form = FormState::with_draft(format!("draft:{}:{}:organization", me.user.id, me.organization.id));
    let name = form.value("name", me.organization.name.clone());
    let currency = form.value("currency", settings.currency.clone());
    let zone = form.value("timezone", settings.timezone.clone());
    let region = form.value("phone_region", settings.phone_region.clone());
    let order = form.value("date_order", settings.date_order.as_str().to_owned());
    let hot = form.value("hot_probability", settings.hot_probability.map(|n| n.to_string()).unwrap_or_default());
    let high = form.value("high_value_minor", Typed::from(settings.high_value_minor));
    let check_name = move || check_name("name", "The name", &name.get_untracked(), NAME_MAX).map(drop);
    let check_hot = move || hot.with_untracked(|text| percentage(text)).map(drop);
    let read_high = move || high.with_untracked(|typed| readable("high_value_minor", code::AMOUNT, typed));

    let save = move |()| {
        if !passes(form, [check_name(), check_hot(), read_high().map(drop)]) {
            return;
        }
        let input = OrgInput {
            name: Some(name.get_untracked()),
            currency: Some(currency.get_untracked()),
            timezone: Some(zone.get_untracked()),
            phone_region: Some(region.get_untracked()),
            date_order: DateOrder::parse(&order.get_untracked()),
            hot_probability: hot.with_untracked(|text| percentage(text)).ok(),
            high_value_minor: read_high().ok(),
        };
        let (session, notices) = (session.clone(), notices.clone());
        send(form, async move { api::org::update(&input).await }, move |organization| {
            session.set_organization(organization);
            notices.done("Organization saved");
        });
    };
    let orders = vec![
        Choice::new("mdy", "Month/day/year (03/14/2027)"),
        Choice::new("dmy", "Day/month/year (14/03/2027)"),
        Choice::new("ymd", "Year-month-day (2027-03-14)"),
    ];
    view! {
        <SettingsForm form on_save=save>
            <Field label="Name" form=form path="name" required=true>
                <Input value=name on_blur=move |()| check_on_blur(form, "name", false, check_name()) />
            </Field>
            <Field label="Currency" form=form path="currency" hint="Of new companies and deals.">
                <Select value=currency choices=places::currencies() />
            </Field>
            <Field label="Time zone" form=form path="timezone" hint="Decides what “today” and “this month” are.">
                <Select value=zone choices=places::time_zones(&settings.timezone) />
            </Field>
            <Field label="Country for phone numbers" form=form path="phone_region"
                hint="Numbers without a country code are read as numbers of this country.">
                <Select value=region choices=places::countries(&settings.phone_region) />
            </Field>
            <Field label="Dates in imports" form=form path="date_order"
                hint="How dates such as 03/04/2027 are read unless an import says otherwise.">
                <Select value=order choices=orders />
            </Field>
            // PIPELINE-10.
            <Field label="A deal is hot from" form=form path="hot_probability" optional=true
                hint="Probability in percent, 1 to 100. Open deals from there on are marked; left empty, none is.">
                <Input value=hot kind=InputKind::Number placeholder="75"
                    on_blur=move |()| check_on_blur(form, "hot_probability", false, check_hot()) />
            </Field>
            <Field label="A deal is of high value from" form=form path="high_value_minor" optional=true
                hint="Amount of the deal. Left empty, none is marked. Deals in other currencies are not compared.">
                <MoneyInput value=high currency=currency
                    on_blur=move |()| check_on_blur(form, "high_value_minor", false, read_high().map(drop)) />
            </Field>
        </SettingsForm>
    }
    .into_any()
}

/// A probability as it was typed; nothing where the field is empty.
fn percentage(text: &str) -> Result<Option<i32>, FieldError> {
    let text = text.trim().trim_end_matches('%').trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().ok().filter(|n| (1..=100).contains(n));
    let refused = || FieldError::new("hot_probability", "out_of_range", "Please enter a whole number from 1 to 100.");
    number.map(Some).ok_or_else(refused)
}

/// AUTH-08: only the owner deletes, after typing the name.
#[component]
fn DeleteOrganization() -> impl IntoView {
    let (session, navigate) = (use_session(), use_navigate());
    let open = RwSignal::new(false);
    let form = FormState::new();
    let typed = form.value("name", String::new());
    let name = {
        let session = session.clone();
        Memo::new(move |_| session.me().map(|me| me.organization.name.clone()).unwrap_or_default())
    };
    let matches = Signal::derive(move || typed.with(|typed| typed.trim() == name.get()));
    let delete = Callback::new(move |()| {
        if !matches.get_untracked() || form.saving().get_untracked() {
            return;
        }
        form.start_saving();
        let (session, navigate) = (session.clone(), navigate.clone());
        spawn_local(async move {
            if let Err(fail) = api::org::delete().await {
                show_fail(form, &fail);
                return;
            }
            // With a further organization the person goes on there, otherwise the session is over.
            match api::auth::session().await.ok().and_then(|info| info.me) {
                Some(me) => {
                    session.enter(me);
                    navigate("/", Default::default());
                }
                None => {
                    session.forget();
                    navigate("/login", Default::default());
                }
            }
        });
    });
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Danger loading=form.saving()
                disabled=Signal::derive(move || !matches.get()) on_click=move |_| delete.run(())>
                "Delete organization"
            </Button>
        }
    };
    view! {
        <Card>
            <div class="settings-row">
                <div>
                    <h2>"Delete organization"</h2>
                    <p>"Deletes every company, contact, deal and file of the organization, for all members."</p>
                </div>
                <Button variant=ButtonVariant::DangerGhost on_click=move |_| {
                    typed.set(String::new());
                    open.set(true);
                }>"Delete organization…"</Button>
            </div>
        </Card>
        <Dialog open=open title=Signal::derive(move || format!("Delete {}?", name.get())) size=DialogSize::Sm
            footer=footer>
            <form class="flex flex-col gap-4" on:submit=move |ev: SubmitEvent| {
                ev.prevent_default();
                delete.run(());
            } novalidate>
                <p>"Everything in it is deleted for all members. This cannot be undone."</p>
                <Field label="Type the organization's name to confirm" form=form path="name"
                    hint=name.get_untracked()>
                    <Input value=typed autofocus=true />
                </Field>
                <FormError form=form />
            </form>
        </Dialog>
    }
}
