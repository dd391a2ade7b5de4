#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Derives every stage, builds it, and boots it: the solution must pass the conformance suite of its
# stage, and in the last one serve clients on a network; the starter must come to its first hole,
# and say which it is; and so must the tree that students get, in which earlier labs are holes too.
# Writes TAP. Usage: stages.sh REL4_GRADE BUILD QEMU FIRMWARE
# Read next: autograder/README.md.
set -uo pipefail

grade=$(realpath "$1")
build=$(realpath "$2")
qemu=$(realpath "$3")
firmware=$(realpath "$4")
folder=$build/stages

report() { # report STATUS NAME [LOG]
    if [[ $1 == 0 ]]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        [[ -z ${3-} ]] || tail -n 15 "$3" | sed 's/^/  # /'
    fi
}

conformance() { # conformance TREE OUT
    "$1/user/tests/run.py" --qemu "$qemu" --firmware "$firmware" --kernel "$2/kernel.elf" \
        --root "$2/user/conformance.elf" --harts 1 --board virt
}

boot() { # boot TREE OUT ROOT OPTION...
    "$1/tools/emulator/run.py" --qemu "$qemu" --firmware "$firmware" --harts 1 --memory 512M \
        --counted --stop-after 2000000000 --kernel "$2/kernel.elf" \
        --initrd "$2/user/$3.elf" "${@:4}" < /dev/null
}

# Clients that get an address, connect, and compare every byte that comes back.
network() { # network TREE OUT
    "$1/tools/net/load.py" --dhcp --settle 100000000 --connections 4 --requests 50 \
        > "$1/clients.net" &&
        boot "$1" "$2" net-root --net "script:$1/clients.net,stop=on"
}

starter() { # starter LAB TREE OUT
    if [[ $1 == 7 ]]; then
        network "$2" "$3"
    else
        boot "$2" "$3" conformance
    fi
}

make_stage() { # make_stage LAB KIND
    local tree=$folder/lab$1-$2 log=$folder/lab$1-$2.log
    local out=build/llvm-rel4-qemu-cpus1-debug0
    local programs=(kernel.elf user/conformance.elf)
    [[ $1 != 7 ]] || programs+=(user/net-root.elf)
    "$grade" derive --lab "$1" --kind "$2" --out "$tree" --force > "$log" 2>&1
    report $? "lab $1, $2: is derived" "$log"
    mkdir -p "$tree/build"
    # Nothing is installed: the packages are those of the whole tree.
    cp -p "$build"/packages-* "$tree/build/"
    make -j2 -C "$tree" TOOLCHAIN=llvm CPUS=1 "${programs[@]/#/$out/}" > "$log" 2>&1
    report $? "lab $1, $2: is built" "$log"
}

try_stage() { # try_stage LAB KIND
    local tree=$folder/lab$1-$2 log=$folder/lab$1-$2.run.log
    local out=$tree/build/llvm-rel4-qemu-cpus1-debug0
    if [[ $2 == solution ]]; then
        conformance "$tree" "$out" > "$log" 2>&1
        report $? "lab $1, $2: passes its tests" "$log"
    fi
    if [[ $1 == 7 && $2 == solution ]]; then
        network "$tree" "$out" > "$log" 2>&1
        report $? "lab $1, $2: serves clients" "$log"
    elif [[ $2 != solution ]]; then
        starter "$1" "$tree" "$out" > "$log" 2>&1
        local labs=$1
        [[ $2 == starter ]] || labs=[1-$1] # whichever comes first
        grep -q "not implemented: lab $labs exercise" "$log"
        report $? "lab $1, $2: boots and names a hole" "$log"
    fi
}

# While one stage is tried, the next one is made.
all_stages() {
    for lab in 1 2 3 4 5 6 7; do
        for kind in solution starter blank; do
            [[ $lab$kind != 1blank ]] || continue # it is the starter
            make_stage "$lab" "$kind"
            wait
            cat "$folder/tried.tap"
            try_stage "$lab" "$kind" > "$folder/tried.tap" &
        done
    done
    wait
    cat "$folder/tried.tap"
}

echo "TAP version 13"
mkdir -p "$folder"
true > "$folder/tried.tap"
all_stages | tee "$folder/all.tap"
echo "1..$(grep -c '^\(not \)\?ok ' "$folder/all.tap")"
