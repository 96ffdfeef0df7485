#!/bin/bash
# The way of somebody who has never heard of the program, on a bare Debian 12 made for the purpose:
# apt installs the package, the sample town is set up, people report and are answered, and so on to
# upgrades, a crash and removal (packaging/stranger.mjs has the steps). Each step is printed with
# its time; the last line counts.
#   packaging/stranger.sh [--deb FILE] [--dir DIR] [--port PORT] [--no-boot] [--keep]
# FILE: instead of building the package. The system is booted by systemd-nspawn, so that the service
# runs as it is shipped; with --no-boot it is only entered, and the program started as the service's
# user. Needs root and debootstrap, and systemd-container to boot.
set -euo pipefail
dir=/var/tmp/fengqiao-stranger port=18730 deb= boot=yes keep=no arguments=("$@")
while [ $# -gt 0 ]; do
    case $1 in
        --deb) deb=$(realpath "$2"); shift ;;
        --dir) dir=$2; shift ;;
        --port) port=$2; shift ;;
        --no-boot) boot=no ;;
        --keep) keep=yes ;;
        *) sed -n '2,8p' "$0" >&2; exit 2 ;;
    esac
    shift
done
. "$(dirname "$0")/room.sh"
room_alone "${arguments[@]}"
cd "$(dirname "$0")/.."

tidy_up() {
    if [ -n "${system:-}" ]; then kill "$system" 2>/dev/null && wait "$system" || true; fi
    room_remove
}

# The init of the system that is booted in the room, as seen from here.
system_boot() {
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --register=no --keep-unit --boot \
        --system-call-filter='landlock_create_ruleset landlock_add_rule landlock_restrict_self' \
        --directory="$dir" --machine=stranger --console=pipe --resolv-conf=off --timezone=off \
        </dev/null >"$dir.boot" 2>&1 &
    system=$!
    local state
    for _ in $(seq 120); do
        init=$(pgrep -P "$system" | head -n 1) || true
        if [ -n "$init" ]; then
            enter=(nsenter --target "$init" --mount --uts --ipc --pid --cgroup env -i
                "${environment[@]}")
            state=$("${enter[@]}" systemctl is-system-running 2>/dev/null) || true
            case $state in running | degraded) return ;; esac
        fi
        kill -0 "$system" 2>/dev/null || break
        sleep 1
    done
    cat "$dir.boot"
    return 1
}

trap tidy_up EXIT
environment_make
started=$(date +%s)
room_make systemd-sysv
debs=$dir/srv/debs
mkdir -p "$debs"
if [ -z "$deb" ]; then
    packaging/deb.sh --dir "$dir/srv/build" --out "$debs"
    rm -rf "$dir/srv/build"
else
    cp "$deb" "$debs/"
fi
deb=$(echo "$debs"/fengqiao_*.deb)
deb_as "$deb" 99.0 "$debs"
deb_as "$deb" 0.0.1 "$debs"
if [ $boot = yes ]; then
    system_boot
    rm -f "$dir.boot"
else
    room_mount
    enter=(chroot "$dir" env -i "${environment[@]}")
fi
"${enter[@]}" apt-get -q update >/dev/null
say "a bare Debian $(cat "$dir/etc/debian_version")$([ $boot = no ] || echo ', booted'): $(seconds_since "$started")"
tools/node/bin/node --disable-warning=ExperimentalWarning packaging/stranger.mjs --root "$dir" --port "$port" \
    $([ $boot = no ] || echo --boot) -- "${enter[@]}"
