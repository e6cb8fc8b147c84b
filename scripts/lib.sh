# Shared by the scripts of this folder; source it, do not run it.
# Everything that is built or downloaded lives in one cache folder outside the checkout, so that a fresh
# clone on the same machine starts warm.
# shellcheck shell=bash

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${RAPPORT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rapport}
TOOLS=$CACHE/tools
WASM_TARGET=wasm32-unknown-unknown
# The oldest compiler the workspace accepts; Cargo.toml is the only place that names it.
RUST_MIN=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")

mkdir -p "$CACHE" "$TOOLS"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
WASM_TARGET_DIR=${WASM_TARGET_DIR:-$CACHE/target-wasm}
export PATH="$TOOLS/node/bin:$TOOLS/nextest/bin:$HOME/.cargo/bin:$PATH"

say() { printf '%s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
# version_at_least HAVE WANT, for dotted numbers.
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# The commands that build for this machine and for WebAssembly ("cargo", "cargo +distro", "/usr/bin/cargo").
# setup.sh decides once and records it, because the two may be different compilers.
load_toolchain() {
  [ -f "$CACHE/toolchain" ] || fail "the tools are not set up yet: run 'make setup'."
  # shellcheck source=/dev/null
  . "$CACHE/toolchain"
}
native_cargo() { load_toolchain; take_over "$CARGO_TARGET_DIR"; in_toolchain "$NATIVE_CARGO" "$@"; }
wasm_cargo() {
  load_toolchain
  take_over "$WASM_TARGET_DIR"
  CARGO_TARGET_DIR=$WASM_TARGET_DIR in_toolchain "$WASM_CARGO" "$@"
}
# take_over TARGET_DIR: cargo tells by the times of files what has changed. What another checkout has compiled here would
# pass for this one's wherever it is newer than the sources, so it is forgotten. The packages stay.
take_over() {
  local prints mark=$1/checkout
  [ "$(cat "$mark" 2>/dev/null)" != "$ROOT" ] || return 0
  mkdir -p "$1"
  for prints in "$1"/*/.fingerprint "$1"/*/*/.fingerprint; do
    [ -d "$prints" ] || continue
    # The lock that cargo holds while it builds there.
    ( if have flock; then flock 9; fi
      rm -rf "$prints"/{api,domain,web}-????????????????
    ) 9>>"${prints%/.fingerprint}/.cargo-lock"
  done
  printf '%s\n' "$ROOT" >"$mark"
}
# A cargo named by its path must find the compiler next to it, not another one that comes first on PATH.
in_toolchain() {
  local cargo=$1
  shift
  case $cargo in
    /*) PATH="$(dirname -- "$cargo"):$PATH" "$cargo" "$@" ;;
    *) read -ra cargo <<<"$cargo"; "${cargo[@]}" "$@" ;;
  esac
}

locked_version() { awk -v n="name = \"$1\"" '$0 == n { getline; gsub(/[^0-9.]/, ""); print; exit }' "$ROOT/Cargo.lock"; }
wasm_bindgen_bin() { printf '%s/wasm-bindgen-%s/bin/wasm-bindgen\n' "$TOOLS" "$(locked_version wasm-bindgen)"; }
# Reads what the crate wasm_split_helpers writes: when that one changes in Cargo.lock, look whether this has to follow.
WASM_SPLIT_VERSION=0.2.4
wasm_split_bin() { printf '%s/wasm-split-%s/bin/wasm-split-cli\n' "$TOOLS" "$WASM_SPLIT_VERSION"; }
# Chromium for the browser tests, the one without a window where it is: it needs two thirds of the time.
chromium_bin() { command -v chromium-headless-shell || command -v chromium; }
npm_dir() { printf '%s/npm-%s\n' "$TOOLS" "$(cat "$ROOT"/scripts/web-tools/package*.json | sha256sum | cut -c1-16)"; }

# step NAME COMMAND...: a headline before and the time taken after; the command's failure is the script's.
step() {
  local name=$1 began=$SECONDS status=0
  shift
  printf '\n==> %s\n' "$name"
  "$@" || status=$?
  if [ "$status" -ne 0 ]; then
    printf '==> %s: FAILED after %ss\n' "$name" $((SECONDS - began))
    exit "$status"
  fi
  printf '==> %s: ok, %ss\n' "$name" $((SECONDS - began))
}

# beside COMMAND...: runs it beside what comes next, in a process group of its own that ends with the script at the latest.
beside() {
  BESIDE_SAID=$(mktemp)
  setsid "$@" >"$BESIDE_SAID" 2>&1 &
  BESIDE=$!
  trap 'kill -- "-$BESIDE" 2>/dev/null || true; rm -f "$BESIDE_SAID"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}
# joined: waits for it, shows what it said, and fails where it did.
joined() {
  local status=0
  wait "$BESIDE" || status=$?
  cat "$BESIDE_SAID"
  return "$status"
}
