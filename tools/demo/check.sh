#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests the second half of the demo: all rows are there, rings win where many calls are on their
# way, and a machine that does not run is told.
#   check.sh QEMU FIRMWARE SEL4-FOLDER REL4-FOLDER      writes TAP
set -euo pipefail

readonly qemu=$1 firmware=$2 sel4=$3 rel4=$4
number=0

report() { # STATUS NAME OUTPUT
    number=$((number + 1))
    if (($1 == 0)); then
        echo "ok $number - demo: $2"
    else
        echo "not ok $number - demo: $2"
        printf '%s\n' "$3" | sed 's/^/    # /'
    fi
}

echo "TAP version 13"
echo "1..4"
status=0
output=$(tools/demo/calls.py "$qemu" "$firmware" "$sel4" "$rel4" 2>&1) || status=$?
report "$status" "all machines run" "$output"

count=$(grep -cE "^  (each traps|shared rings, [0-9]+ at a time) +[0-9]+ +[0-9]+\.[0-9]{2}" \
    <<< "$output" || true)
report "$((count == 8 ? 0 : 1))" "there are two tables of four rows" "$output"

slower=$(grep -cE "shared rings, (32|64) at a time .* 0\.[0-9] x" <<< "$output" || true)
faster=$(grep -cE "shared rings, (32|64) at a time .* [1-9][0-9]*\.[0-9] x" <<< "$output" || true)
report "$((slower == 0 && faster == 2 ? 0 : 1))" "many at a time are faster than traps" "$output"

status=0
output=$(tools/demo/calls.py "$qemu" "$firmware" "$sel4/no" "$rel4/no" 2>&1) || status=$?
told=0
[[ $status == 1 && $output == *"a machine did not run"* ]] || told=1
report "$told" "a machine that does not run is told" "$output"
