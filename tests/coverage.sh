#!/bin/bash
# How much of src/ the tests run: lines and branches, by gcov, over the unit tests and the tests of
# the interface. Takes long, so it is no part of `make test`.
#   tests/coverage.sh [unit|api|postgres]...     all unless named; prints rooms and the whole
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$PWD/build-coverage suites=" ${*:-unit api postgres} "
export PATH="$PWD/tools/node/bin:$PATH"
[ -f "$dir/build.ninja" ] ||
    meson setup "$dir" -Db_coverage=true -Doptimization=0 -Dwerror=false >"$dir.log" ||
    { cat "$dir.log"; exit 1; }
rm -f "$dir.log"
ninja -C "$dir" --quiet
find "$dir" -name '*.gcda' -delete
wanted() { [[ $suites == *" $1 "* ]]; }
api() {
    FENGQIAO="$dir/fengqiao" "$@" node --test --experimental-strip-types \
        --disable-warning=ExperimentalWarning --test-concurrency="${JOBS:-$(nproc)}" \
        --test-timeout=900000 --test-reporter=dot tests/api/*.test.mjs tests/cli/*.test.mjs
}
! wanted unit || meson test -C "$dir" --timeout-multiplier 5 --num-processes "${JOBS:-$(nproc)}" |
    tail -12
! wanted api || api env || true
! wanted postgres || api node tests/tools/postgres.mjs || true

# gcov counts an included .c of a unit test apart from the library's: the best of each line counts.
mkdir -p "$dir/gcov" && cd "$dir/gcov"
find "$dir" -name '*.gcda' -print0 | xargs -0 gcov --json-format --branch-probabilities \
    --preserve-paths >/dev/null 2>&1
node "$OLDPWD/tests/tools/coverage.mjs" "$dir/gcov"
