#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Finds the compilers.
#   detect.sh found               prints one line that changes when a compiler comes, goes, changes
#   detect.sh auto|gnu|llvm       prints make variables for the chosen toolchain
# Always holds: what it prints has compiled a program that uses C++23's library.
# Read next: tools/make/toolchain.mk, which explains the choice.
set -euo pipefail

readonly gnu_cxx=riscv64-unknown-elf-g++ llvm_cxx=clang++-19 oldest_good_gnu=13
readonly cross_headers=/usr/riscv64-linux-gnu/include

fail() {
    echo "$1" >&2
    exit 1
}

found() {
    local cxx path
    for cxx in "$gnu_cxx" "$llvm_cxx"; do
        path=$(command -v "$cxx") || continue
        stat --dereference --printf='%n %s %Y ' "$path"
    done
}

gnu_version() {
    command -v "$gnu_cxx" > /dev/null || return 0
    "$gnu_cxx" -dumpfullversion
}

is_good() { # VERSION
    ((${1%%.*} >= oldest_good_gnu))
}

choose() { # auto|gnu|llvm
    local version
    version=$(gnu_version)
    case $1 in
        gnu)
            [[ -n $version ]] || fail "TOOLCHAIN=gnu needs $gnu_cxx in PATH: run 'make doctor'."
            echo gnu
            ;;
        llvm) echo llvm ;;
        auto)
            if [[ -n $version ]] && is_good "$version"; then echo gnu; else echo llvm; fi
            ;;
    esac
}

# The C++ headers: those of the compiler where it has any, else Debian's cross package, which
# needs its C library's headers and a file that this ABI does not have (tools/make/include).
cross_includes() {
    local library
    library=$(printf '%s\n' "$cross_headers"/c++/* | sort --version-sort | tail -n 1)
    echo "-D_GNU_SOURCE -isystem $library -isystem $library/riscv64-linux-gnu" \
        "-isystem tools/make/include -idirafter $cross_headers"
}

has_library() { # COMPILER FLAG...
    printf '#include <%s>\n' atomic coroutine cstdint expected |
        "$@" -mabi=lp64 -std=c++23 -ffreestanding -fsyntax-only -x c++ - 2> /dev/null
}

std_includes() { # COMPILER FLAG...
    local cross
    has_library "$@" && return
    cross=$(cross_includes)
    # shellcheck disable=SC2086 # several words
    has_library "$@" $cross ||
        fail "$1 finds no C++23 library headers (libstdc++-12-dev-riscv64-cross): run 'make setup'."
    echo "$cross"
}

warning() { # TOOLCHAIN
    local version
    version=$(gnu_version)
    [[ $1 == gnu ]] && ! is_good "$version" || return 0
    echo "warning: g++ $version miscompiles some coroutines;" \
        "tools/make/toolchain.mk says how to get $oldest_good_gnu or newer"
}

main() { # auto|gnu|llvm
    local toolchain cxx includes libgcc version
    toolchain=$(choose "$1")
    case $toolchain in
        gnu) cxx=("$gnu_cxx") ;;
        llvm) cxx=("$llvm_cxx" --target=riscv64-unknown-elf) ;;
    esac
    command -v "${cxx[0]}" > /dev/null || fail "${cxx[0]} is missing: run 'make setup'."
    includes=$(std_includes "${cxx[@]}" -march=rv64imac)
    libgcc=$("$gnu_cxx" -misa-spec=2.2 -march=rv64imac -mabi=lp64 -print-libgcc-file-name \
        2> /dev/null) ||
        fail "riscv64-unknown-elf-gcc is missing (its libgcc is used): run 'make setup'."
    version=$("${cxx[0]}" --version | head -n 1)
    cat << END
toolchain := $toolchain
toolchain_version := $version
toolchain_warning := $(warning "$toolchain")
CXX := ${cxx[0]}
OBJDUMP := riscv64-unknown-elf-objdump
NM := riscv64-unknown-elf-nm
libgcc := $libgcc
std_includes := $includes
END
}

case ${1-} in
    found) found ;;
    auto | gnu | llvm) main "$1" ;;
    *) fail "usage: $0 found|auto|gnu|llvm" ;;
esac
