//! The Rapport web app: Leptos compiled to WASM, talking only to the API.

mod api;
mod app;
mod data;
mod features;
mod keyboard;
mod palette;
mod panic;
mod parts;
mod shell;
mod ui;

fn main() {
    panic::report();
    leptos::mount::mount_to_body(app::App);
}
