//! The Rapport web app: Leptos compiled to WASM, talking only to the API.

pub mod api;
pub mod data;

fn main() {
    console_error_panic_hook::set_once();
}
