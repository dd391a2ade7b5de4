/*
 * RISC-V user interrupts: helpers called from translated code.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* No include guard: helper.h is read several times, each time for one use. */
#ifndef CONFIG_USER_ONLY
DEF_HELPER_1(uret, tl, env)
DEF_HELPER_2(uipi_send, void, env, tl)
DEF_HELPER_1(uipi_read, tl, env)
DEF_HELPER_2(uipi_write, void, env, tl)
DEF_HELPER_2(uipi_set_active, void, env, tl)
#endif
