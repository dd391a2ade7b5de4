#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Installs the Debian packages that packages.txt declares and this machine lacks.
#   setup.sh packages [GROUP...]    groups of packages.txt; core if none is named
# Always holds: where nothing is missing it prints nothing and changes nothing. It can be stopped
# at any moment and run again.
# Read next: packages.txt, common.sh, doctor.sh.
# shellcheck disable=SC2317 # functions that are called by name
set -euo pipefail

task=setup
# shellcheck source-path=SCRIPTDIR source=common.sh
source "${BASH_SOURCE[0]%/*}/common.sh"

readonly apt_options=(--assume-yes --no-install-recommends --quiet
    -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 -o Acquire::Retries=3
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)
readonly lock_held='could not get lock|unable to acquire|locked by another process'
readonly lock_patience=900

set_missing() { # GROUP...
    local list package reason
    missing=()
    reasons=()
    list=$(packages_of "$@" | sort --unique --key=1,1 | missing_of)
    [[ -n $list ]] || return 0
    while IFS=$'\t' read -r package reason; do
        missing+=("$package")
        reasons+=("$reason")
    done <<< "$list"
}

# Returns only where packages may be installed.
check_distribution() {
    [[ $(distribution) != debian-12 ]] || return 0
    [[ -n ${REL4_ANY_DISTRIBUTION:-} ]] ||
        die "this is $(distribution_name), and ReL4 is set up on Debian 12 only: use the" \
            "container in .devcontainer/, or set REL4_ANY_DISTRIBUTION=1 to go on at your own risk."
    say "this is $(distribution_name): nothing is installed here, you need the like of" \
        "Debian 12's ${missing[*]}"
    exit 0
}

# Sets root to the words that turn a command into one run by the administrator.
become_root() {
    root=()
    ((EUID != 0)) || return 0
    root=(sudo)
    if command -v sudo > /dev/null; then
        sudo --non-interactive true 2> /dev/null && return
        [[ -t 0 && -t 2 ]] && say "sudo may ask for your password, to install packages" &&
            sudo --validate && return
    fi
    die "only an administrator can install the missing packages: ask for" \
        "\"apt-get update && apt-get install --no-install-recommends ${missing[*]}\"," \
        "then give the same command again (\"make doctor\" lists all that is needed)."
}

# Runs a command as root under watched; where another program holds apt's locks, waits for it.
# Its handle 3 is for apt's status lines (sudo would close one that is opened here).
as_root() { # LABEL PROGRESS COMMAND...
    local deadline=$((SECONDS + lock_patience)) waiting=""
    # shellcheck disable=SC2016 # expanded by the inner shell
    until watched "$1" "$2" "${root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        bash -c 'exec "$@" 3>&1' - "${@:3}"; do
        log_has "$lock_held" || return
        ((SECONDS < deadline)) ||
            die "another program has been installing packages for" \
                "$((lock_patience / 60)) minutes: end it, $again (details: $log)."
        [[ -n $waiting ]] || say "another program is installing packages; waiting until it ends"
        waiting=yes
        sleep 3
        : > "$log"
    done
}

# apt's status lines are dlstatus:FILE:PERCENTAGE:TEXT and pmstatus:PACKAGE:PERCENTAGE:TEXT.
apt_progress() {
    local kind where percent text
    IFS=: read -r kind where percent text < \
        <(tail -c 2000 "$log" | grep -E '^(dl|pm)status:' | tail -n 1) || return 0
    [[ $kind == dlstatus ]] && text="" || text=", ${where%%:*}"
    printf '%s %s %%%s\n' "${percent%.*}" "${percent%.*}" "$text"
}

update_lists() {
    say "step 1/3: reading apt's package lists"
    : > "$log"
    # A source that has nothing to do with us may fail here, so the next step judges.
    as_root "" no_progress apt-get update || true
}

can_be_had() {
    LC_ALL=C apt-get --simulate "${apt_options[@]}" install "${missing[@]}" >> "$log" 2>&1 3>&1
}

download() {
    say "step 2/3: downloading"
    as_root downloading apt_progress apt-get "${apt_options[@]}" --download-only \
        install "${missing[@]}"
}

# An interrupted one leaves packages half installed, and apt does nothing before they are mended.
mend_earlier_installation() {
    as_root "" no_progress dpkg --force-confdef --force-confold --configure --pending && return
    say "finishing an earlier installation"
    as_root "" no_progress apt-get update || true
    as_root "" apt_progress apt-get "${apt_options[@]}" --fix-broken install || true
}

install_missing() {
    local started=$SECONDS index
    say "${#missing[@]} packages are missing and will be installed:"
    for index in "${!missing[@]}"; do
        printf '    %-32s %s\n' "${missing[index]}" "${reasons[index]}" >&2
    done
    mend_earlier_installation
    : > "$log"
    can_be_had || { update_lists && can_be_had; } || explain_apt_failure "looking for packages"
    # Lists that have grown old name files that are gone.
    : > "$log"
    download || { log_has 'failed to fetch' && update_lists && download; } ||
        explain_apt_failure "downloading packages"
    say "step 3/3: installing"
    : > "$log"
    as_root installing apt_progress apt-get "${apt_options[@]}" install "${missing[@]}" ||
        explain_apt_failure "installing packages"
    say "done, $(elapsed $((SECONDS - started)))"
}

packages() { # GROUP...
    set_missing "$@"
    ((${#missing[@]} > 0)) || return 0
    check_distribution
    set_cache
    become_root
    make_folder "$cache/log"
    lock "$cache/log/setup.lock"
    open_log "$cache/log/setup.log"
    set_missing "$@"
    ((${#missing[@]} > 0)) || return 0
    install_missing
    set_missing "$@"
    ((${#missing[@]} == 0)) || explain_failure "installing ${missing[*]}"
}

usage() {
    die "usage: setup.sh packages [GROUP...], groups as in tools/setup/packages.txt"
}

main() { # packages GROUP...
    local group
    [[ ${1-} == packages ]] || usage
    shift
    (($# > 0)) || set -- core
    for group in "$@"; do
        [[ -n $(packages_of "$group") ]] || usage
    done
    packages "$@"
}

# On one line, so that the script may change while it runs.
main "$@"; exit
