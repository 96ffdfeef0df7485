#!/bin/sh
# describe.sh: writes the committed copies of what the program says of itself, after a change to
# routes, records or steps. tests/api/describe.test.mjs compares them.
set -eu
cd "$(dirname "$0")/.."
program=${FENGQIAO:-build/fengqiao}
"$program" describe openapi >docs/openapi.json
"$program" describe states >docs/states.md
"$program" describe permissions >docs/permissions.md
"$program" describe typescript >web/shared/api/server.ts
"$program" describe man >docs/fengqiao.1
