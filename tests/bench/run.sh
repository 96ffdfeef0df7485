#!/bin/bash
# make bench: see run.mjs for what is measured and the options.
cd "$(dirname "$0")/../.." && exec "$( [ -x tools/node/bin/node ] && echo tools/node/bin/node || echo node )" tests/bench/run.mjs "$@"
