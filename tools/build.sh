#!/bin/bash
# Builds what has changed: the web bundles, then the C program.
#   tools/build.sh [DIR [MESON OPTION]...]      DIR is build unless given
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/tools/node/bin:$PATH"
say() { printf '>> %s\n' "$*"; }

# True when nothing under the other paths is newer than the file $1.
is_current() {
    local stamp=$1
    shift
    [ -e "$stamp" ] && [ -z "$(find "$@" -name node_modules -prune -o -name test -prune \
        -o -type f -newer "$stamp" -print -quit)" ]
}

web_build() {
    [ -f web/package.json ] || return 0
    is_current build/web/manifest.json web && return 0
    say "building the web pages"
    (cd web && npm run --silent build)
}

# A room that has just appeared is not among the files ninja watches.
c_configure() {
    if [ ! -f "$1/build.ninja" ]; then
        meson setup "$@"
        return
    fi
    if ! is_current "$1/build.ninja" src/*/meson.build src/rooms.txt; then
        meson setup --reconfigure "$@" || return
        touch "$1/build.ninja"
    fi
    ninja -C "$1" build.ninja
}

c_build() {
    local log
    say "building $1"
    log=$(mktemp)
    c_configure "$@" >"$log" || { cat "$log"; rm "$log"; exit 1; }
    rm "$log"
    ninja -C "$1" ${JOBS:+-j"$JOBS"} --quiet
}

web_build
c_build "${@:-build}"
