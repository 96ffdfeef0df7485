#!/bin/bash
# The short form of the fault experiments, for `make test`. The long form is soak.sh.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0
try() {
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
fault() { try tools/node/bin/node --disable-warning=ExperimentalWarning "tests/fault/$@"; }
fault kill9.mjs --rounds 5 --clients 16
fault kill9.mjs --rounds 5 --clients 16 --db postgres
fault roll.mjs 1 8
echo "fault: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
