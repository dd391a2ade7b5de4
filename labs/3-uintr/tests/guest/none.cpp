// SPDX-License-Identifier: BSD-2-Clause
#include "user/tests/uintr.hpp"
TEST("none: x") {}
