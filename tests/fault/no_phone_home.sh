#!/bin/bash
# The program speaks to nobody who has not spoken to it: test files run where there is no network
# but the loopback, and every address that the program connects or sends to is written down.
#   tests/fault/no_phone_home.sh [FILE]...     tests/api and tests/e2e story.test.mjs unless given
# Needs root (for a network of its own) and strace.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" != --inside ]; then
    exec unshare -n "$0" --inside "${@:-tests/api/story.test.mjs}"
fi
shift
ip link set lo up
seen=$(mktemp -d)
trap 'rm -rf "$seen"' EXIT
cat >"$seen/fengqiao" <<WRAPPER
#!/bin/bash
exec strace -D -f --seccomp-bpf -qq -e trace=connect,sendto,sendmsg,sendmmsg \\
    -o "$seen/calls.\$\$" "$PWD/${PROGRAM:-build/fengqiao}" "\$@"
WRAPPER
chmod +x "$seen/fengqiao"
export PATH="$PWD/tools/node/bin:$PATH" FENGQIAO="$seen/fengqiao"
node --test --experimental-strip-types --disable-warning=ExperimentalWarning \
    --test-reporter=tap "$@" >"$seen/said" 2>&1 || { tail -60 "$seen/said"; exit 1; }
addresses=$(cat "$seen"/calls.* | grep -oE 'sa_family=AF_[A-Z0-9]+[^}]*' |
    sed -E 's/sin6?_port=htons\([0-9]+\), //' | sort | uniq -c || true)
foreign=$(grep -E 'AF_INET' <<<"$addresses" | grep -vE '"127\.0\.0\.1"|"::1"' || true)
calls=$(cat "$seen"/calls.* | wc -l)
[ "$calls" -gt 0 ] || { echo "FAIL nothing was traced"; exit 1; }
echo "$(grep -c "^# Subtest" "$seen/said") tests, $calls calls that send or connect;" \
    "addresses spoken to:"
echo "${addresses:-      none}"
if [ -n "$foreign" ]; then
    echo "FAIL it speaks to others: $foreign"
    exit 1
fi
echo 'ok   nobody but this machine was spoken to'
