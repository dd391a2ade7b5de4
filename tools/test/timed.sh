#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# timed.sh [--beside] RESULTS SUITE COMMAND...: runs the command of a suite and leaves in
# RESULTS/SUITE.seconds how long it took. With --beside other suites run at the same time: what it
# prints comes whole, at its end. Exit status 0 whatever the tests say: summary.py judges.
set -uo pipefail

beside=
[[ $1 != --beside ]] || { beside=1 && shift; }
results=$1
suite=$2
shift 2
mkdir -p "$results"

begun=$(date +%s)
if [[ -n $beside ]]; then
    "$@" > "$results/$suite.log" 2>&1
    flock "$results" cat "$results/$suite.log"
else
    "$@" 2>&1
fi
echo $(($(date +%s) - begun)) > "$results/$suite.seconds"
