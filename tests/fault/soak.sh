#!/bin/bash
# The long form of the fault experiments (`make soak`). ROUNDS is the number of kills.
#   tests/fault/soak.sh [NAME]...       only these, such as eio or failover
set -u
cd "$(dirname "$0")/../.."
export FENGQIAO=${FENGQIAO:-build/fengqiao}
rounds=${ROUNDS:-200} wanted=" $* " failed=0
fault() {
    local name=$1
    shift
    [ "$wanted" = '  ' ] || [[ $wanted == *" $name "* ]] || return 0
    tools/node/bin/node --disable-warning=ExperimentalWarning "tests/fault/$name.mjs" "$@" ||
        failed=$((failed + 1))
}
if [ "$wanted" = '  ' ] || [[ $wanted == *' calls '* ]]; then
    ninja -C build --quiet tests/unit/test_faults && CALLS=all build/tests/unit/test_faults ||
        failed=$((failed + 1))
fi
if [ "$wanted" = '  ' ] || [[ $wanted == *' pages '* ]]; then
    LANGUAGES=all tools/test.sh e2e || failed=$((failed + 1))
fi
if [ "$wanted" = '  ' ] || [[ $wanted == *' merkle '* ]]; then
    PROOFS=all tools/node/bin/node --test --experimental-strip-types tests/cli/merkle.test.mjs ||
        failed=$((failed + 1))
fi
fault kill9 --rounds "$rounds"
fault crash
fault eio
fault calls
fault alloc
fault lossy --reports 40000
fault overload
fault clock
fault clock --db postgres
fault migrate_kill
fault memory
fault idle
fault idle --db postgres
fault kill9 --db postgres --rounds "$rounds"
fault migrate_kill --db postgres
fault crash --db postgres
fault postgres_kill
fault failover
fault commit_cut
fault commit_cancel
fault slow
fault silent
fault replica_gone
fault two_servers
fault outbox
fault outbox --db postgres
fault outbox --db postgres --servers 2
fault rotate
fault rotate --db postgres
fault roll $((rounds / 4)) 32
fault memory --db postgres
if [ "$(id -u)" = 0 ] && command -v strace >/dev/null &&
    { [ "$wanted" = '  ' ] || [[ $wanted == *' no_phone_home '* ]]; }; then
    tests/fault/no_phone_home.sh tests/api/story.test.mjs tests/api/server.test.mjs ||
        failed=$((failed + 1))
fi
if [ "$wanted" = '  ' ] || [[ $wanted == *' threads '* ]]; then
    tests/fault/threads.sh || failed=$((failed + 1))
fi
if [ "$(id -u)" = 0 ]; then
    fault disk_full
    fault disk_apart
    fault disk_full --db postgres
fi
if [ "$(id -u)" = 0 ] && [ -e /dev/loop-control ]; then
    fault kill9 --rounds $((rounds / 8)) --power yes
else
    echo '>> power cuts are left out: they need root and loop devices'
fi
echo "soak: $failed experiments failed"
[ "$failed" -eq 0 ]
