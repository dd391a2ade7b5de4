#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# package.sh LAB: writes autograder-labN.zip, which is uploaded to Gradescope. The committed state
# of the course's source goes in.
set -euo pipefail

lab=${1:?package.sh LAB: which lab?}
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
top=$(git -C "$here" rev-parse --show-toplevel)
out=$PWD/autograder-lab$lab.zip
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/rel4"
git -C "$top" archive HEAD | tar --extract --directory="$folder/rel4"
cp "$here/setup.sh" "$here/run_autograder" "$folder/"
echo "$lab" > "$folder/lab"
rm -f "$out"
(cd "$folder" && python3 -m zipfile --create "$out" setup.sh run_autograder lab rel4)
echo "$out"
