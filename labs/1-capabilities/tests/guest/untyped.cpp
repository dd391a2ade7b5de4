// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Objects out of memory, as a program sees it.
#include "user/lib/test.hpp"

using namespace test;

TEST("retype-one: a notification can be made of untyped memory") {
    expect("an object can be made", allocator.make(abi::ObjectType::notification) != 0);
}
