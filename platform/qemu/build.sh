#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the emulator: Debian's QEMU 7.2 with overlay/ and hooks.patch, and the firmware.
#   build.sh path             prints where the emulator for this overlay and patch is kept
#   build.sh ensure LINK      sees to it that it is there, and makes LINK point to it
#   build.sh package FOLDER   writes it to FOLDER/rel4-emulator-<key>-<machine>.tar.gz
#   build.sh check PROGRAM    fails if PROGRAM is a QEMU without our user interrupts
# Always holds: a kept emulator is complete, and was started once; it needs only glibc.
# Read next: module.mk, archive.sh, tools/setup/debian-source.sh.
# shellcheck disable=SC2317 # functions that are called by name
set -euo pipefail

task=emulator
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly setup=$here/../../tools/setup
# shellcheck source-path=SCRIPTDIR source=../../tools/setup/common.sh
source "$setup/common.sh"
# shellcheck source-path=SCRIPTDIR source=archive.sh
source "$here/archive.sh"

readonly version=7.2 release=debian-12 layout=1
readonly space_to_build=600 space_to_unpack=100
# The old kind of run path also serves the libraries that libraries need.
# shellcheck disable=SC2016 # the dynamic linker expands $ORIGIN
readonly configuration=(--target-list=riscv64-softmmu --without-default-features --enable-tcg
    --enable-slirp --enable-fdt=system --enable-plugins --disable-docs --disable-tools
    --disable-debug-info '--extra-ldflags=-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib')

# Names everything that the result depends on, so that equal keys mean equal emulators. A change
# of what archive.sh puts together needs another number for layout.
key() {
    {
        cd "$here"
        find overlay hooks.patch -type f -print0 2> /dev/null | LC_ALL=C sort --zero-terminated |
            xargs --null sha256sum
        echo "${configuration[*]} $version $release $layout $(uname -m)"
    } | sha256sum | cut -c 1-16
}

runs() { # EMULATOR
    "$1/bin/qemu-system-riscv64" --version > /dev/null 2>&1
}

has_hooks() {
    [[ -s $here/hooks.patch ]]
}

check() { # PROGRAM
    local options
    options=$("$1" -M virt,help 2> /dev/null) ||
        die "$1 is not a QEMU that starts: leave QEMU= out to use ReL4's own."
    [[ $options == *uintc=* ]] ||
        die "$1 is a QEMU without ReL4's user interrupts: leave QEMU= out to use ReL4's own."
}

# QEMU's configuration refuses blanks and colons in its path: then the work is done elsewhere,
# and a link remembers where.
set_work() {
    work=$kept/work
    if [[ $work != *[[:space:]:]* ]]; then
        make_folder "$work"
        return
    fi
    if [[ ! -d $work || ! -O $(readlink -f "$work") ]]; then
        rm -f -- "$work"
        ln -s -- "$(mktemp -d)" "$work"
    fi
    work=$(readlink -f "$work")
    [[ $work != *[[:space:]:]* ]] ||
        die "QEMU cannot be compiled in a path with blanks or colons: set TMPDIR to one without."
}

# The files that hooks.patch and overlay make different from Debian's, into $work/wanted.
make_wanted() {
    local file
    rm -rf -- "$work/wanted"
    mkdir -- "$work/wanted"
    cd "$work/source"
    if has_hooks; then
        sed -n -E 's,^--- a/([^\t]*).*,\1,p' "$here/hooks.patch" | while read -r file; do
            [[ ! -f $file ]] || cp --parents -- "$file" "$work/wanted"
        done
        patch --quiet --forward --strip=1 --fuzz=0 --no-backup-if-mismatch --reject-file=- \
            --directory="$work/wanted" < "$here/hooks.patch" >> "$log" 2>&1 ||
            die "platform/qemu/hooks.patch does not fit Debian's QEMU $(< "$work/revision")" \
                "(details: $log): adapt the patch, or use an EMULATOR_PACKAGE."
    fi
    [[ ! -d $here/overlay ]] || cp -R -- "$here/overlay/." "$work/wanted"
}

# Brings $work/tree up to date. A file that is right already keeps its time stamp, so that a
# repeated build compiles only what has changed. Files are replaced, never written into: the tree
# shares the others with $work/source.
apply_changes() {
    local file
    make_wanted
    cd "$work"
    if [[ ! -d tree ]]; then
        rm -rf -- unfinished
        cp -al -- source unfinished
        mv -T -- unfinished tree
    fi
    (cd wanted && find . -type f) > wanted.new
    cat wanted.new >> wanted.list
    sort -u wanted.list | while read -r file; do
        if [[ -e wanted/$file ]]; then
            cmp --quiet -- "wanted/$file" "tree/$file" && continue
            mkdir -p -- "tree/${file%/*}"
            cp --remove-destination -- "wanted/$file" "tree/$file"
        elif [[ -e source/$file ]]; then
            cp --remove-destination -- "source/$file" "tree/$file"
        else
            rm -f -- "tree/$file"
        fi
    done
    mv -- wanted.new wanted.list
}

# Keeps the user's CFLAGS and Python out. For subshells only: it replaces the shell (exec), so that
# watched's signals arrive.
clean_environment() {
    exec env --ignore-environment PATH=/usr/bin:/bin HOME="${HOME:-/}" LC_ALL=C "$@"
}

configure() {
    local wanted
    wanted="${configuration[*]} $(< "$work/revision")"
    [[ ! -e $work/configured || $(< "$work/configured") != "$wanted" ]] || return 0
    say "configuring"
    rm -rf -- "$work/build"
    mkdir -- "$work/build"
    cd "$work/build"
    watched "" no_progress clean_environment ../tree/configure "${configuration[@]}" ||
        explain_failure "configuring QEMU"
    echo "$wanted" > "$work/configured"
}

compile_progress() {
    local at count
    IFS='[/]' read -r _ at count _ < <(tail -c 4000 "$log" | grep -E '^\[[0-9]+/' | tail -n 1)
    [[ -n $count ]] || return
    echo "$((100 * at / count)) $at/$count compiled"
}

compile() {
    local jobs
    jobs=$(nproc)
    say "compiling QEMU with $jobs jobs; about $((8 / jobs + 1)) minutes"
    watched "" compile_progress clean_environment ninja -C "$work/build" -j "$jobs" \
        qemu-system-riscv64 || explain_failure "compiling QEMU"
}

build() { # FOLDER
    "$setup/setup.sh" packages emulator || exit
    make_folder "$kept"
    set_work
    [[ -d $work/build ]] || require_space "$work" "$space_to_build"
    "$setup/debian-source.sh" qemu "$version" "$work" > /dev/null || exit
    open_log "$work/build.log"
    apply_changes
    configure
    compile
    assemble "$work" "$here" "$1"
    write_manifest "$1" "$(key)" "qemu $(< "$work/revision")"
}

# Verifies what is in FOLDER and keeps it.
keep() { # FOLDER
    runs "$1" || die "the new emulator does not start here (try $1/bin/qemu-system-riscv64):" \
        "compile it on this machine, without EMULATOR_PACKAGE=."
    ! has_hooks || (check "$1/bin/qemu-system-riscv64") || die "this is a defect of platform/qemu."
    rm -rf -- "$emulator"
    mv -T -- "$1" "$emulator"
}

make_emulator() {
    local new=$kept/new
    make_folder "$kept"
    lock "$kept/lock"
    ! runs "$emulator" || return 0
    rm -rf -- "$new"
    if [[ -n ${EMULATOR_PACKAGE:-} ]]; then
        require_space "$kept" "$space_to_unpack"
        unpack_archive "$EMULATOR_PACKAGE" "$new" "$(key)"
        keep "$new"
    else
        build "$new"
        keep "$new"
        [[ -n ${REL4_KEEP_BUILD:-} ]] || rm -rf -- "$work" "$kept/work"
    fi
    say "kept in $emulator, $(elapsed "$SECONDS")"
}

ensure() { # LINK
    local link=$1
    [[ $link == /* ]] || link=$PWD/$link
    runs "$emulator" || make_emulator
    [[ $(readlink "$link") != "$emulator" ]] || return 0
    mkdir -p -- "${link%/*}"
    ln -s -f -n -T -- "$emulator" "$link" || die "cannot make the link $link: remove what is there."
}

package() { # FOLDER
    runs "$emulator" || die "there is no emulator yet: give \"make emulator\" first."
    mkdir -p -- "$1"
    pack "$emulator" "$1/rel4-emulator-$(key)-$(uname -m).tar.gz"
}

main() { # VERB ARGUMENT
    set_cache
    kept=$cache/emulator
    emulator=$kept/$(key)
    case $#-${1-} in
        1-path) echo "$emulator" ;;
        2-ensure) ensure "$2" ;;
        2-package) package "$2" ;;
        2-check) check "$2" ;;
        *) die "usage: build.sh path | ensure LINK | package FOLDER | check PROGRAM" ;;
    esac
}

# On one line, so that the script may change while it runs.
main "$@"; exit
