//! The component kit. Start with `README.md` in this folder; `/dev/ui` shows every component in every state.

pub mod dom;
pub mod format;
pub mod num;

mod amount;
mod announce;
mod button;
mod choice;
mod dialog;
mod display;
mod field;
mod float;
mod form;
mod help;
mod icon;
mod input;
mod menu;
mod nav;
mod root;
mod state;
mod theme;
mod time;
mod timeline;
mod toast;
mod tooltip;

pub use amount::*;
pub use announce::*;
pub use button::*;
pub use choice::*;
pub use dialog::*;
pub use display::*;
pub use field::*;
pub use float::Placement;
pub use form::*;
pub use icon::*;
pub use input::*;
pub use menu::*;
pub use nav::*;
pub use root::*;
pub use state::*;
pub use theme::*;
pub use time::*;
pub use timeline::*;
pub use toast::*;
pub use tooltip::Tooltip;
