#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests the rings between two harts that run at the same time, with a few seeds. A machine whose
# threads both sleep for ever is found by the emulator's runner, one that goes round by the time.
#   check.sh COMMAND OF THE MACHINE      writes TAP
set -euo pipefail

echo "TAP version 13"
echo "1..3"
for seed in 1 2 3; do
    status=0
    output=$("$@" --timeout 60 --append "items=1000000 seed=$seed" 2>&1 < /dev/null) || status=$?
    if ((status == 0)) && [[ $output == *"1000000 messages, 0 wrong"* ]]; then
        echo "ok $seed - ring-stress: 1000000 messages between two harts, seed $seed"
    else
        echo "not ok $seed - ring-stress: 1000000 messages between two harts, seed $seed"
        printf '%s\n' "exit status $status" "$output" | tail -n 15 | sed 's/^/    # /'
    fi
done
