#!/bin/bash
# What several threads share: the tests of the writer, live updates, sessions, limits, kept texts
# and stored photos under ThreadSanitizer; a few tests under valgrind.
#   tests/fault/threads.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=build-tsan failed=0
[ -f $dir/build.ninja ] || meson setup $dir -Db_sanitize=thread -Ddebug=false -Dc_args=-g1 \
    -Db_lundef=false -Dwerror=false >$dir.log || { cat $dir.log; exit 1; }
rm -f $dir.log
shared=(writer live session limit keep store)
ninja -C $dir --quiet "${shared[@]/#/tests/test_}"
for name in "${shared[@]}"; do
    if TSAN_OPTIONS=halt_on_error=1 $dir/tests/test_"$name" >"$dir/$name.log" 2>&1; then
        echo "ok   $name under ThreadSanitizer"
    else
        failed=$((failed + 1))
        cat "$dir/$name.log"
    fi
done
if command -v valgrind >/dev/null; then
    ninja -C build --quiet tests/test_record tests/test_entry tests/test_totp
    for name in record entry totp; do
        if valgrind -q --error-exitcode=9 --leak-check=no build/tests/test_$name >"$dir/$name.log" 2>&1
        then
            echo "ok   $name under valgrind"
        else
            failed=$((failed + 1))
            cat "$dir/$name.log"
        fi
    done
fi
[ "$failed" = 0 ]
