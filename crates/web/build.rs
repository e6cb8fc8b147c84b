//! Keeps the linker's relocations, by which `scripts/web.sh` cuts the app into parts that are fetched when needed.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=--emit-relocs");
}
