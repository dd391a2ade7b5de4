# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the set-up scripts share; it is sourced, never run. The script sets `task`, the word that
# begins its messages, before it sources this file.
# Always holds: messages go to standard error, and every failure is one sentence that ends in its
# remedy. What was done so far is kept: the same command, given again, goes on from there.
# Read next: setup.sh.

readonly task=${task:?the script that sources this sets it}
readonly setup_folder=${BASH_SOURCE[0]%/*}
readonly again="then give the same command again; it goes on from there"
child=""
line_open=""

say() {
    close_line
    printf '%s: %s\n' "$task" "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# "emulator: 431/1350 compiled, 1:10" is written over itself on a terminal, and ended by this.
close_line() {
    [[ -z $line_open ]] || echo >&2
    line_open=""
}

elapsed() { # SECONDS
    printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

# The one folder outside the checkout that ReL4 writes to.
set_cache() {
    cache=${REL4_CACHE:-}
    if [[ -z $cache ]]; then
        [[ -n ${XDG_CACHE_HOME:-}${HOME:-} ]] ||
            die "HOME is not set: name a folder for what is kept, with REL4_CACHE=/some/folder."
        cache=${XDG_CACHE_HOME:-$HOME/.cache}/rel4
    fi
    [[ $cache == /* ]] || cache=$PWD/$cache
}

make_folder() { # FOLDER
    mkdir -p -- "$1" 2> /dev/null || true
    [[ -d $1 && -w $1 ]] ||
        die "cannot write to $1: mend its permissions or name another folder with REL4_CACHE=."
}

open_log() { # FILE
    log=$1
    make_folder "${log%/*}"
    { : > "$log"; } 2> /dev/null || die "cannot write $log: is its disk full? Free space, $again."
}

free_megabytes() { # FOLDER
    local answer
    answer=$(df --output=avail --block-size=1M -- "$1")
    echo "${answer##*[!0-9]}"
}

require_space() { # FOLDER MEGABYTES
    local free
    free=$(free_megabytes "$1")
    ((free >= $2)) || die "$1 needs $2 MB of free space and has $free: free some," \
        "or name a folder on another disk with REL4_CACHE=, $again."
}

# Holds the lock until the script ends; a second run waits here.
lock() { # FILE
    exec {lock_handle}> "$1" || die "cannot write $1: is its disk full? Free space, $again."
    flock --nonblock "$lock_handle" && return
    say "another run of this is under way; waiting until it ends"
    flock "$lock_handle"
}

# Runs a command with its output in $log. Meanwhile PROGRESS, a function, prints the percentage
# that is done and a text, or nothing; what it says is shown as "LABEL TEXT, TIME".
watched() { # LABEL PROGRESS COMMAND...
    local label=$1 progress=$2 start=$SECONDS tenth=0 status=0
    shift 2
    "$@" < /dev/null >> "$log" 2>&1 &
    child=$!
    while kill -0 "$child" 2> /dev/null; do
        sleep 0.5
        show_progress "$label" "$(elapsed $((SECONDS - start)))" "$("$progress" || true)"
    done
    wait "$child" || status=$?
    child=""
    close_line
    return "$status"
}

no_progress() {
    :
}

show_progress() { # LABEL TIME "PERCENTAGE TEXT"; uses tenth of watched
    local percent=${3%% *} text=${3#* }
    if [[ -t 2 ]]; then
        [[ -n $3 ]] || text=working
        printf '\r\e[K%s: %s%s, %s' "$task" "${1:+$1 }" "$text" "$2" >&2
        line_open=yes
    elif [[ -n $3 ]] && ((percent / 10 > tenth)); then
        tenth=$((percent / 10))
        say "${1:+$1 }$text, $2"
    fi
}

stopped() { # EXIT-STATUS
    trap - INT TERM HUP
    [[ -z $child ]] || { kill "$child" && wait "$child"; } 2> /dev/null || true
    say "stopped; the same command goes on from here"
    exit "$1"
}
trap 'stopped 130' INT
trap 'stopped 143' TERM
trap 'stopped 129' HUP

# What no sentence was written for.
failed() { # COMMAND
    ((BASH_SUBSHELL > 0)) ||
        die "\"$1\" failed, see above. If a disk is full free space, $again."
}
set -o errtrace
trap 'failed "$BASH_COMMAND"' ERR

log_has() { # PATTERN
    grep --quiet --extended-regexp --ignore-case -e "$1" "$log"
}

# Ends with the sentence that fits what was written into $log.
explain_failure() { # WHAT
    # A full disk may have cut off the log, too.
    if log_has 'no space left|enough free space|disk quota' ||
        (($(free_megabytes "${log%/*}") < 5)); then
        die "$1 failed: a disk is full (details: $log). Free space, $again."
    fi
    say "$1 failed; errors and last lines of $log:"
    { grep -i -E 'error|cannot' -- "$log" || true; } | head -n 6 >&2
    tail -n 4 -- "$log" >&2
    die "mend what they name, $again."
}

# The same for what apt wrote, of which more is known.
explain_apt_failure() { # WHAT
    if log_has 'resolving|could not (resolve|connect)|unreachable|timed out|connection failed'; then
        die "$1 failed: the package server cannot be reached. Mend the network (or apt's proxy)," \
            "$again (details: $log)."
    elif log_has 'unable to locate package|no installation candidate|unable to find a source'; then
        die "$1 failed: apt knows no $(unknown_package). Debian 12's component \"main\" must be" \
            "listed in /etc/apt (sources.list or sources.list.d), $again (details: $log)."
    elif log_has 'failed to fetch|hash sum mismatch|unexpected size'; then
        die "$1 failed: a download was cut off or refused. Wait a moment," \
            "$again (details: $log)."
    fi
    explain_failure "$1"
}

unknown_package() {
    sed -n -E "s/.*(Unable to locate package|Package '?) *([^ ']+).*/\2/p" "$log" |
        sort --unique | paste --serial --delimiters=' '
}

distribution() { # prints "debian-12" or its like
    os_release ID VERSION_ID | paste --serial --delimiters=-
}

distribution_name() { # prints what the system calls itself
    os_release PRETTY_NAME
}

os_release() ( # VARIABLE...
    export ID=unknown VERSION_ID="" VERSION_CODENAME="" PRETTY_NAME="an unknown system"
    # shellcheck source=/dev/null
    [[ ! -r /etc/os-release ]] || . /etc/os-release
    for variable in "$@"; do
        echo "${!variable}"
    done
)

packages_of() { # GROUP...; prints "package<tab>what it is for"
    local group package reason wanted=" $* "
    while read -r group package reason; do
        [[ $wanted != *" $group "* ]] || printf '%s\t%s\n' "$package" "$reason"
    done < "$setup_folder/packages.txt"
}

# Reads packages_of's lines, prints those that are not completely installed.
missing_of() {
    local packages=() reasons=() installed="" package reason index
    while IFS=$'\t' read -r package reason; do
        packages+=("$package")
        reasons+=("$reason")
    done
    installed=" $(installed_of "${packages[@]}" | tr '\n' ' ')"
    for index in "${!packages[@]}"; do
        [[ $installed == *" ${packages[index]} "* ]] ||
            printf '%s\t%s\n' "${packages[index]}" "${reasons[index]}"
    done
}

installed_of() { # PACKAGE...
    # It fails where it does not know one of them.
    # shellcheck disable=SC2016 # dpkg-query expands them
    local format='${db:Status-Status} ${Package}\n'
    { dpkg-query --show --showformat="$format" "$@" 2> /dev/null || true; } |
        sed -n 's/^installed //p'
}
