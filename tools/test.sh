#!/bin/bash
# Every test, after the same set-up as `make run`: unit tests with AddressSanitizer and
# UndefinedBehaviorSanitizer, commands, API tests against the sanitised program, the same on a
# PostgreSQL server, browser tests against the program as shipped, the front end's own tests and
# the short fault run. Ends with the line "N passed, N failed" and fails when anything did. What
# each runner said stays in build/test/.
#   tools/test.sh [tools|unit|web|cli|api|postgres|e2e|fault]...   all of them unless named
set -uo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh test || exit 1
tools/build.sh build || exit 1
# of what debuggers know, reports need the lines only
tools/build.sh build-asan -Db_sanitize=address,undefined -Ddebug=false -Dc_args=-g1 || exit 1
export PATH="$PWD/tools/node/bin:$PATH"
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
suites=" ${*:-tools unit web cli api postgres e2e fault} "
out=build/test
rm -rf "$out" && mkdir -p "$out"
say() { printf '>> %s\n' "$*"; }
wanted() { [[ $suites == *" $1 "* ]]; }
# Much of each test is waiting: two at a time for each processor, in both lanes together.
jobs=${JOBS:-$(($# == 1 ? $(nproc) * 2 : $(nproc)))}

unit_run() {
    meson test -C build-asan --print-errorlogs --num-processes "$jobs" |
        grep -v -e '^$' -e '^ninja:'
    cp build-asan/meson-logs/testlog.json "$out/unit.json" 2>/dev/null ||
        echo 'Bail out! meson left no log' >"$out/unit.tap"
}

# Runs the given test files under node's runner against the program $2; around holds the command
# that sets things up for them, if any.
around=()
node_run() {
    local name=$1 program=$2
    shift 2
    [ "$#" -gt 0 ] || return 0
    FENGQIAO="$PWD/$program" "${around[@]}" node --test --experimental-strip-types \
        --disable-warning=ExperimentalWarning \
        --test-concurrency="$jobs" --test-timeout=600000 \
        --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$out/$name.tap" "$@"
}

# A command counts as one test.
command_run() {
    local name=$1 passed=0
    shift
    say "$name: $*"
    FENGQIAO="$PWD/build/fengqiao" "$@" && passed=1
    printf '# pass %d\n# fail %d\n# cancelled 0\n' $passed $((1 - passed)) >"$out/$name.tap"
}

# The front end's own tests and checks: types, texts in both languages, sizes.
web_run() {
    local check
    node_run web build/fengqiao web/test/unit/*.test.{ts,mjs}
    for check in check lint budget; do
        grep -q "^ *\"$check\":" web/package.json 2>/dev/null || continue
        command_run "web-$check" npm --prefix web run --silent "$check"
    done
}
postgres_run() {
    local around=(node tests/tools/postgres.mjs)
    node_run postgres build/fengqiao "$@"
}

# A suite of this name, if it is wanted. What it says is shown in one piece when it ends, for
# another may be running beside it; alone it is shown as it comes.
suite() {
    local name=$1
    shift
    wanted "$name" || return 0
    say "$name tests"
    [ "$suites" != " $name " ] || { "$@"; return; }
    "$@" >"$out/$name.log" 2>&1
    flock "$out/lock" cat "$out/$name.log"
}

shopt -s nullglob
# Two lanes side by side: at the end of a suite its longest file does not keep a processor idle.
sanitised_lane() {
    suite unit unit_run
    suite api node_run api build-asan/fengqiao tests/api/*.test.{ts,mjs}
    suite fault command_run fault tests/fault/short.sh
}
shipped_lane() {
    suite tools node_run tools build/fengqiao tests/tools/*.test.mjs
    suite web web_run
    suite e2e node_run e2e build/fengqiao {tests,web/test}/e2e/*.test.{ts,mjs}
    suite postgres postgres_run tests/api/*.test.{ts,mjs}
    suite cli node_run cli build/fengqiao tests/cli/*.test.{ts,mjs}
}
sanitised_lane &
shipped_lane &
wait

for report in "$out"/*.json "$out"/*.tap; do
    read -r passed failed < <(node tools/count.mjs "$report" 2>/dev/null)
    printf '%-8s %s passed, %s failed\n' "$(basename "${report%.*}")" "$passed" "$failed"
done
read -r passed failed < <(node tools/count.mjs "$out"/*.json "$out"/*.tap 2>"$out/failed")
cat "$out/failed"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
