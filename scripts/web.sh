#!/usr/bin/env bash
# Builds the web app into dist/ (or $DIST_DIR).
#   scripts/web.sh release   smallest size, pre-compressed, held to the size budget (default)
#   scripts/web.sh dev       quick to build, not compressed
# A build of the same inputs is kept in the cache and only copied.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

mode=${1:-release}
case $mode in release | dev) ;; *) fail "usage: scripts/web.sh [release|dev]" ;; esac
out=${DIST_DIR:-$ROOT/dist}
web=$ROOT/crates/web
load_toolchain

inputs() {
  printf '%s\n' "$mode" "$WASM_CARGO"
  find crates/web crates/domain .cargo Cargo.toml Cargo.lock scripts/web.sh scripts/web scripts/web-tools -type f -print0 \
    | sort -z | xargs -0 sha256sum
}
key_of_inputs() { inputs | sha256sum | cut -c1-24; }
key=$(key_of_inputs)
store=$CACHE/web
kept=$store/$mode-$key
raw=$store/raw-$mode

build() {
  # With what builds that were broken off have left.
  rm -rf "$raw" "$store"/*.part
  mkdir -p "$raw"
  wasm_cargo build --locked -p web --target "$WASM_TARGET" --profile "wasm-$mode"
  # The parts of the app that are fetched when they are opened, the script that fetches them, and the rest as web.wasm.
  "$(wasm_split_bin)" --target web --out-name web "$WASM_TARGET_DIR/$WASM_TARGET/wasm-$mode/web.wasm" "$raw/parts"
  mv "$raw/parts/web.wasm" "$raw/linked.wasm"
  # The parts use what the linker exports.
  "$(wasm_bindgen_bin)" --target web --no-typescript --keep-lld-exports --out-name web --out-dir "$raw" "$raw/linked.wasm"
  if [ "$mode" = release ]; then
    local module
    for module in "$raw/web_bg.wasm" "$raw"/parts/*.wasm; do
      # A second round finds what the first has left. The first kilobyte is the far end of the stack, where no pointer
      # that anything is added to leads: so the sum can stand in the instruction.
      node_modules/.bin/wasm-opt --low-memory-unused -Oz -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
        --enable-mutable-globals --enable-reference-types --enable-multivalue \
        "$module" -o "$raw/opt.wasm"
      mv "$raw/opt.wasm" "$module"
    done
  fi
  local minify=()
  [ "$mode" = dev ] || minify=(--minify)
  # The CSS compiler looks for its own parts from the style sheet upwards, where node_modules is linked.
  node_modules/.bin/tailwindcss --input "$web/styles/app.css" --output "$raw/app.css" --cwd "$web" "${minify[@]}"
  node scripts/web/bundle.mjs "$mode" "$web" "$raw" "$kept.part" | tee "$store/report.txt"
  # What was edited meanwhile may be in it or not: such a build belongs to no state of the sources.
  if [ "$(key_of_inputs)" != "$key" ]; then
    say "the sources changed during the build; building again."
    exec "$ROOT/scripts/web.sh" "$mode"
  fi
  # Only a finished build gets the name under which the next run will look for it.
  mv "$store/report.txt" "$kept.part.txt"
  rm -rf "$kept" && mv "$kept.part" "$kept" && mv "$kept.part.txt" "$kept.txt"
}

mkdir -p "$store"
# The target folder and the raw output are shared by all checkouts.
exec 8>"$store/lock"
if have flock; then flock 8; fi
if [ -f "$kept.txt" ]; then
  touch "$kept.txt"
  cat "$kept.txt"
else
  scripts/setup.sh run
  build 8>&-
  # Old builds go, the newest few stay for other checkouts and for going back.
  for old in $(ls -t "$store/$mode"-*.txt | tail -n +5); do rm -rf "$old" "${old%.txt}"; done
fi
if [ "$(cat "$out/.build" 2>/dev/null)" != "$mode-$key" ]; then
  rm -rf "$out.part" && cp -r "$kept" "$out.part"
  printf '%s\n' "$mode-$key" >"$out.part/.build"
  rm -rf "$out" && mv "$out.part" "$out"
fi
