#!/bin/bash
# Runs every fuzz target, 60 seconds each, with AddressSanitizer and UndefinedBehaviorSanitizer.
# What it learns is kept in build-fuzz/corpus, so the next run goes on from there; --keep writes the
# part of it that matters most into tests/fuzz/corpus, which the unit tests replay.
#   tests/fuzz/run.sh [SECONDS [NAME]...]
#   tests/fuzz/run.sh --keep [NAME]...
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=build-fuzz
kept_bytes_max=2048 kept_inputs_max=150
if [ ! -f $dir/build.ninja ]; then
    CC=clang meson setup $dir -Db_lundef=false -Dwerror=false \
        -Db_sanitize=address,undefined -Ddebug=false \
        "-Dc_args=-g1 -fsanitize=fuzzer-no-link" >$dir.log ||
        { cat $dir.log; exit 1; }
    rm $dir.log
fi
ninja -C $dir --quiet ${JOBS:+-j"$JOBS"} fuzz
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

# The corpus of a target, with what is kept of it and its seeds.
fill() {
    local name=$1 corpus=$dir/corpus/$1 line i=0
    mkdir -p "$corpus" $dir/found
    [ ! -x "$dir/tests/fuzz/seeds_$name" ] || "$dir/tests/fuzz/seeds_$name" "$corpus"
    while read -r line; do
        base64 -d <<<"$line" >"$corpus/kept-$((i += 1))"
    done <"tests/fuzz/corpus/$name.txt"
}

# The fewest inputs that reach all that the corpus reaches, of those small enough; if they are too
# many, evenly chosen among them.
keep() {
    local name=$1 least=$dir/least/$1 file
    rm -rf "$least" && mkdir -p "$least"
    "$dir/tests/fuzz/fuzz_$name" -merge=1 -timeout=10 -verbosity=0 "$least" "$dir/corpus/$name" \
        2>/dev/null || true
    find "$least" -type f -size -$((kept_bytes_max + 1))c | sort |
        awk -v most=$kept_inputs_max '{ all[NR] = $0 }
            END { n = NR < most ? NR : most
                for (i = 1; i <= n; i++) print all[int(i * NR / n)] }' |
        while read -r file; do base64 -w0 "$file" && echo; done >"tests/fuzz/corpus/$name.txt"
    echo "$name: $(wc -l <"tests/fuzz/corpus/$name.txt") inputs kept"
}

fuzz() {
    local name=$1
    echo ">> fuzz_$name for $seconds s"
    fill "$name"
    "$dir/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=60 -max_len=65536 \
        -print_final_stats=1 -verbosity=0 -rss_limit_mb=4096 \
        -artifact_prefix="$dir/found/$name-" "$dir/corpus/$name"
}

task=fuzz seconds=60
if [ "${1:-}" = --keep ]; then
    task=keep
    shift
elif [ $# -gt 0 ]; then
    seconds=$1
    shift
fi
failed=0 passed=0
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    name=${name#fuzz_}
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    if $task "$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
