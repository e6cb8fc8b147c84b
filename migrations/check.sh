#!/bin/sh
# Proves the schema against a throw-away PostgreSQL: applies every migration as rapport_owner, then runs
# check.sql as the servers' own roles. Needs the PostgreSQL binaries; as root it drops to an unprivileged user.
# Usage: migrations/check.sh            (about five seconds; prints one line per proof, fails on the first gap)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for dir in /usr/lib/postgresql/*/bin; do [ -x "$dir/initdb" ] && PATH="$PATH:$dir"; done
command -v initdb >/dev/null || { echo "check.sh: initdb not found; install PostgreSQL 15 or newer" >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/rapport-check.XXXXXX")
chmod 755 "$work"
as=""
if [ "$(id -u)" = 0 ]; then
    user=postgres; id "$user" >/dev/null 2>&1 || user=nobody
    chown "$user" "$work"
    as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups"
fi
cleanup() {
    (cd / && $as pg_ctl -D "$work/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

cd /
$as initdb --no-sync -D "$work/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
$as pg_ctl -D "$work/data" -l "$work/log" -w start \
    -o "-k $work -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >/dev/null
run() { psql -X -q -h "$work" -v ON_ERROR_STOP=1 "$@"; }

run -U postgres -d postgres \
    -c 'CREATE ROLE rapport_owner LOGIN' -c 'CREATE ROLE rapport_app LOGIN' -c 'CREATE ROLE rapport_worker LOGIN' \
    -c 'CREATE DATABASE rapport OWNER rapport_owner'
for file in "$here"/[0-9]*.sql; do
    run -U rapport_owner -d rapport -1 -o /dev/null -f "$file"
done
run -U postgres -d rapport -A -t -f "$here/check.sql"
