// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The board that this build is for, as the constant `board`: the option PLATFORM chooses its file.
/// Read next: kernel/platform/board_type.hpp.
/// @stage{1}
#pragma once

#include REL4_BOARD
