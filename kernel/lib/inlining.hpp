// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A word before functions that belong into their callers, although those are in other files: the
/// kernel is linked as a whole (kernel/module.mk), and clang does it then. GCC cannot be told.
/// @stage{1}
#pragma once

#ifdef __clang__
#define INLINED_WHEN_LINKED [[gnu::always_inline]]
#else
#define INLINED_WHEN_LINKED
#endif
