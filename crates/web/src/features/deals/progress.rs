//! Where a deal stands: its stages in a bar, and the buttons that end or reopen it.

use super::closing::Question;
use super::moves::{Place, closing, is_open, moving, reopening_to};
use crate::api::deals::Ending;
use crate::data::{use_mutations, use_session};
use crate::dialogs::asked;
use crate::features::records::look::Shown;
use crate::features::records::value::StageDot;
use crate::ui::{Button, ButtonVariant, ControlSize, IconName};
use domain::deals::close::{CloseDeal, closing_stage, status_in};
use domain::permission::Permission;
use domain::pipelines::Stage;
use leptos::prelude::*;

/// The bar and the buttons.
#[component]
pub fn Progress(
    /// The deal.
    shown: Shown,
) -> impl IntoView {
    let Shown { row, lookup, .. } = shown;
    let stages = Memo::new(move |_| {
        let pipeline = row.with(|row| row.id_in("pipeline_id"));
        pipeline.and_then(|id| lookup.pipeline(id)).map(|pipeline| pipeline.stages).unwrap_or_default()
    });
    let session = use_session();
    let may = move |permission: Permission| {
        let session = session.clone();
        Memo::new(move |_| row.with(|row| row.archived_at().is_none() && session.may(permission, &row.whose())))
    };
    let (may_move, may_win, may_lose) =
        (may(Permission::DealStageChange), may(Permission::DealWin), may(Permission::DealLose));
    let mutations = StoredValue::new(use_mutations());
    let question = RwSignal::new(None::<Question>);

    let ask = move |how: Ending| {
        let deal = row.get_untracked();
        let title = deal.title.clone();
        let flagged = stages.with_untracked(|stages| closing_stage(stages, how.status()).cloned());
        let answer = Callback::new(move |input: CloseDeal| {
            mutations.with_value(|mutations| mutations.run(closing(&deal, how, input, flagged.as_ref())));
        });
        question.set(Some(Question { title, how, answer }));
    };
    let go = move |to: Stage| {
        let deal = row.get_untracked();
        let (title, here) = (deal.title.clone(), deal.id_in("stage_id"));
        if here == Some(to.id) {
            return;
        }
        let from = stages.with_untracked(|stages| stages.iter().find(|stage| Some(stage.id) == here).cloned());
        let from = from.map(|stage| Place { stage, before: None, after: None });
        let place = Place { stage: to.clone(), before: None, after: None };
        let run = Callback::new(move |close: CloseDeal| {
            mutations.with_value(|mutations| mutations.run(moving(&deal, &place, close, from.clone())));
        });
        match Ending::of(status_in(&to)) {
            Some(how) => question.set(Some(Question { title, how, answer: run })),
            None => run.run(CloseDeal::default()),
        }
    };
    let open = Memo::new(move |_| row.with(is_open));
    let buttons = move || {
        if !open.get() {
            let reopen = move |_| {
                let deal = row.get_untracked();
                mutations.with_value(|mutations| mutations.run(reopening_to(&deal, None, None)));
            };
            return (move || {
                may_move.get().then(|| {
                    view! {
                        <Button size=ControlSize::Sm icon=IconName::RotateCcw on_click=reopen>"Reopen"</Button>
                    }
                })
            })
            .into_any();
        }
        view! {
            {move || may_win.get().then(|| view! {
                <Button size=ControlSize::Sm icon=IconName::CircleCheck on_click=move |_| ask(Ending::Win)>"Win"</Button>
            })}
            {move || may_lose.get().then(|| view! {
                <Button size=ControlSize::Sm icon=IconName::CircleX on_click=move |_| ask(Ending::Lose)>"Lose"</Button>
                <Button size=ControlSize::Sm variant=ButtonVariant::Ghost on_click=move |_| ask(Ending::Abandon)>"Abandon"</Button>
            })}
        }
        .into_any()
    };
    let current = Memo::new(move |_| row.with(|row| row.id_in("stage_id")));
    let bar = move || {
        let all = stages.get();
        let at = all.iter().position(|stage| Some(stage.id) == current.get());
        all.into_iter()
            .enumerate()
            .map(|(n, stage)| {
                let here = at == Some(n);
                let passed = at.is_some_and(|at| n < at);
                let name = stage.name.clone();
                let class = if here {
                    "rec-step rec-step-here"
                } else if passed {
                    "rec-step rec-step-passed"
                } else {
                    "rec-step"
                };
                let target = stage.clone();
                let locked = move || !may_move.get() || !open.get();
                view! {
                    <li>
                        <button type="button" class=class disabled=locked aria-current=here.then_some("step")
                            data-tip=format!("{name} · {}%", stage.probability)
                            on:click=move |_| go(target.clone())>
                            <StageDot color=stage.color />
                            <span>{name.clone()}</span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="rec-progress">
            <ol class="rec-steps" aria-label="Stages">{bar}</ol>
            <div class="rec-progress-actions">{buttons}</div>
        </div>
        {asked(question, Box::new(move |dialogs| (dialogs.closing)(question)))}
    }
}
