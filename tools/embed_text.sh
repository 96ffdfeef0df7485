#!/bin/sh
# Prints a C file that holds the templates given as arguments: see src/paper/form.h.
set -eu
echo '/* Made from data/paper/ by tools/embed_text.sh. */'
echo '#include "paper/form.h"'
echo 'const struct form_file form_files[] = {'
for file in "$@"; do
    printf '    { "%s",\n' "$(basename "$file" .txt)"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^\(.*\)$/        "\1\\n"/' "$file"
    echo '    },'
done
echo '};'
printf 'const size_t form_files_n = %d;\n' "$#"
