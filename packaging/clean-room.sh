#!/bin/bash
# Shows that a bare Debian 12 with only git and make can build, run and test the program: makes one
# in a folder with debootstrap, clones this repository into it, and there runs `make run` until
# /healthz answers, then `make test`. Prints how long each took; fails when one of them does.
#   packaging/clean-room.sh [--dir DIR] [--port PORT] [--no-test] [--keep]
# Needs root, debootstrap and curl on the host. The host's apt settings, certificates, proxies and
# npm registry go along, as an office behind a proxy would have them. All mounts and processes live
# in namespaces of their own and end with the script.
set -euo pipefail
dir=/var/tmp/fengqiao-clean-room port=8080 test=yes keep=no
while [ $# -gt 0 ]; do
    case $1 in
        --dir) dir=$2; shift ;;
        --port) port=$2; shift ;;
        --no-test) test=no ;;
        --keep) keep=yes ;;
        *) sed -n '2,5p' "$0" >&2; exit 2 ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || { echo 'clean-room: run as root' >&2; exit 2; }
if [ -z "${CLEAN_ROOM_INSIDE:-}" ]; then
    export CLEAN_ROOM_INSIDE=1
    options=(--dir "$dir" --port "$port")
    [ $test = yes ] || options+=(--no-test)
    [ $keep = no ] || options+=(--keep)
    exec unshare --mount --propagation private --pid --fork --kill-child "$0" "${options[@]}"
fi

repository=$(cd "$(dirname "$0")/.." && git rev-parse --show-toplevel)
say() { printf '== %s\n' "$*"; }
seconds_since() { echo "$(($(date +%s) - $1)) s"; }
in_room() { chroot "$dir" env -i "${environment[@]}" "$@"; }

tidy_up() {
    if [ -n "${server:-}" ]; then kill -- "-$server" 2>/dev/null || true; fi
    if [ $keep = yes ]; then return; fi
    umount -l "$dir"/{proc,sys,dev/shm,dev/pts,dev,run} 2>/dev/null || true
    rm -rf --one-file-system "$dir"
}

# The host's Debian mirrors and how to reach them; nothing from other vendors.
mirrors() {
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' | grep bookworm | sort -u
}

room_make() {
    local mirror
    mirror=$(mirrors | awk '$3 == "bookworm" {print $2; exit}')
    debootstrap --variant=minbase bookworm "$dir" ${mirror:+"$mirror"} >"$dir.log" ||
        { tail -n 20 "$dir.log"; return 1; }
    rm "$dir.log"
    mirrors >"$dir/etc/apt/sources.list"
    apt-config dump Acquire >"$dir/etc/apt/apt.conf.d/90host"
    printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
    chmod +x "$dir/usr/sbin/policy-rc.d"
    cp /etc/resolv.conf /etc/hosts "$dir/etc/"
    cp /etc/ssl/certs/ca-certificates.crt "$dir/etc/host-ca.crt"
    mount -t proc proc "$dir/proc"
    mount --rbind /dev "$dir/dev"
    mount -t sysfs -o ro sysfs "$dir/sys"
    mount -t tmpfs tmpfs "$dir/run"
}

environment_make() {
    local name
    environment=(HOME=/root LANG=C.UTF-8 TERM=dumb CI=true DEBIAN_FRONTEND=noninteractive
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        NODE_EXTRA_CA_CERTS=/etc/host-ca.crt NPM_CONFIG_CAFILE=/etc/host-ca.crt)
    for name in {http,https,no}_proxy {HTTP,HTTPS,NO}_PROXY NPM_CONFIG_REGISTRY; do
        [ -z "${!name:-}" ] || environment+=("$name=${!name}")
    done
    if [ -z "${NPM_CONFIG_REGISTRY:-}" ] && command -v npm >/dev/null; then
        environment+=("NPM_CONFIG_REGISTRY=$(npm config get registry 2>/dev/null)")
    fi
}

# Waits for the server's first answer; fails when the server has ended.
server_await() {
    until curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || { say 'make run ended'; return 1; }
        sleep 1
    done
}

trap tidy_up EXIT
[ ! -e "$dir" ] || { echo "clean-room: $dir exists" >&2; trap - EXIT; exit 2; }
environment_make
started=$(date +%s)
room_make
in_room apt-get -q update >/dev/null
in_room apt-get -q -y install --no-install-recommends git make >/dev/null
git clone -q --bare "$repository" "$dir/srv/fengqiao.git"
say "a bare Debian $(cat "$dir/etc/debian_version") with git and make: $(seconds_since "$started")"

started=$(date +%s)
in_room git clone -q /srv/fengqiao.git /srv/fengqiao
setsid chroot "$dir" env -i "${environment[@]}" make -C /srv/fengqiao run LISTEN="127.0.0.1:$port" &
server=$!
server_await
say "make run, until /healthz answered: $(seconds_since "$started")"
curl -fsS -o /dev/null "http://127.0.0.1:$port/m/"
say 'the first page of the phones was served'
kill -- "-$server"
wait "$server" || true
server=

started=$(date +%s)
in_room make -C /srv/fengqiao build
say "make build again, nothing changed: $(seconds_since "$started")"
if [ $test = yes ]; then
    started=$(date +%s)
    in_room make -C /srv/fengqiao test
    say "make test: $(seconds_since "$started")"
fi
