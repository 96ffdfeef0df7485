#!/bin/bash
# The short form of the fault experiments, for `make test`; the long form is soak.sh. Only there,
# for they take long by their nature: silent (a server counts as gone after 15 s), slow (people have
# to wait), memory, overload, calls, alloc, crash, power cuts.
set -u
cd "$(dirname "$0")/../.."
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT

# One experiment; what became of it is a line in the file of its database.
fault() {
    local done=failed
    tools/node/bin/node --disable-warning=ExperimentalWarning "tests/fault/$@" && done=passed
    echo "$done" >>"$said/$BASHPID"
}
of_files() {
    fault kill9.mjs --rounds 3 --clients 16
    fault eio.mjs --calls 5 --cuts 2
    fault clock.mjs --rounds 1
    fault lossy.mjs --reports 300 --clients 16
    fault migrate_kill.mjs --points 8
    fault outbox.mjs --kills 3
    fault rotate.mjs --points 2 --growth 9 --matters 0 --clients 4 --seconds 0
    fault idle.mjs --idle 500 --slow 50 --seconds 3
    [ "$(id -u)" != 0 ] || fault disk_full.mjs --rounds 1
}
of_postgres() {
    fault kill9.mjs --db postgres --rounds 3 --clients 16
    fault migrate_kill.mjs --db postgres --points 8
    fault postgres_kill.mjs --rounds 2
    fault failover.mjs --rounds 1
    fault replica_gone.mjs --seconds 3
    fault commit_cut.mjs --rounds 10
    fault commit_cancel.mjs --rounds 2
    fault two_servers.mjs --matters 15
    fault outbox.mjs --db postgres --kills 3
    fault rotate.mjs --db postgres --points 2 --growth 9 --matters 0 --clients 4 --seconds 0
    fault outbox.mjs --db postgres --servers 2 --answers 60
    fault roll.mjs 1 6
}

# Both databases side by side: most of the time servers start, or wait for a disk.
of_files &
if [ -x /usr/lib/postgresql/15/bin/postgres ]; then
    of_postgres &
else
    echo '>> the faults of PostgreSQL are left out: it is not installed'
fi
wait
passed=$(cat "$said"/* | grep -c passed)
failed=$(cat "$said"/* | grep -c failed)
echo "fault: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -ge 5 ]
