#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Gradescope runs this once, when the image of the autograder is made: everything is installed and
# built, and the tests of the lab too, so that a submission takes seconds.
set -euo pipefail

apt-get update
apt-get install --assume-yes --no-install-recommends ca-certificates git make
export REL4_CACHE=/autograder/cache REL4_WORK=/autograder/work SANDBOX=container
touch /run/.containerenv # while an image is made nothing says that this is a container
cd /autograder/source/rel4
make setup build/host/rel4-grade
lab=$(< /autograder/source/lab)
build/host/rel4-grade derive --lab "$lab" --kind starter --out /tmp/starter
autograder/integrations/grade-one.sh "$lab" /tmp/starter gradescope /tmp/results.json
