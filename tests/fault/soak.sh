#!/bin/bash
# The long form of the fault experiments (`make soak`).
set -eu
cd "$(dirname "$0")/../.."
export FENGQIAO=${FENGQIAO:-build/fengqiao}
tools/node/bin/node --disable-warning=ExperimentalWarning tests/fault/kill9.mjs "${ROUNDS:-50}" 32
