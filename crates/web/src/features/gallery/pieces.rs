//! Things that show something.

use leptos::prelude::*;

use super::{Part, Row};
use crate::ui::{
    Avatar, AvatarSize, Badge, Banner, Breadcrumb, Button, ButtonVariant, Card, CopyButton, Count, Dot, EmptyState,
    ErrorState, FilterChip, Hue, Icon, IconName, Kbd, Person, ProgressBar, Properties, Property, RelativeTime,
    Skeleton, Spinner, StatCard, Tab, Tabs, Tag, Timeline, TimelineDay, TimelineItem, Tone, Trend, format,
};

#[component]
pub(super) fn Pieces() -> impl IntoView {
    view! {
        <Marks />
        <Navigation />
        <Cards />
        <Formats />
        <States />
        <Icons />
    }
}

#[component]
fn Marks() -> impl IntoView {
    let removed = RwSignal::new(false);
    view! {
        <Part title="Badges, tags, people">
            <Row>
                <Badge>"Draft"</Badge>
                <Badge tone=Tone::Success icon=IconName::Check>"Won"</Badge>
                <Badge tone=Tone::Warning icon=IconName::Clock>"Rotting"</Badge>
                <Badge tone=Tone::Danger>"Overdue"</Badge>
                <Badge tone=Tone::Info>"Sent"</Badge>
                <Badge tone=Tone::Accent>"New"</Badge>
                <Count value=7_usize />
                <Count value=1204_usize accent=true label="unread" />
            </Row>
            <Row>{Hue::all().map(|hue| view! { <Tag label=hue.name() hue=hue dot=true /> }).collect_view()}</Row>
            <Row>{Hue::all().map(|hue| view! { <span class="inline-flex items-center gap-1 text-sm"><Dot hue />{hue.number()}</span> }).collect_view()}</Row>
            <Row>
                {move || (!removed.get()).then(|| view! {
                    <Tag label="Removable" hue=Hue::new(9) on_remove=move |()| removed.set(true) />
                })}
                <FilterChip field="Stage" operator="is" value="Won, Lost" on_edit=|_| () on_remove=|()| () />
                <FilterChip field="Amount" operator="is over" value=format::money(500_000, "EUR") on_edit=|_| () on_remove=|()| () />
                <Kbd keys="mod+k" />
                <Kbd keys="g c" />
                <Kbd keys="?" />
                <CopyButton text="ada@acme.example" label="Copy e-mail address" />
            </Row>
            <Row>
                <Avatar name="Ada Lovelace" size=AvatarSize::Sm titled=true />
                <Avatar name="Ada Lovelace" titled=true />
                <Avatar name="Grace Hopper" size=AvatarSize::Lg titled=true />
                <Avatar name="Katherine Johnson" size=AvatarSize::Xl titled=true />
                <Avatar name="Acme Ltd" size=AvatarSize::Lg square=true titled=true />
                <span class="avatar-stack">
                    <Avatar name="Ada Lovelace" size=AvatarSize::Sm titled=true />
                    <Avatar name="Barbara Liskov" size=AvatarSize::Sm titled=true />
                    <Avatar name="Edsger Dijkstra" size=AvatarSize::Sm titled=true />
                </span>
                <Person name="Margaret Hamilton" />
                <Person name="Northwind Traders" square=true />
            </Row>
        </Part>
    }
}

#[component]
fn Navigation() -> impl IntoView {
    let tab = RwSignal::new("timeline".to_owned());
    let tabs = vec![
        Tab::new("timeline", "Timeline"),
        Tab::new("deals", "Deals").count(3),
        Tab::new("tasks", "Tasks").count(12),
        Tab::new("files", "Files"),
    ];
    let crumbs = vec![
        ("Companies".to_owned(), "/companies".to_owned()),
        ("Acme Ltd".to_owned(), "/companies/1".to_owned()),
        ("Renewal 2027".to_owned(), String::new()),
    ];
    view! {
        <Part title="Breadcrumb and tabs">
            <Breadcrumb items=crumbs />
            <div>
                <Tabs tabs=tabs active=tab on_change=move |key| tab.set(key) label="Company">
                    <p class="text-muted">{move || format!("The panel of “{}”.", tab.get())}</p>
                </Tabs>
            </div>
        </Part>
    }
}

#[component]
fn Cards() -> impl IntoView {
    let now = format::now();
    let hours = chrono::Duration::hours;
    view! {
        <Part title="Cards, properties, timeline">
            <div class="grid grid-cols-2 gap-4 md:grid-cols-4">
                <StatCard label="Open pipeline" value=format::money_compact(124_500_000, "EUR") trend=Trend::Up("12% more than last month".into()) href="/deals" />
                <StatCard label="Won this month" value=format::money_round(8_250_000, "EUR") trend=Trend::Down("4% less than last month".into()) />
                <StatCard label="Win rate" value=format::percent(0.342) trend=Trend::Flat("As last month".into()) />
                <StatCard label="Overdue tasks" value="0" />
            </div>
            <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
                <Card title="Details" actions=|| view! { <Button variant=ButtonVariant::Ghost icon=IconName::Pencil>"Edit"</Button> }>
                    <Properties>
                        <Property label="Domain"><a class="link" href="/dev/ui">"acme.example"</a></Property>
                        <Property label="Owner"><Person name="Ada Lovelace" /></Property>
                        <Property label="Stage"><Tag label="Negotiation" hue=Hue::new(10) dot=true /></Property>
                        <Property label="Amount"><span class="tabular">{format::money(1_234_550, "EUR")}</span></Property>
                    </Properties>
                </Card>
                <Card title="Timeline">
                    <Timeline label="Activity of Acme">
                        <TimelineDay label="Today" />
                        <TimelineItem icon=IconName::Mail hue=Hue::new(9) at=now - hours(2)
                            title=|| view! { <b>"Ada Lovelace"</b>" sent an e-mail" }>
                            "Thanks for the call. Here is the offer we spoke about."
                        </TimelineItem>
                        <TimelineItem icon=IconName::Phone hue=Hue::new(6) at=now - hours(5)
                            title=|| view! { <b>"Grace Hopper"</b>" called, 12 minutes" } />
                        <TimelineDay label="Yesterday" />
                        <TimelineItem icon=IconName::Pencil at=now - hours(26)
                            title=|| view! { <b>"Ada Lovelace"</b>" moved the deal to Negotiation" } />
                    </Timeline>
                </Card>
            </div>
        </Part>
    }
}

#[component]
fn Formats() -> impl IntoView {
    let now = format::now();
    let today = format::today();
    let days = chrono::Duration::days;
    view! {
        <Part title="Dates, numbers, money">
            <Properties>
                <Property label="Relative">
                    <span class="flex flex-wrap gap-4">
                        <RelativeTime at=now />
                        <RelativeTime at=now - chrono::Duration::minutes(7) />
                        <RelativeTime at=now - days(1) />
                        <RelativeTime at=now - days(400) />
                        <RelativeTime at=now + days(15) />
                    </span>
                </Property>
                <Property label="Date and time">{format::date_time(now)}" · "{format::time(now)}" · "{format::date(today)}</Property>
                <Property label="Days">{format::relative_day(today)}" · "{format::relative_day(today + days(3))}" · "{format::relative_day(today + days(40))}</Property>
                <Property label="Time zone">{format::time_zone()}</Property>
                <Property label="Money">
                    <span class="tabular">
                        {format::money(1_234_550, "EUR")}" · "{format::money(-98_000, "JPY")}" · "
                        {format::money_round(1_234_550, "USD")}" · "{format::money_compact(124_500_000, "GBP")}
                    </span>
                </Property>
                <Property label="Numbers">
                    {format::count(1, "deal", "deals")}" · "{format::count(1204, "deal", "deals")}" · "
                    {format::number(12.5)}" · "{format::bytes(1_240_000)}
                </Property>
            </Properties>
        </Part>
    }
}

#[component]
fn States() -> impl IntoView {
    view! {
        <Part title="Waiting, empty, failed">
            <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
                <Card flush=true>
                    <EmptyState icon=IconName::Building2 title="No companies yet"
                        text="Companies are the organizations you sell to. Their contacts and deals hang on them.">
                        <Button variant=ButtonVariant::Primary icon=IconName::Plus>"Create company"</Button>
                        <Button>"Import from CSV"</Button>
                    </EmptyState>
                </Card>
                <Card flush=true>
                    <ErrorState title="The companies could not be loaded"
                        text="The server did not answer within 10 seconds. Nothing was changed."
                        request_id="019363a2-77e1-7cc0-b8f2-0d8a5c1e2f4b".to_owned() on_retry=|()| () />
                </Card>
            </div>
            <div class="grid grid-cols-1 gap-6 md:grid-cols-3">
                <ProgressBar label="Importing contacts" value=Some(0.42) note="2,100 of 5,000" />
                <ProgressBar label="Exporting deals" value=Some(0.07) />
                <ProgressBar label="Preparing" value=None />
            </div>
            <div class="flex flex-col gap-2">
                <Banner>"You see a copy from 10:42. "<a class="link" href="/dev/ui">"Reload"</a></Banner>
                <Banner tone=Tone::Warning>"Your trial ends in 3 days."</Banner>
                <Banner tone=Tone::Danger>"The mailbox of Ada Lovelace is disconnected."</Banner>
                <Banner tone=Tone::Success>"5,000 contacts imported."</Banner>
            </div>
            <Row>
                <Spinner />
                <Skeleton width="24px" height="24px" round=true />
                <Skeleton width="160px" />
                <Skeleton width="90px" />
            </Row>
        </Part>
    }
}

#[component]
fn Icons() -> impl IntoView {
    view! {
        <Part title="Icons">
            <div class="flex flex-wrap gap-3 text-muted">
                {IconName::ALL.iter().map(|name| view! { <span data-tip=name.name()><Icon name=*name /></span> }).collect_view()}
            </div>
        </Part>
    }
}
