#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Fetches a Debian source package and unpacks it.
#   debian-source.sh NAME VERSION [FOLDER]    the newest revision that begins with VERSION and
#                                             downloads; FOLDER/source, FOLDER/revision
# Without FOLDER it is one of the cache, which all checkouts share. Prints FOLDER/source.
# Always holds: apt works with private lists and a private copy of its sources, in which "deb-src"
# is turned on, so this needs no root and the user's own settings stay as they are. FOLDER/source
# is complete if it exists.
# Read next: common.sh.
# shellcheck disable=SC2317 # functions that are called by name
set -euo pipefail

task=source
# shellcheck source-path=SCRIPTDIR source=common.sh
source "${BASH_SOURCE[0]%/*}/common.sh"

(($# == 2 || $# == 3)) || die "usage: debian-source.sh NAME VERSION [FOLDER]"
readonly name=$1 version=$2
set_cache
folder=$(realpath --canonicalize-missing -- "${3:-$cache/sources/$name-$version}")
readonly folder
readonly apt=$folder/apt downloads=$folder/downloads

# Debian's own entries, both ways of writing them, with deb-src in place of deb. Entries of other
# archives are left out: most have no sources, and apt would complain.
copy_sources() {
    local codename file
    codename=$(os_release VERSION_CODENAME)
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ ! -r $file ]] || awk -v codename="$codename" '
            { entry = $0; sub(/\[[^]]*\]/, "") }
            $1 ~ /^deb(-src)?$/ && $3 ~ ("^" codename "(-updates|-security)?$") && / main( |$)/ {
                sub(/^ *deb(-src)? /, "deb-src ", entry)
                if (!seen[entry]++) print entry
            }' "$file"
    done > "$apt/sources/copy.list"
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ ! -r $file ]] || awk -v codename="$codename" -v RS= '
            $0 ~ ("Suites:[^:]* ?" codename) && /Components:[^:]*main/ {
                sub(/Types:[^\n]*/, "Types: deb-src")
                print $0 "\n"
            }' "$file"
    done > "$apt/sources/copy.sources"
    [[ -s $apt/sources/copy.list || -s $apt/sources/copy.sources ]] ||
        die "no Debian 12 archive is listed in /etc/apt/sources.list or sources.list.d:" \
            "add its line \"deb <address> bookworm main\", $again."
}

write_settings() {
    make_folder "$apt/sources"
    mkdir -p -- "$apt/lists/partial" "$apt/cache/archives/partial" "$downloads"
    cat > "$apt/apt.conf" << END
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$apt/sources";
Dir::State::Lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
APT::Get::Only-Source "true";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
END
}

# For subshells only: it replaces the shell (exec), so that watched's signals arrive.
private_apt() { # apt-get|apt-cache ARGUMENT...
    export LC_ALL=C
    exec "$1" --config-file="$apt/apt.conf" --quiet "${@:2}"
}

revisions() {
    private_apt apt-cache showsrc "$name" 2>> "$log" | sed -n 's/^Version: //p' | sort -V -r -u |
        grep -E "^([0-9]+:)?${version//./\\.}([^0-9]|$)"
}

# Files that are there already are not fetched again, and a part of one is completed.
download() { # REVISION
    cd "$downloads"
    private_apt apt-get source --download-only "$name=$1"
}

fetch() {
    local revision offered
    write_settings
    copy_sources
    say "$name $version: reading the list of source packages"
    watched "" no_progress private_apt apt-get update || true
    offered=$(revisions || true)
    [[ -n $offered ]] || nothing_offered
    for revision in $offered; do
        say "$name $revision: downloading"
        if watched "" no_progress download "$revision"; then
            echo "$revision" > "$folder/revision"
            return
        fi
        log_has '404 ' || break
        say "$name $revision is not in the archive any more"
    done
    explain_apt_failure "downloading the source package $name"
}

nothing_offered() {
    ! log_has 'failed to fetch' || explain_apt_failure "reading the list of source packages"
    die "apt offers no source package $name $version: Debian 12's archive must be listed" \
        "in /etc/apt, $again (details: $log)."
}

unpack() {
    local revision
    revision=$(< "$folder/revision")
    say "$name $revision: unpacking"
    rm -rf -- "$folder/unpacked"
    watched "" no_progress dpkg-source --no-check --no-copy --extract \
        "$downloads/${name}_${revision#*:}.dsc" "$folder/unpacked" ||
        explain_failure "unpacking $name $revision"
    mv -T -- "$folder/unpacked" "$folder/source"
}

main() {
    if [[ ! -d $folder/source ]]; then
        make_folder "$folder"
        lock "$folder/lock"
    fi
    if [[ ! -d $folder/source ]]; then # nor did another run make it meanwhile
        open_log "$folder/source.log"
        fetch
        unpack
    fi
    echo "$folder/source"
}

# On one line, so that the script may change while it runs.
main; exit
