#!/bin/bash
# Runs every fuzz target, 60 seconds each, with AddressSanitizer and UndefinedBehaviorSanitizer.
# What it learns is kept in build-fuzz/corpus, so the next run goes on from there.
#   tests/fuzz/run.sh [SECONDS [NAME]...]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
dir=build-fuzz
if [ ! -f $dir/build.ninja ]; then
    CC=clang CFLAGS=-fsanitize=fuzzer-no-link meson setup $dir -Db_lundef=false -Dwerror=false \
        -Db_sanitize=address,undefined >$dir.log || { cat $dir.log; exit 1; }
    rm $dir.log
fi
ninja -C $dir --quiet ${JOBS:+-j"$JOBS"} fuzz
failed=0 passed=0
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    name=${name#fuzz_}
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    corpus=$dir/corpus/$name
    mkdir -p "$corpus" "$dir/found"
    [ ! -x "$dir/tests/fuzz/seeds_$name" ] || "$dir/tests/fuzz/seeds_$name" "$corpus"
    echo ">> fuzz_$name for $seconds s"
    if UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 "$dir/tests/fuzz/fuzz_$name" \
        -max_total_time="$seconds" -timeout=10 -max_len=65536 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$dir/found/$name-" "$corpus"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
