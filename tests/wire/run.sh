#!/bin/bash
# Wire tests: the scripts of this directory, by varnishtest, each against a server of its own.
#   run.sh HTTP_SERVER [SCRIPT.vtc]...      prints TAP
set -uo pipefail
server=$(realpath "$1") || exit 1
shift
cd "$(dirname "$0")" || exit 1
scripts=("$@")
[ "$#" -gt 0 ] || scripts=(*.vtc)
if ! command -v varnishtest >/dev/null; then
    echo '1..0 # SKIP varnishtest is missing'
    exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
echo "1..${#scripts[@]}"

# The line "# server: WORDS" of a script holds further words for the server's command line.
run() {
    local words port status
    read -ra words < <(sed -n 's/^# server: //p' "$1")
    mkdir "$dir/$1"
    coproc "$server" 127.0.0.1:0 "$dir/$1" "${words[@]}" 2>"$dir/$1/err"
    read -r _ port <&"${COPROC[0]}"
    varnishtest -t 60 -D port="$port" "$1" >"$dir/$1/out" 2>&1
    status=$?
    eval "exec ${COPROC[1]}>&-"
    wait "$COPROC_PID" || status=$?
    return "$status"
}

n=0 failed=0
for script in "${scripts[@]}"; do
    n=$((n + 1))
    if run "$script"; then
        echo "ok $n - ${script%.vtc}"
    else
        failed=1
        echo "not ok $n - ${script%.vtc}"
        grep -E -- '----|rxhdr|Assert|error|ERROR' "$dir/$script/out" "$dir/$script/err" | tail -20 | sed 's/^/# /'
    fi
done
exit "$failed"
