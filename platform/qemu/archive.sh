# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The emulator as a folder that can be moved, and as an archive. build.sh sources this file.
#   bin/ QEMU       lib/ its libraries, less glibc       share/ firmware, licences and, because
#   QEMU's licence asks for it, what differs from Debian's source
#   manifest        "key <key>", where it comes from, and the checksum of every file
# Always holds: an archive is unpacked only if it holds plain files and folders below one folder
# and was made for the key. Nothing in it is run before its checksums are right.
# Read next: build.sh.

readonly archive_top=rel4-emulator
readonly firmware=/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin

assemble() { # WORK OVERLAY-FOLDER FOLDER
    local program=$1/build/qemu-system-riscv64 folder=$3 library
    rm -rf -- "$folder"
    mkdir -p -- "$folder"/{bin,lib,share/licences,share/source}
    strip -o "$folder/bin/qemu-system-riscv64" -- "$program"
    cp -- "$1/source/COPYING" "$folder/share/licences/qemu"
    libraries_of "$program" | while read -r library; do
        cp --dereference -- "$library" "$folder/lib/"
        copy_licence "$library" "$folder"
    done
    cp -- "$firmware" "$folder/share/"
    copy_licence "$firmware" "$folder"
    cp -R -- "$2/." "$folder/share/source"
}

# Everything but the parts of glibc, which must be the machine's own.
libraries_of() { # PROGRAM
    ldd "$1" | sed -n 's/.* => \(.*\) (.*/\1/p' |
        grep -v -E '/(libc|libm|libdl|librt|libpthread|libutil|libresolv)\.so'
}

# A library's package may know it by a path without /usr.
copy_licence() { # FILE FOLDER
    local file package
    file=$(realpath -- "$1")
    package=$(dpkg-query --search "$file" "${file#/usr}" 2> /dev/null || true)
    package=${package%%:*}
    cp -- "/usr/share/doc/$package/copyright" "$2/share/licences/$package"
}

write_manifest() { # FOLDER KEY SOURCE
    local firmware_version
    firmware_version=$(dpkg-query --show --showformat='${Version}' opensbi)
    (
        printf '%s\n' "key $2" "source $3" "source opensbi $firmware_version"
        cd "$1" || exit
        find . -type f ! -name manifest -print0 | LC_ALL=C sort --zero-terminated |
            xargs --null sha256sum
    ) > "$1/manifest"
}

pack() { # FOLDER ARCHIVE
    tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 \
        --transform="s,^\.,$archive_top," -cf - . | gzip --no-name > "$2.part"
    mv -- "$2.part" "$2"
    say "wrote $2; elsewhere: make emulator EMULATOR_PACKAGE=path/to/${2##*/}"
}

unpack_archive() { # ARCHIVE FOLDER KEY
    local key
    [[ -f $1 && -r $1 ]] || die "EMULATOR_PACKAGE=$1 is no readable file: correct the path."
    check_members "$1"
    key=$(tar -xzOf "$1" "$archive_top/manifest" | sed -n '1s/^key //p')
    [[ $key == "$3" ]] ||
        die "$1 was made for another platform/qemu or kind of machine (its key is $key," \
            "here it is $3): take the archive of the same commit, or leave EMULATOR_PACKAGE= out."
    say "unpacking $1"
    mkdir -- "$2"
    tar -C "$2" -xzf "$1" --strip-components=1 --no-same-owner --no-same-permissions
    (cd "$2" && grep -E '^[0-9a-f]{64} ' manifest | sha256sum --check --quiet) &> /dev/null ||
        die "$1 is damaged: fetch it again."
}

check_members() { # ARCHIVE
    local names types name
    names=$(tar -tzf "$1" 2> /dev/null) ||
        die "$1 is damaged, or no archive of \"make emulator-package\": fetch it again."
    types=$(tar -tvzf "$1" | cut -c 1 | tr -d '\n')
    while read -r name; do
        [[ $name == "$archive_top"/* && /$name/ != */../* && $types != *[!-d]* ]] ||
            die "$1 is refused, because it holds more than files and folders below" \
                "$archive_top/: fetch one that \"make emulator-package\" wrote."
    done <<< "$names"
}
