#!/bin/bash
# The short form of the fault experiments, for `make test`. The long form is soak.sh.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0
fault() {
    if tools/node/bin/node --disable-warning=ExperimentalWarning "tests/fault/$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}
fault kill9.mjs --rounds 5 --clients 16
fault eio.mjs --calls 5 --cuts 2
fault clock.mjs --rounds 1
fault migrate_kill.mjs --points 8
if [ -x /usr/lib/postgresql/15/bin/postgres ]; then
    fault kill9.mjs --db postgres --rounds 5 --clients 16
    fault migrate_kill.mjs --db postgres --points 8
    fault postgres_kill.mjs --rounds 2
    fault failover.mjs --rounds 1
    fault commit_cut.mjs --rounds 10
    fault commit_cancel.mjs --rounds 5
    fault two_servers.mjs --matters 20
    fault roll.mjs 1 8
else
    echo '>> the faults of PostgreSQL are left out: it is not installed'
fi
echo "fault: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
