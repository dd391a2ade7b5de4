#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# `make doctor`: a table of every requirement, found or missing, with what mends it.
# Always holds: it changes nothing, needs only bash and coreutils, and ends with status 0 only if
# nothing is missing. "later" is what the goal that needs it installs by itself.
# Read next: packages.txt, common.sh, setup.sh.
set -euo pipefail

task=doctor
# shellcheck source-path=SCRIPTDIR source=common.sh
source "${BASH_SOURCE[0]%/*}/common.sh"

readonly build_script=$setup_folder/../../platform/qemu/build.sh
readonly memory_wanted=1000 gnu_wanted=13 space_to_build=600 space_to_run=100
problems=0
to_install=()

row() { # STATE WHAT FOUND [REMEDY]
    [[ $1 != missing ]] || problems=$((problems + 1))
    printf '%-8s %-32s %s%s\n' "$1" "$2" "$3" "${4:+ -> $4}"
}

check_distribution() {
    if [[ $(distribution) == debian-12 ]]; then
        row ok distribution "$(distribution_name)"
    elif [[ -n ${REL4_ANY_DISTRIBUTION:-} ]]; then
        row ok distribution "$(distribution_name), at your own risk (REL4_ANY_DISTRIBUTION)"
    else
        row missing distribution "$(distribution_name)" \
            "use the container in .devcontainer/, or set REL4_ANY_DISTRIBUTION=1"
    fi
}

check_machine() {
    local memory="" name value
    while read -r name value _; do
        [[ $name != MemAvailable: ]] || memory=$((value / 1024))
    done < /proc/meminfo
    row ok processors "$(nproc), $(uname -m)"
    if ((memory < memory_wanted)); then
        row missing memory "$memory MB free" "end other programs: $memory_wanted MB are needed"
    else
        row ok memory "$memory MB free"
    fi
}

# The nearest folder above it that exists tells what can be written and how much.
check_cache() {
    local existing=$cache wanted=$space_to_build
    while [[ ! -d $existing ]]; do
        existing=$(dirname "$existing")
    done
    if [[ ! -w $existing ]]; then
        row missing "cache folder" "$cache: cannot be written" "name another: REL4_CACHE=/folder"
        return
    fi
    row ok "cache folder" "$cache: $(cache_size) MB"
    ! emulator_runs || wanted=$space_to_run
    if (($(free_megabytes "$existing") < wanted)); then
        row missing "disk space" "$(free_megabytes "$existing") MB in $existing" \
            "free some, or name a folder on another disk: REL4_CACHE=/folder"
    else
        row ok "disk space" "$(free_megabytes "$existing") MB in $existing"
    fi
}

cache_size() {
    local size=0 rest
    [[ ! -d $cache ]] || read -r size rest < <(du --summarize --block-size=1M -- "$cache")
    echo "$size"
}

check_program() { # NAME PACKAGE
    local version
    if version=$("$1" --version 2> /dev/null); then
        row ok "$1" "${version%%$'\n'*}"
    else
        to_install+=("$2")
        row missing "$1" "no" "apt-get install $2 (as root)"
    fi
}

# Packages of a group; those that are not there are STATE.
check_packages() { # GROUP STATE REMEDY
    local package reason version
    while IFS=$'\t' read -r package reason; do
        version=$(version_of "$package")
        if [[ -n $version ]]; then
            row ok "$package" "$version"
        else
            [[ $2 != missing ]] || to_install+=("$package")
            row "$2" "$package" "for: $reason" "$3"
        fi
    done < <(packages_of "$1")
}

version_of() { # PACKAGE
    local answer
    answer=$(dpkg-query --show --showformat='${db:Status-Status} ${Version}' "$1" 2> /dev/null) ||
        return 0
    [[ $answer != "installed "* ]] || echo "${answer#installed }"
}

check_gnu_compiler() {
    local version
    version=$(riscv64-unknown-elf-g++ -dumpfullversion 2> /dev/null) || return 0
    if ((${version%%.*} >= gnu_wanted)); then
        row ok "riscv64-unknown-elf-g++" "$version: TOOLCHAIN=auto takes it"
    else
        row ok "riscv64-unknown-elf-g++" \
            "$version, older than $gnu_wanted: TOOLCHAIN=auto takes clang-19"
    fi
}

emulator_runs() {
    "$emulator/bin/qemu-system-riscv64" --version &> /dev/null
}

check_emulator() {
    local foreign
    if emulator_runs; then
        row ok emulator "QEMU with user interrupts, key ${emulator##*/}"
    else
        row missing emulator "not yet" \
            "make emulator; with EMULATOR_PACKAGE=file.tar.gz nothing is compiled"
        [[ -n ${EMULATOR_PACKAGE:-} ]] || check_packages emulator missing "make setup"
    fi
    foreign=$(command -v qemu-system-riscv64) || return 0
    row ok "QEMU in PATH" "$foreign: is not used, it has no user interrupts"
}

advise() {
    if ((problems == 0)); then
        echo "Nothing is missing."
        return
    fi
    echo "$problems missing. \"make setup\" mends what can be installed."
    if ((EUID != 0 && ${#to_install[@]} > 0)) && ! sudo --non-interactive true &> /dev/null; then
        echo "It needs an administrator. Without one, ask for:"
        echo "    apt-get update && apt-get install --no-install-recommends ${to_install[*]}"
    fi
    exit 1
}

set_cache
emulator=$("$build_script" path)
check_distribution
check_machine
check_cache
check_program make make
check_program git git
check_packages core missing "make setup"
check_gnu_compiler
check_emulator
check_packages lint later "make lint"
advise
