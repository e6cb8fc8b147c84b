//! The Rapport web app: Leptos compiled to WASM, talking only to the API.

// First: `wasm_split` names a part after its position in all sources that the compiler has read, and new names make it
// compile everything anew. Here the names change with this file and with that one only.
mod parts;

mod api;
mod app;
mod data;
mod dialogs;
mod features;
mod keyboard;
mod palette;
mod panic;
mod shell;
mod ui;

fn main() {
    panic::report();
    leptos::mount::mount_to_body(app::App);
}
