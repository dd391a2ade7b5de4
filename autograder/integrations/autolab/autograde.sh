#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# autograde.sh LAB SUBMISSION: the last line that it prints is Autolab's JSON. If this machine is
# to blame there is none, and Autolab gives no score.
set -euo pipefail

lab=$1
submission=$2
[[ -d rel4 ]] || {
    mkdir rel4
    tar --extract --file=rel4.tar --directory=rel4
}
SANDBOX=${SANDBOX:-container} rel4/autograder/integrations/grade-one.sh \
    "$lab" "$submission" autolab result.json
cat result.json
echo
