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
# A page of its own words, with what the program says between two marks.
{
    sed '/^<!-- columns -->$/q' docs/personal-data.md
    "$program" describe personal
    sed -n '/^<!-- end of columns -->$/,$p' docs/personal-data.md
} >docs/personal-data.md.new
mv docs/personal-data.md.new docs/personal-data.md
