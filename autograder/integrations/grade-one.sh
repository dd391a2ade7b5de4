#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Grades one submission and writes its result as another system reads it.
#   grade-one.sh LAB SUBMISSION FORMAT OUT     FORMAT: gradescope, autolab, github, junit, csv
# SANDBOX is bwrap (default), or container if this machine is thrown away after one submission.
# Exit status 0: OUT is written. Else this machine is to blame, and OUT does not exist.
# Read next: README.md.
set -euo pipefail

(($# == 4)) || {
    sed -n 's/^# \{0,1\}//; 4,7p' "${BASH_SOURCE[0]}" >&2
    exit 3
}
lab=$1
submission=$(realpath "$2")
format=$3
out=$(realpath --no-symlinks "$4")

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
rm -f "$out"
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT

make --jobs="$(nproc)" build/host/rel4-grade emulator > "$folder/set-up.log" 2>&1 || {
    tail -n 20 "$folder/set-up.log" >&2
    exit 3
}
status=0
build/host/rel4-grade run "$submission" --lab "$lab" --out "$folder/results" \
    --work "${REL4_WORK:-$folder/work}" --sandbox "${SANDBOX:-bwrap}" || status=$?
result=("$folder"/results/*.json)
if ((status > 2)) || [[ ! -f ${result[0]} ]]; then
    exit "$((status > 2 ? status : 4))"
fi
build/host/rel4-grade convert --to "$format" "${result[0]}" --out "$out"
