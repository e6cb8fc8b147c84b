//! The Rapport web app: Leptos compiled to WASM, talking only to the API.

pub mod api;
mod app;
pub mod data;
mod features;
pub mod keyboard;
mod palette;
mod panic;
mod parts;
mod shell;
pub mod ui;

fn main() {
    panic::report();
    leptos::mount::mount_to_body(app::App);
}
