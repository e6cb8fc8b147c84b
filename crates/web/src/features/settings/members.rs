//! Members: who is in the organization, with which role; invitations.

mod invite;

use super::{PARENT, loading_rows};
use crate::api;
use crate::data::{Load, queries, use_cache, use_directory, use_notices, use_query, use_session};
use crate::features::failed::failed;
use crate::shell::{NoAccess, PageHeader};
use crate::ui::{
    Avatar, Badge, Button, ButtonVariant, Card, Choice, ConfirmDialog, ControlSize, Each, IconButton, IconName, Select,
    Tone, as_it_is, following, format,
};
use domain::auth::{Invitation, Member};
use domain::permission::{Permission, Role};
use invite::{InviteDialog, NewLinkDialog};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The members page.
#[component]
pub fn MembersPage() -> impl IntoView {
    if !use_session().can(Permission::MemberManage) {
        return view! { <NoAccess text="Members are managed by the administrators of the organization." /> }.into_any();
    }
    let inviting = RwSignal::new(false);
    let actions = move || {
        view! {
            <Button variant=ButtonVariant::Primary icon=IconName::UserPlus on_click=move |_| inviting.set(true)>
                "Invite member"
            </Button>
        }
    };
    view! {
        <PageHeader title="Members" parents=vec![PARENT] actions=actions />
        <MemberList />
        <Invitations />
        <InviteDialog open=inviting />
    }
    .into_any()
}

/// The roles that can be given; only an owner makes owners.
fn role_choices(owner: bool) -> Vec<Choice> {
    let offered = Role::ALL.iter().filter(|role| owner || **role != Role::Owner);
    offered.map(|role| Choice::new(role.as_str(), role.label()).hint(explain(*role))).collect()
}

/// What a role may do, in a sentence.
const fn explain(role: Role) -> &'static str {
    match role {
        Role::Owner => "Everything, including deleting the organization.",
        Role::Admin => "Everything, including members and settings.",
        Role::Manager => "All records and pipelines; deletes nothing.",
        Role::Member => "Makes records; changes and archives their own.",
        Role::Viewer => "Sees everything, changes nothing.",
    }
}

/// People in rows, with their actions at the end.
#[component]
fn Table(headings: [&'static str; 4], children: Children) -> impl IntoView {
    view! {
        <div class="plain-table-wrap">
            <table class="plain-table">
                <thead>
                    <tr>
                        {headings.map(|heading| view! { <th scope="col">{heading}</th> }).collect_view()}
                        <th scope="col"><span class="sr-only-kit">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn MemberList() -> impl IntoView {
    let (directory, cache, notices) = (use_directory(), use_cache(), use_notices());
    let members = Memo::new(move |_| directory.active_members());
    let removing = RwSignal::new(None::<Member>);
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let name = move || removing.get().map(|member| member.name).unwrap_or_default();
    let remove = move |()| {
        let Some(member) = removing.get_untracked() else { return };
        let (cache, notices) = (cache.clone(), notices.clone());
        busy.set(true);
        spawn_local(async move {
            match api::members::remove(member.id).await {
                Ok(()) => {
                    notices.done(format!("{} is no longer a member", member.name));
                    cache.invalidate(&["members"]);
                }
                Err(fail) => notices.failed(format!("{} was not removed", member.name), &fail),
            }
            busy.try_set(false);
            asking.try_set(false);
        });
    };
    let ask = Callback::new(move |member: Member| {
        removing.set(Some(member));
        asking.set(true);
    });
    view! {
        <Card flush=true>
            {move || match directory.members.state() {
                Load::Loading => loading_rows(4),
                Load::Failed(fail) => failed("The members could not be loaded", &fail, move || directory.members.refetch()),
                Load::Ready(_) => view! {
                    <Table headings=["Name", "Email", "Role", "Joined"]>
                        <Each each=move || members.get() key=|member| (member.id, member.name.clone()) let:member>
                            <MemberRow member=as_it_is(members, member, |member| member.id) ask />
                        </Each>
                    </Table>
                }.into_any(),
            }}
        </Card>
        <ConfirmDialog open=asking danger=true busy=busy
            title=Signal::derive(move || format!("Remove {}?", name()))
            text=Signal::derive(move || format!(
                "{} can no longer sign in to this organization. Their records stay and keep their owner's name.", name()
            ))
            confirm="Remove member"
            on_confirm=remove />
    }
}

#[component]
fn MemberRow(member: Memo<Member>, ask: Callback<Member>) -> impl IntoView {
    let session = use_session();
    let me = session.me_untracked();
    let first = member.get_untracked();
    let is_me = me.as_ref().is_some_and(|me| me.user.id == first.id);
    let i_own = me.is_some_and(|me| me.role == Role::Owner);
    // Nobody changes their own role, and only owners touch owners: the server refuses both.
    let role = Memo::new(move |_| member.with(|member| member.role));
    let locked = Memo::new(move |_| is_me || (role.get() == Some(Role::Owner) && !i_own));
    let joined = first.joined_at.map(|at| format::date(at.date_naive())).unwrap_or_default();
    let name = first.name.clone();
    view! {
        <tr>
            <td>
                <span class="person">
                    <Avatar name=first.name.clone() seed=first.id.to_string() src=first.avatar_url.clone() />
                    <span class="cell-name">
                        <span>{first.name.clone()}</span>
                        {is_me.then(|| view! { <Badge>"You"</Badge> })}
                    </span>
                </span>
            </td>
            <td class="cell-muted">{first.email.clone()}</td>
            <td>
                {move || if locked.get() {
                    role.get().map(|role| view! { <Badge tone=role_tone(role)>{role.label()}</Badge> }).into_any()
                } else {
                    view! { <RoleSelect member owner=i_own /> }.into_any()
                }}
            </td>
            <td class="cell-muted">{joined}</td>
            <td class="cell-actions">
                {move || (!locked.get()).then(|| view! {
                    <IconButton icon=IconName::Trash2 label=format!("Remove {name}")
                        on_click=move |_| ask.run(member.get_untracked()) />
                })}
            </td>
        </tr>
    }
}

const fn role_tone(role: Role) -> Tone {
    match role {
        Role::Owner => Tone::Accent,
        Role::Admin => Tone::Info,
        Role::Manager | Role::Member | Role::Viewer => Tone::Neutral,
    }
}

#[component]
fn RoleSelect(member: Memo<Member>, owner: bool) -> impl IntoView {
    let (cache, notices) = (use_cache(), use_notices());
    let stored = |member: &Member| member.role.map(Role::as_str).unwrap_or_default().to_owned();
    let value = following(move || member.with(stored));
    let label = format!("Role of {}", member.with_untracked(|member| member.name.clone()));
    let change = move |picked: String| {
        let Some(role) = Role::parse(&picked) else { return };
        let (cache, notices) = (cache.clone(), notices.clone());
        let Member { id, name, .. } = member.get_untracked();
        spawn_local(async move {
            match api::members::set_role(id, role).await {
                Ok(_) => {
                    notices.done(format!("{name} is now {}", role.label().to_lowercase()));
                    cache.invalidate(&["members"]);
                }
                Err(fail) => {
                    if let Some(before) = member.try_with_untracked(stored) {
                        value.try_set(before);
                    }
                    notices.failed(format!("The role of {name} was not changed"), &fail);
                }
            }
        });
    };
    view! {
        <div class="w-32"><Select value=value choices=role_choices(owner) label=label size=ControlSize::Sm on_change=change /></div>
    }
}

#[component]
fn Invitations() -> impl IntoView {
    let pending = use_query(|| Some(queries::invitations()));
    let renewed = RwSignal::new(None::<Invitation>);
    view! {
        <NewLinkDialog renewed />
        {move || match pending.state() {
            Load::Ready(page) if !page.data.is_empty() => view! {
                <Card title="Pending invitations" flush=true>
                    <Table headings=["Email", "Role", "Invited by", "Can be accepted until"]>
                        {page.data.iter().map(|one| view! { <InvitationRow invitation=one.clone() renewed /> }).collect_view()}
                    </Table>
                </Card>
            }.into_any(),
            Load::Failed(fail) => failed("The invitations could not be loaded", &fail, move || pending.refetch()),
            Load::Ready(_) | Load::Loading => ().into_any(),
        }}
    }
}

/// Links are told only once: who has lost one gets another, and the former is worthless.
#[component]
fn InvitationRow(invitation: Invitation, renewed: RwSignal<Option<Invitation>>) -> impl IntoView {
    let (directory, cache, notices) = (use_directory(), use_cache(), use_notices());
    let (id, email, role) = (invitation.id, invitation.email.clone(), invitation.role);
    // Only owners invite owners.
    let may_renew = role != Role::Owner || use_session().role() == Some(Role::Owner);
    let (renewing, revoking) = (RwSignal::new(false), RwSignal::new(false));
    let by = invitation.invited_by;
    let renew = {
        let (cache, notices, email) = (cache.clone(), notices.clone(), email.clone());
        move |_| {
            let (cache, notices, email) = (cache.clone(), notices.clone(), email.clone());
            renewing.set(true);
            spawn_local(async move {
                match api::members::renew(id).await {
                    Ok(invitation) => {
                        renewed.try_set(Some(invitation));
                    }
                    Err(fail) => notices.failed(format!("There is no new link for {email}"), &fail),
                }
                renewing.try_set(false);
                cache.invalidate(&["invitations"]);
            });
        }
    };
    let revoke = move |_| {
        let (cache, notices, email) = (cache.clone(), notices.clone(), email.clone());
        revoking.set(true);
        spawn_local(async move {
            match api::members::revoke(id).await {
                Ok(()) => notices.done(format!("The invitation of {email} was taken back")),
                Err(fail) => notices.failed("The invitation was not taken back", &fail),
            }
            revoking.try_set(false);
            cache.invalidate(&["invitations"]);
        });
    };
    view! {
        <tr>
            <td>{invitation.email.clone()}</td>
            <td><Badge tone=role_tone(role)>{role.label()}</Badge></td>
            <td class="cell-muted">{move || by.map(|id| directory.member_name(id))}</td>
            <td class="cell-muted" data-tip=format::exact(invitation.expires_at)>
                {format::date(invitation.expires_at.date_naive())}
            </td>
            <td class="cell-actions">
                {may_renew.then(|| view! {
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Link loading=renewing
                        on_click=renew>"New link"</Button>
                })}
                <Button variant=ButtonVariant::DangerGhost size=ControlSize::Sm loading=revoking on_click=revoke>
                    "Take back"
                </Button>
            </td>
        </tr>
    }
}
