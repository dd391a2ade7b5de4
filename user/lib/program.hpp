// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What every program of ours finds when its main() begins: slots and memory to make objects
/// from, its address space, the console. root_start.cpp prepares them for a root task
/// @cond LAB2
/// and program_start.cpp for a program that another one started
/// @endcond
/// before it calls main().
/// Read next: allocator.hpp, vspace.hpp.
/// @stage{1}
#pragma once

#include "user/lib/vspace.hpp"

namespace user {

extern constinit Allocator allocator;
extern constinit VSpace vspace;

/// The frame with a device's registers, to be given to other programs.
struct DeviceFrame {
    CPtr frame = 0;
    Word offset = 0; ///< of the registers in the frame
};
/// The UART's; frame 0 if this program has none.
extern constinit DeviceFrame uart_frame;

/// Ends this program: the root task ends the machine, others tell who started them.
[[noreturn]] void exit(unsigned code);

} // namespace user

/// Each program's own; the answer is its exit code.
int main();
