# SPDX-License-Identifier: BSD-2-Clause
#
# Writes `make help` from the make fragments themselves: goals are the rules with a text after
# "##", options are the calls of `option`. (awk, because it must work before Python is there.)

BEGIN { print "make GOAL... [OPTION=value...]\n\nGoals:" }

/^[a-z][a-z_-]*:.* ## / {
    goal = text = $0
    sub(/:.*/, "", goal)
    sub(/.* ## /, "", text)
    printf "  %-18s %s\n", goal, text
}

/^\$\(eval \$\(call option,/ {
    sub(/\)\)$/, "")
    split($0, field, ",")
    options = options sprintf("  %-18s %s: %s\n", field[2], field[3], field[4])
}

END {
    printf "\nOptions, the default first:\n%s", options
    printf "  %-18s %s\n", "BUILD", "build: the folder for everything that is made"
}
