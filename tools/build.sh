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
    [ -e "$stamp" ] && [ -z "$(find "$@" -name node_modules -prune -o -name dist -prune \
        -o -type f -newer "$stamp" -print -quit)" ]
}

web_build() {
    [ -f web/package.json ] || return 0
    is_current build/web/manifest.json web && return 0
    say "building the web pages"
    (cd web && npm run --silent build)
}

c_build() {
    local dir=${1:-build}
    if [ ! -f "$dir/build.ninja" ]; then
        say "configuring $dir"
        meson setup "$@" >"$dir.log" || { cat "$dir.log"; exit 1; }
        rm "$dir.log"
    elif ! is_current "$dir/build.ninja" meson.build src/*/meson.build src/rooms.txt tests/meson.build; then
        meson setup --reconfigure "$@" >"$dir/reconfigure.log" || { cat "$dir/reconfigure.log"; exit 1; }
        touch "$dir/build.ninja"    # meson leaves it alone when nothing in it changes
    fi
    say "compiling $dir"
    ninja -C "$dir" ${JOBS:+-j"$JOBS"} --quiet
}

web_build
c_build "${@:-build}"
