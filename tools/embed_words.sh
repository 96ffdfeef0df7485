#!/bin/sh
# Prints a C file that holds the words of a file as strings: see src/crypto/common.h.
set -eu
echo '/* Made from data/password/common.txt by tools/embed_words.sh. */'
echo '#include "crypto/common.h"'
echo 'const char *const common_words[] = {'
tr -s '[:space:]' '\n' <"$1" | sed -e '/^$/d' | sort -u |
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^\(.*\)$/    "\1",/'
echo '    NULL };'
