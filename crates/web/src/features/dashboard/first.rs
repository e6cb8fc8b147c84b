//! What to do first in an organization without deals.

use crate::data::use_session;
use crate::shell::{Creating, icon_of};
use crate::ui::{Button, Icon, IconName};
use domain::catalog::RecordType;
use domain::permission::Permission;
use leptos::prelude::*;

/// The first steps that this person may take.
#[component]
pub(super) fn FirstSteps() -> impl IntoView {
    let session = use_session();
    let creating = Creating::current();
    let may = |permission| untrack(|| session.can(permission));
    let step = |icon: IconName, title: &'static str, text: &'static str, button: AnyView| {
        view! {
            <li class="first-step">
                <span class="state-mark"><Icon name=icon /></span>
                <h3>{title}</h3>
                <p>{text}</p>
                {button}
            </li>
        }
    };
    let import = may(Permission::ImportRun).then(|| {
        step(
            IconName::Upload,
            "Bring your data",
            "Companies, contacts and deals from a CSV file of any shape.",
            view! { <Button icon=IconName::Upload href="/import/companies">"Import companies"</Button> }.into_any(),
        )
    });
    let deal =
        may(Permission::DealCreate).then(|| {
            step(icon_of(RecordType::Deal), "Add a deal", "With a value and a date, it counts in the figures above.",
            view! { <Button icon=IconName::Plus on_click=move |_| creating.open(RecordType::Deal)>"New deal"</Button> }
                .into_any())
        });
    let invite = may(Permission::MemberManage).then(|| {
        step(
            IconName::UserPlus,
            "Invite your team",
            "Colleagues join by a link and see changes as they happen.",
            view! { <Button icon=IconName::UserPlus href="/settings/members">"Invite members"</Button> }.into_any(),
        )
    });
    let any = import.is_some() || deal.is_some() || invite.is_some();
    any.then(|| {
        view! {
            <section class="card first-steps" aria-labelledby="first-steps">
                <h2 id="first-steps">"Get started"</h2>
                <ol>{import}{deal}{invite}</ol>
            </section>
        }
    })
}
