#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests the demo: on each board its matches end without a trap (its exit status says so), and a
# machine that it cannot run on is told apart from a failure.
#   check.sh QEMU DEMO-ELF      writes TAP
set -euo pipefail

readonly qemu=$1 demo=$2
number=0

check() { # NAME EXIT-STATUS TEXT RUN-OPTION...
    local name=$1 expected=$2 text=$3 output status=0
    shift 3
    output=$(tools/emulator/run.py --qemu "$qemu" --kernel "$demo" "$@" 2>&1) || status=$?
    number=$((number + 1))
    if ((status == expected)) && [[ $output == *"$text"* ]]; then
        echo "ok $number - demo: $name"
    else
        echo "not ok $number - demo: $name"
        printf '%s\n' "exit status $status" "$output" | sed 's/^/    # /'
    fi
}

echo "TAP version 13"
echo "1..3"
check "no trap on QEMU's board" 0 "no kernel in between" --board virt --harts 2
check "no trap on the FPGA's memory map" 0 "no kernel in between" --board fpga --harts 2
check "one hart is not enough, and it says so" 1 "needs two harts" --harts 1
