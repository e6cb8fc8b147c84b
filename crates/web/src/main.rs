//! The Rapport web app: Leptos compiled to WASM, talking only to the API.

pub mod api;
mod app;
pub mod data;
mod features;
pub mod keyboard;
pub mod ui;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
