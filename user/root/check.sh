#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests the root task: that it starts programs, each in a process of its own, and waits for them.
#   check.sh QEMU FIRMWARE OUT HARTS PROFILE      writes TAP
# OUT holds kernel.elf, user/root.elf and user/root-test.elf (with programs that fail).
# @stage{2}
set -euo pipefail

readonly qemu=$1 firmware=$2 out=$3 harts=$4 profile=$5
readonly limit=3000000000
number=0

report() { # NAME EXPECTED-STATUS STATUS OUTPUT LINE...
    local name=$1 expected=$2 status=$3 output=${4//$'\r'/} line missing=()
    shift 4
    for line; do
        [[ $output == *"$line"* ]] || missing+=("missing: $line")
    done
    number=$((number + 1))
    if ((status == expected && ${#missing[@]} == 0)); then
        echo "ok $number - root: $name"
    else
        echo "not ok $number - root: $name"
        printf '%s\n' "exit status $status instead of $expected" "${missing[@]}" \
            "$(tail -n 20 <<< "$output")" | sed 's/^/  # /'
    fi
}

# Boots a root task. What few tests need is no argument, but a variable that stands before the
# command: machine_harts, instead of HARTS; machine_command_line, which the root task reads;
# machine_options, for the emulator.
check() { # NAME EXIT-STATUS ROOT-TASK LINE...
    local name=$1 expected=$2 root=$3 output status=0
    shift 3
    output=$(tools/emulator/run.py --qemu "$qemu" --firmware "$firmware" \
        --kernel "$out/kernel.elf" --initrd "$out/user/$root.elf" --memory 256M \
        --harts "${machine_harts-$harts}" --append "${machine_command_line-}" \
        --slice 1000 --stop-after "$limit" --first-output 0 \
        ${machine_options:+-- $machine_options} 2>&1) || status=$?
    report "$name" "$expected" "$status" "$output" "$@"
}

# What `make run` does with a root task, with the options of the make that runs this.
check_make() { # NAME EXIT-STATUS ROOT-TASK LINE...
    local name=$1 expected=$2 root=$3 output status=0
    shift 3
    output=$(make run "ROOT=$root" MEM=256M < /dev/null 2>&1) || status=$?
    report "$name" "$expected" "$status" "$output" "$@"
}

echo "TAP version 13"
check "a program says hello from its own address space" 0 root \
    "root: starting hello" "hello: this is hello at 0x" "root: hello ended with 0" \
    "root: all programs have ended"
# Lines of programs on different harts may mix.
machine_harts=1 check "a program that faults is told, and the others go on" 3 root-test \
    "fault: about to read from 0x1230" "root: fault was stopped by an access to memory" \
    "detail 0x1230" "root: fault ended with 1" "fail: wrote 65536 bytes" \
    "root: fail ended with 3" "root: hello ended with 0" "root: all programs have ended"
check_make "make run boots a root task, and tells its exit code" 2 "$out/user/root-test.elf" \
    "root: all programs have ended" "run: exit status 3"
check_make "make run does so with the harts and the memory that are asked for" 0 \
    "$out/user/root.elf" "$harts hart" "256 MiB" "root: all programs have ended"
check_make "make run says what to do if there is no such file" 2 "$out/no such file" \
    "make run: '$out/no such file' is no file: give ROOT=file"
# @cond LAB5
check "two programs call each other, few and many times at once" 0 pingpong-root \
    "pingpong: 1 at a time, load 0: 400 calls, 0 wrong, 0 failed" \
    "pingpong: 32 at a time, load 200: 12800 calls, 0 wrong, 0 failed" \
    "root: pingpong-server ended with 0" "root: pingpong ended with 0"
machine_options="-cpu rv64,uintc-checks=off" check \
    "the same where the machine does not check who sends" 0 pingpong-root \
    "only trusted threads do" "pingpong: 32 at a time, load 200: 12800 calls, 0 wrong, 0 failed" \
    "root: pingpong-server ended with 0" "root: pingpong ended with 0"
# @endcond
# @cond LAB6
check "a server maps pages for others, few and many at once" 0 memory-root \
    "memory: 1 at a time: 100 pages mapped and unmapped, 0 failed, 0 strange" \
    "memory: 64 at a time: 6400 pages mapped and unmapped, 0 failed, 0 strange" \
    "root: memory-server ended with 0" "root: memory ended with 0"
# @endcond
# @cond NONE
if [[ $profile == rel4 ]]; then
# @endcond
# @cond LAB5
check "who asks for more than there is gets an error, and others go on" 0 greedy-root \
    " checks, 0 failed" "root: greedy ended with 0" "root: pingpong-server ended with 0"
check "if all wait for each other no hart executes anything, and no timer is set" 125 idle-root \
    "root: starting echo" "stopped: every hart waits and no timer is set"
machine_harts=1 check \
    "as many programs as there can be call one server, and leave nothing behind" 0 crowd \
    "root: no room for guest-1" "crowd: the server had 456 guests" \
    "root: crowd-server ended with 0" "crowd: 2 rounds, " ", all is well"
machine_harts=1 machine_options="-cpu rv64,uintc-checks=off" check \
    "the same where programs are not notified by user interrupts" 0 crowd \
    "only trusted threads do" "root: crowd-server ended with 0" "crowd: 2 rounds, " ", all is well"
for seed in 1 2; do
    machine_command_line="seed=$seed" check \
        "programs die in mid-traffic, others go on (seed $seed)" 0 deaths \
        "deaths: 60 programs were ended" "root: intruder ended with 0" "faults were mended"
done
# @endcond
# @cond NONE
fi
if [[ $profile == sel4 ]]; then
    check "the thread that the kernel made can call" 0 caller "caller: the answer is 42"
fi
# @endcond
echo "1..$number"
