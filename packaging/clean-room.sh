#!/bin/bash
# Shows that a bare Debian 12 with only git and make can build, run and test the program: makes one
# in a folder with debootstrap, clones this repository into it, and there runs `make run` until
# /healthz answers, then `make test`. Prints how long each took; fails when one of them does.
#   packaging/clean-room.sh [--dir DIR] [--port PORT] [--no-test] [--keep]
# Needs root, debootstrap and curl on the host. All mounts and processes live in namespaces of their
# own and end with the script.
set -euo pipefail
dir=/var/tmp/fengqiao-clean-room port=8080 test=yes keep=no arguments=("$@")
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
. "$(dirname "$0")/room.sh"
room_alone "${arguments[@]}"
repository=$(cd "$(dirname "$0")/.." && git rev-parse --show-toplevel)

tidy_up() {
    if [ -n "${server:-}" ]; then kill -- "-$server" 2>/dev/null || true; fi
    room_remove
}

# Waits for the server's first answer; fails when the server has ended.
server_await() {
    until curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || { say 'make run ended'; return 1; }
        sleep 1
    done
}

trap tidy_up EXIT
environment_make
started=$(date +%s)
room_make
room_mount
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
