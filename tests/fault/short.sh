#!/bin/bash
# The short form of the fault experiments, for `make test`. The long form is soak.sh.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0
try() {
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
try tools/node/bin/node --disable-warning=ExperimentalWarning tests/fault/kill9.mjs 5 16
try tools/node/bin/node tests/fault/roll.mjs 1 8
echo "fault: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
