#!/bin/bash
# Ten thousand seeds of the simulation, shared among as many processes as there are processors.
#   tests/sim/run.sh [SEEDS]
cd "$(dirname "$0")/../.." || exit 1
seeds=${1:-10000} n=$(nproc) failed=0 pids=()
for ((i = 0; i < n; i++)); do
    build/tests/sim/fengqiao-sim --seeds $((seeds * i / n + 1)) $((seeds * (i + 1) / n)) &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
exit $failed
