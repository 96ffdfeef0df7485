#!/bin/sh
# Prints a C file that holds the migrations given as arguments, in that order: see src/db/migrations.h.
set -eu
echo '/* Made from sql/ by tools/embed_sql.sh. */'
echo '#include "db/migrations.h"'
echo 'const struct migration migrations[] = {'
for file in "$@"; do
    printf '    { "%s",\n' "$(basename "$file" .sql)"
    sed -e 's/[[:space:]]*--.*$//' -e '/^$/d' -e 's/\\/\\\\/g' -e 's/"/\\"/g' \
        -e 's/^\(.*\)$/        "\1\\n"/' "$file"
    echo '    },'
done
echo '};'
printf 'const size_t migrations_n = %d;\n' "$#"
