#!/bin/bash
# Checks the model of a matter's life (life.pml) with SPIN: each property holds, and each planted
# mistake breaks the property that is there to notice it.
#   tests/model/run.sh [PROPERTY]...
cd "$(dirname "$0")" || exit 1
model=$PWD/life.pml
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

# check PROPERTY [-DM_...]: 0 when it holds
check() {
    local property=$1 fair=()
    case $property in lateness | promise) fair=(-f) ;; esac
    rm -f pan* ./*.trail
    spin "${@:2}" -a "$model" >spin.log 2>&1 || { cat spin.log; exit 2; }
    cc -O2 -w -DVECTORSZ=512 -DCOLLAPSE -DNFAIR=4 -o pan pan.c || exit 2
    timeout 600 ./pan -a "${fair[@]}" -m200000 -w24 -N "$property" >pan.log 2>&1
    grep -q 'errors: 0' pan.log && return 0
    grep -q 'errors: [1-9]' pan.log && return 1
    tail -20 pan.log
    exit 2
}

for property in "${@:-owned clocked answered stored once rights time ledger lateness kept promise}"; do
    for p in $property; do
        if check "$p"; then echo "ok $p ($(sed -n 's/ *\([0-9.e+]*\) states, stored.*/\1 states/p' pan.log))"
        else echo "not ok $p"; failed=1; fi
    done
done
[ "$#" -gt 0 ] && exit $failed
while read -r mistake property; do
    if check "$property" "-D$mistake"; then echo "not ok $mistake is not noticed by $property"; failed=1
    else echo "ok $mistake breaks $property"; fi
done <<'LIST'
M_ANSWER_BEFORE_COMMIT stored
M_NO_KEY once
M_KEY_BY_PLACE once
M_OBJECT_NO_CLOCK clocked
M_WITHDRAW_SILENT answered
M_CLOSE_UNANSWERED answered
M_NO_VERSION rights
M_FIRST_HOLDER rights
M_OWN_REQUEST rights
M_RELEASE_RESTARTS time
M_ENTRY_LATER ledger
M_TIMER_IN_MEMORY lateness
M_TOP_DROPS clocked
M_LOG_FROM_MEMORY promise
LIST
exit $failed
