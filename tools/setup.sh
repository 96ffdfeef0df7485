#!/bin/bash
# Brings everything a target needs onto a bare Debian 12 and is quick when it is already there.
#   tools/setup.sh [build|test|bench|model|fuzz|deb]...
# Installs Debian packages (tools/packages.txt) as root or with sudo, the pinned Node and npm into
# tools/node, and the front end's packages by its lock file.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '>> %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Prints the packages of the named sections that are not installed.
packages_missing() {
    local installed package command
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
    awk -v want=" build $* " '
        { sub(/#.*/, "") }
        /^\[/ { on = index(want, " " substr($1, 2, length($1) - 2) " ") > 0; next }
        NF && on { gsub(/[\[\]]/, "", $2); print $1, $2 }' tools/packages.txt |
    while read -r package command; do
        if [ -n "$command" ] && command -v "$command" >/dev/null; then continue; fi
        grep -qxF "$package" <<<"$installed" || echo "$package"
    done
}

packages_install() {
    local missing as_root=()
    mapfile -t missing < <(packages_missing "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    [ -r /etc/debian_version ] || die "not Debian; install by other means: ${missing[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "run once as root, or: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${#missing[@]} Debian packages: ${missing[*]}"
    "${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update >/dev/null ||
        say "the package lists could not all be renewed; trying with what there is"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 \
        -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}" >/dev/null
}

# True when npm's record of what it installed in $1 is at least as new as the lock file and the
# Node that installed it is the pinned one.
npm_is_current() {
    [ -f "$1/node_modules/.package-lock.json" ] &&
        [ ! "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]
}

# Installs exactly what the lock file of $1 says, with the pinned npm once there is one.
packages_fetch() {
    (cd "$1" && npm ci --loglevel=error --no-fund --no-audit >/dev/null)
    touch "$1/node_modules/.package-lock.json"
}

node_install() {
    local arch dir=tools/node
    case $(uname -m) in
        x86_64) arch=x64 ;;
        aarch64) arch=arm64 ;;
        *) die "no pinned Node for $(uname -m)" ;;
    esac
    if npm_is_current $dir && [ -x $dir/bin/node ] && [ -x $dir/bin/npm ]; then return 0; fi
    say "installing the pinned Node and npm into $dir"
    packages_fetch $dir
    mkdir -p $dir/bin
    ln -sfn ../node_modules/node-linux-$arch/bin/node $dir/bin/node
    ln -sfn ../node_modules/npm/bin/npm-cli.js $dir/bin/npm
}

web_install() {
    [ -f web/package-lock.json ] || return 0
    npm_is_current web && return 0
    say "installing the front end's packages"
    packages_fetch web
}

packages_install "$@"
export PATH="$PWD/tools/node/bin:$PATH"
node_install
web_install
