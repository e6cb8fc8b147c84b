//! The root of the kit: its services in context and the elements they draw into.

use leptos::prelude::*;

use super::{
    announce::{Announcer, LiveRegions},
    help::ShortcutHelp,
    theme::Theme,
    toast::{ToastHost, Toasts},
    tooltip::TooltipHost,
};
use crate::keyboard::Shortcuts;

/// Wraps the app once. Provides [`Theme`], [`Announcer`], [`Toasts`] and [`Shortcuts`].
#[component]
pub fn UiRoot(
    /// The app.
    children: Children,
) -> impl IntoView {
    Theme::provide();
    let announcer = Announcer::provide();
    let toasts = Toasts::provide(announcer);
    let shortcuts = Shortcuts::provide();
    view! {
        {children()}
        <LiveRegions announcer />
        <ToastHost toasts />
        <TooltipHost />
        <ShortcutHelp shortcuts />
    }
}
