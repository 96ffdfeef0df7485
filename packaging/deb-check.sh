#!/bin/bash
# make deb-check: builds the package twice in two folders and compares; looks at what is in it; and
# installs, serves, upgrades, downgrades and removes it in a folder of its own.
#   packaging/deb-check.sh [--dir DIR] [--port PORT] [--deb FILE]      FILE: instead of building
# Nothing outside DIR changes. As root the package is installed there by dpkg, with its scripts
# confined to DIR; otherwise it is only unpacked. Whether systemd starts it shows only on a machine
# that runs systemd; here its units are verified and rated.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=build/deb-check port=18720 deb=
while [ $# -gt 0 ]; do
    case $1 in
        --dir) dir=$2; shift ;;
        --port) port=$2; shift ;;
        --deb) deb=$(realpath "$2"); shift ;;
        *) sed -n '2,4p' "$0" >&2; exit 2 ;;
    esac
    shift
done
rm -rf "$dir" && mkdir -p "$dir" && dir=$(cd "$dir" && pwd)
. packaging/room.sh
say() { printf '>> %s\n' "$*"; }
die() { printf 'deb-check: %s\n' "$*" >&2; exit 1; }
node=$PWD/tools/node/bin/node server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

# --- reproducible
built_twice() {
    local n sums
    for n in one two-and-longer; do
        packaging/deb.sh --dir "$dir/$n" --out "$dir/out-$n" >"$dir/$n.log" ||
            { cat "$dir/$n.log"; exit 1; }
    done
    sums=$(sha256sum "$dir"/out-*/fengqiao_*.deb | cut -d' ' -f1 | sort -u)
    [ "$(wc -l <<<"$sums")" = 1 ] || die "two builds differ: $sums"
    say "two builds, one package: sha256 $sums"
    deb=$(echo "$dir"/out-one/fengqiao_*.deb)
}
[ -n "$deb" ] || built_twice

# --- what is in it
if command -v lintian >/dev/null; then
    lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs \
        "$deb" || die 'lintian'
    say 'lintian finds no errors and no warnings'
fi
tree=$dir/tree
dpkg-deb -x "$deb" "$tree"
"$node" tools/sbom.mjs --check "$tree/usr/share/doc/fengqiao/sbom.cdx.json"
say 'the bill of materials is complete'
for unit in fengqiao fengqiao-backup; do
    rated=$(systemd-analyze security --offline=yes --no-pager \
        "$tree/lib/systemd/system/$unit.service" | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p')
    awk -v r="$rated" 'BEGIN { exit !(r != "" && r <= 1.5) }' || die "$unit: exposure $rated"
    say "$unit.service: exposure $rated, at most 1.5"
done
systemd-analyze verify --root="$tree" --man=no fengqiao.service fengqiao-backup.timer \
    2>"$dir/verify.log" || true
if grep -E '/fengqiao[^ ]*:[0-9]+:|Unknown|Failed to parse' "$dir/verify.log"; then
    die 'the units have faults'
fi

# --- installed
place=$dir/place
install_deb() {
    if [ "$(id -u)" != 0 ]; then dpkg-deb -x "$1" "$place"; return; fi
    dpkg --root="$place" --force-script-chrootless,depends,confold,downgrade --log=/dev/null \
        "--$2" "$1" >"$dir/dpkg.log" 2>&1 ||
        { cat "$dir/dpkg.log"; die "dpkg $2"; }
}
state() {
    dpkg-query --admindir="$place/var/lib/dpkg" -W -f '${db:Status-Status} ${Version}' fengqiao
}
mkdir -p "$place"/var/lib/dpkg/{info,updates} "$place/etc"
touch "$place"/var/lib/dpkg/{status,available}
printf 'root:x:0:0::/root:/bin/sh\n' >"$place/etc/passwd"
printf 'root:x:0:\n' >"$place/etc/group"
before=$(getent passwd | sha256sum)
install_deb "$deb" install
[ "$before" = "$(getent passwd | sha256sum)" ] || die 'the accounts of this machine changed'

data=$place/var/lib/fengqiao
if [ "$(id -u)" = 0 ]; then
    grep -q '^fengqiao:' "$place/etc/passwd" || die 'the user fengqiao was not made'
    [ "$(stat -c %a "$data")" = 700 ] || die "$data is not for that user alone"
    [ -z "$(find "$place/etc/systemd" -name 'fengqiao*' 2>/dev/null)" ] || die 'a unit is enabled'
    say 'installed: the user and its directory are there, nothing is enabled'
fi
mkdir -p "$data"
serve() {
    "$place/usr/bin/fengqiao" serve --db "$data/town.db" --data "$data" \
        --listen "127.0.0.1:$port" --name check.example --lang en >"$dir/serve.log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        curl -sf -o "$dir/ready" "http://127.0.0.1:$port/readyz" && return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    cat "$dir/serve.log"
    server=
    return 1
}
finish() { kill "$server" && wait "$server"; server=; }
serve || die 'the installed program does not serve'
curl -sf "http://127.0.0.1:$port/m/" | grep -q '<html' || die 'the pages are not in it'
if grep -q 'helper' "$dir/serve.log"; then cat "$dir/serve.log"; die 'a helper was not found'; fi
finish
say 'it serves, with its pages and helpers'

# --- upgraded, downgraded, removed: data and settings stay
echo '# ours' >>"$place/etc/fengqiao/fengqiao.conf"
kept() {
    [ -f "$data/town.db" ] && [ -f "$data/node.key" ] || die "$1: the data is gone"
    grep -q '^# ours' "$place/etc/fengqiao/fengqiao.conf" || die "$1: the settings are gone"
}
if [ "$(id -u)" = 0 ]; then
    deb_as "$deb" 99.0 "$dir" && deb_as "$deb" 0.0.1 "$dir"
    for step in "$deb" "$dir/fengqiao_99.0.deb" "$dir/fengqiao_0.0.1.deb" "$deb"; do
        install_deb "$step" install
        kept "$(basename "$step") installed over it"
        serve || die "$(basename "$step") does not serve the same data"
        finish
        say "$(basename "$step") over it: $(state); data and settings kept, served"
    done
fi
"$node" --disable-warning=ExperimentalWarning -e "const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync('$data/town.db'); db.exec('PRAGMA user_version = 9999'); db.close()"
if serve; then die 'a database of a newer schema was served'; fi
grep -q 'newer version' "$dir/serve.log" || die 'a newer schema is refused without saying so'
say 'a database of a newer schema is refused with a clear word'
if [ "$(id -u)" = 0 ]; then
    install_deb fengqiao remove
    kept 'removed'
    install_deb fengqiao purge
    [ -f "$data/town.db" ] || die 'purged: the data is gone'
    [ ! -e "$place/usr/bin/fengqiao" ] || die 'removed: the program is still there'
    say 'removed and purged: the records stay'
fi
say 'what this cannot show: that systemd starts the units; it needs a machine that runs systemd'
rm -rf "$dir"
