#!/usr/bin/env bash
# Format and lints: fast feedback before the tests.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh test
load_toolchain

# Server-side crates must never reach the browser. One call each: cargo fails for an unknown name as well, and a joint
# call would hide a real hit behind it.
web_tree() {
  local crate
  for crate in tokio sea-orm sqlx actix-web openssl-sys; do
    if wasm_cargo tree --locked -p web --target "$WASM_TARGET" -e normal -i "$crate" 2>/dev/null | grep -q .; then
      fail "the web app depends on $crate: 'cargo tree -p web --target $WASM_TARGET -i $crate' shows why."
    fi
  done
}

step "format" native_cargo fmt --all --check
step "lints: server" native_cargo clippy --locked --workspace --exclude web --all-targets -- -D warnings
step "lints: web app" wasm_cargo clippy --locked -p web -p domain --target "$WASM_TARGET" --profile wasm-dev -- -D warnings
step "what the web app depends on" web_tree
