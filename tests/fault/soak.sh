#!/bin/bash
# The long form of the fault experiments (`make soak`).
set -eu
cd "$(dirname "$0")/../.."
export FENGQIAO=${FENGQIAO:-build/fengqiao}
kill9() {
    tools/node/bin/node --disable-warning=ExperimentalWarning tests/fault/kill9.mjs "$@"
}
tools/node/bin/node tests/fault/roll.mjs "${ROUNDS:-50}" 32
kill9 "${ROUNDS:-50}" 32
if [ "$(id -u)" = 0 ] && [ -e /dev/loop-control ]; then
    kill9 "${ROUNDS:-50}" 32 power
else
    echo '>> power cuts are left out: they need root and loop devices'
fi
