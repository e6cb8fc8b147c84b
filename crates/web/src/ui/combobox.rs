//! Combobox: choose one or several from a list that is searched while typing, locally or on the server.

use std::time::Duration;

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};

use super::{
    button::{ControlSize, IconButton},
    dom::{html_element, ignore, scroll_to, unique_id},
    field::ControlAttrs,
    float::{Dismiss, Floating},
    icon::{Icon, IconName, IconSize, Spinner},
    options::{ComboOption, OptionSource, OptionView},
};

/// How long typing must pause before the list is searched.
const DEBOUNCE: Duration = Duration::from_millis(150);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Loaded {
    Loading,
    Options(Vec<ComboOption>),
    Failed(String),
}

/// Chooses from a searchable list. Arrow keys move, Enter chooses, Escape closes, Backspace in the empty field
/// removes the last of several.
#[component]
pub fn Combobox(
    /// What is chosen, both ways; at most one unless `multi`.
    value: RwSignal<Vec<ComboOption>>,
    /// Where options come from.
    source: OptionSource,
    /// Several may be chosen.
    #[prop(optional)]
    multi: bool,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Shown while nothing is chosen.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Offers "Create …" for what was typed and matches nothing exactly.
    #[prop(optional_no_strip, into)]
    on_create: Option<Callback<String>>,
    /// Called when the user changed what is chosen.
    #[prop(optional, into)]
    on_change: Option<Callback<Vec<ComboOption>>>,
    /// Called for every key the combobox does not use itself.
    #[prop(optional, into)]
    on_key: Option<Callback<KeyboardEvent>>,
    /// Called when the user leaves it.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("combo", None);
    let id = unique_id("combo");
    let list_id = StoredValue::new(format!("{id}-list"));
    let shell_id = format!("{id}-shell");
    let input = NodeRef::<html::Input>::new();
    if autofocus {
        super::input::focus_when_shown(input);
    }

    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let loaded = RwSignal::new(Loaded::Loading);
    let active = RwSignal::new(0_usize);
    // Counts searches, so that a slow answer to an old one is dropped.
    let round = StoredValue::new(0_u32);
    // Enter came before the answer: it chooses as soon as there is something to choose.
    let hurried = StoredValue::new(false);
    let source = StoredValue::new(source);

    // The field shows the chosen label while a single choice is not being searched.
    let shown = Memo::new(move |_| {
        if open.get() || multi {
            text.get()
        } else {
            value.with(|chosen| chosen.first().map(|option| option.label.clone()).unwrap_or_default())
        }
    });

    let search = move |after: Duration| {
        let mine = round.get_value().wrapping_add(1);
        round.set_value(mine);
        hurried.set_value(false);
        loaded.set(Loaded::Loading);
        set_timeout(
            move || {
                if round.try_get_value() != Some(mine) {
                    return;
                }
                let Some(answer) = source.try_with_value(|source| (source.0)(text.get_untracked())) else { return };
                spawn_local(async move {
                    let answer = answer.await;
                    if round.try_get_value() == Some(mine) {
                        active.set(0);
                        loaded.set(answer.map_or_else(Loaded::Failed, Loaded::Options));
                    }
                });
            },
            after,
        );
    };
    let show = move || {
        if !open.get_untracked() && !disabled.get_untracked() {
            text.set(String::new());
            open.set(true);
            search(Duration::ZERO);
        }
    };
    if autofocus {
        // Opened as an editor: the list is what the user wants to see.
        Effect::new(move |_| {
            if input.get().is_some() {
                request_animation_frame(show);
            }
        });
    }
    // What can be chosen now; the offer to create comes last, as an option without a value.
    let rows = Memo::new(move |_| {
        let Loaded::Options(mut options) = loaded.get() else { return Vec::new() };
        let typed = text.get().trim().to_owned();
        let exact = options.iter().any(|option| option.label.eq_ignore_ascii_case(&typed));
        if on_create.is_some() && !typed.is_empty() && !exact {
            options.push(ComboOption::new("", format!("Create “{typed}”")));
        }
        options
    });
    let is_chosen = move |option: &ComboOption| value.with(|chosen| chosen.iter().any(|c| c.value == option.value));
    let set_value = move |chosen: Vec<ComboOption>| {
        value.set(chosen.clone());
        if let Some(call) = on_change {
            call.run(chosen);
        }
    };
    let choose = move |option: ComboOption| {
        if option.value.is_empty() {
            let typed = text.get_untracked().trim().to_owned();
            open.set(false);
            text.set(String::new());
            if let Some(call) = on_create {
                call.run(typed);
            }
            return;
        }
        if multi {
            let mut chosen = value.get_untracked();
            if chosen.iter().any(|c| c.value == option.value) {
                chosen.retain(|c| c.value != option.value);
            } else {
                chosen.push(option);
            }
            if !text.with_untracked(String::is_empty) {
                text.set(String::new());
                search(Duration::ZERO);
            }
            set_value(chosen);
        } else {
            open.set(false);
            set_value(vec![option]);
        }
    };
    Effect::watch(
        move || rows.get(),
        move |rows, _, _| {
            if let Some(option) = rows.first().filter(|_| hurried.get_value()) {
                hurried.set_value(false);
                choose(option.clone());
            }
        },
        false,
    );
    let remove = move |gone: &str| {
        let mut chosen = value.get_untracked();
        chosen.retain(|option| option.value != gone);
        set_value(chosen);
    };
    let option_id = move |i: usize| list_id.with_value(|id| format!("{id}-{i}"));
    let move_to = move |to: usize| {
        active.set(to);
        request_animation_frame(move || {
            if let Some(element) = html_element(&option_id(to)) {
                scroll_to(&element);
            }
        });
    };
    let on_keydown = move |ev: KeyboardEvent| {
        let last = rows.with_untracked(Vec::len).saturating_sub(1);
        let at = active.get_untracked();
        match ev.key().as_str() {
            "ArrowDown" | "ArrowUp" if !open.get_untracked() => show(),
            "ArrowDown" => move_to(if at >= last { 0 } else { at + 1 }),
            "ArrowUp" => move_to(if at == 0 { last } else { at - 1 }),
            "Enter" if open.get_untracked() => match rows.with_untracked(|rows| rows.get(at).cloned()) {
                Some(option) => choose(option),
                None => hurried.set_value(loaded.with_untracked(|loaded| matches!(loaded, Loaded::Loading))),
            },
            "Escape" if open.get_untracked() => {
                open.set(false);
                text.set(String::new());
                // The dialog around it stays open.
                ev.stop_propagation();
                // An editor opened together with its list, and they close together.
                if let Some(call) = on_key.filter(|_| autofocus) {
                    call.run(ev);
                    return;
                }
            }
            "Backspace" if multi && text.with_untracked(String::is_empty) => {
                if let Some(last) = value.with_untracked(|chosen| chosen.last().map(|c| c.value.clone())) {
                    remove(&last);
                }
                return;
            }
            _ => {
                if let Some(call) = on_key {
                    call.run(ev);
                }
                return;
            }
        }
        ev.prevent_default();
    };

    let invalid = attrs.invalid;
    let anchor_id = shell_id.clone();
    let list_label = label.get_untracked().or_else(|| placeholder.clone()).unwrap_or_else(|| "Options".to_owned());
    let list_label = StoredValue::new(list_label);
    view! {
        <div class="combo">
            <div class="input-shell" id=shell_id
                data-invalid=move || invalid.get().map(|_| "true")
                data-disabled=move || disabled.get().then_some("true")
                on:click=move |_| if let Some(input) = input.get_untracked() { ignore(input.focus()); show() }>
                {move || multi.then(|| value.get().into_iter().map(|option| {
                    let gone = option.value.clone();
                    view! {
                        <span class="token">
                            <span>{option.label.clone()}</span>
                            <button type="button" tabindex="-1" aria-label=format!("Remove {}", option.label)
                                on:click=move |ev| { ev.stop_propagation(); remove(&gone) }>
                                <Icon name=IconName::X size=IconSize::Sm />
                            </button>
                        </span>
                    }
                }).collect_view())}
                <input
                    class="input-bare"
                    id=attrs.id
                    node_ref=input
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls=move || (open.get() && rows.with(|rows| !rows.is_empty())).then(|| list_id.get_value())
                    aria-activedescendant=move || (open.get() && active.get() < rows.with(Vec::len)).then(|| option_id(active.get()))
                    aria-label=move || label.get()
                    aria-describedby=move || attrs.described_by.get()
                    aria-invalid=move || invalid.get()
                    aria-required=attrs.required
                    disabled=move || disabled.get()
                    placeholder=move || {
                        let chosen = value.with(|chosen| chosen.first().filter(|_| !multi).map(|c| c.label.clone()));
                        chosen.or_else(|| placeholder.clone().filter(|_| value.with(Vec::is_empty)))
                    }
                    prop:value=move || shown.get()
                    on:input=move |ev| {
                        text.set(event_target_value(&ev));
                        if !open.get_untracked() { open.set(true) }
                        search(DEBOUNCE);
                    }
                    on:keydown=on_keydown
                    on:blur=move |_| {
                        open.try_set(false);
                        // The window losing the focus is no leaving.
                        if multi && document().has_focus().unwrap_or(true) {
                            // Taken away, it loses the focus too.
                            let typed = text.try_get_untracked().unwrap_or_default().trim().to_owned();
                            text.try_set(String::new());
                            // A name that was typed is meant, also without Enter.
                            if let Some(call) = on_create.filter(|_| !typed.is_empty()) { ignore(call.try_run(typed)) }
                        }
                        if let Some(call) = on_blur { ignore(call.try_run(())) }
                    }
                />
                {move || (!multi && !disabled.get() && !value.with(Vec::is_empty)).then(|| view! {
                    <IconButton icon=IconName::X label="Clear" size=ControlSize::Xs on_click=move |ev: web_sys::MouseEvent| {
                        ev.stop_propagation();
                        set_value(Vec::new());
                    } />
                })}
                <Icon name=IconName::ChevronsUpDown size=IconSize::Sm />
            </div>
            <Floating id=format!("{id}-box") anchor_id=anchor_id open dismiss=Dismiss::Manual match_width=true>
                // The focus stays in the field while the list is used.
                <div on:pointerdown=|ev| ev.prevent_default()>
                    {move || match loaded.get() {
                        Loaded::Loading => view! { <p class="combo-empty" role="status"><Spinner />" Searching…"</p> }.into_any(),
                        Loaded::Failed(why) => view! { <p class="combo-empty text-danger" role="status">{why}</p> }.into_any(),
                        Loaded::Options(_) if rows.with(Vec::is_empty) => {
                            view! { <p class="combo-empty" role="status">"No matches"</p> }.into_any()
                        }
                        Loaded::Options(_) => view! {
                            <div class="combo-list" role="listbox" id=list_id.get_value() aria-label=list_label.get_value()
                                aria-multiselectable=multi.then_some("true")>
                                {move || rows.get().into_iter().enumerate().map(|(i, option)| {
                                    let (mine, picked) = (option.clone(), option.clone());
                                    view! {
                                        <div
                                            class="menu-item"
                                            role="option"
                                            id=option_id(i)
                                            data-active=move || (active.get() == i).then_some("true")
                                            aria-selected=move || if is_chosen(&mine) { "true" } else { "false" }
                                            on:pointermove=move |_| if active.get_untracked() != i { active.set(i) }
                                            on:click=move |ev| { ev.stop_propagation(); choose(picked.clone()) }
                                        >
                                            <OptionView option=option.clone() />
                                            {move || is_chosen(&option).then(|| view! { <Icon name=IconName::Check /> })}
                                        </div>
                                    }
                                }).collect_view()}
                            </div>
                        }.into_any(),
                    }}
                </div>
            </Floating>
        </div>
    }
}
