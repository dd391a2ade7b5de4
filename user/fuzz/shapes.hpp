// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What sensible invocations look like, so that random ones come near: which labels an object
/// knows, and for each what its words and extra capabilities are. One letter stands for each:
///
///     words  s slot  e empty slot  d depth  0 zero  t object type  z size  n how many  r rights
///            b badge or guard  v address  p priority  f flags  h hart  k registers  l lines
///            x anything
///     caps   c CNode  u untyped  t thread  f frame  v page table  n notification  s sender table
///            i control of user interrupts
///
/// Read next: caller.hpp.
/// @stage{none}
#pragma once

#include "kernel/abi/invocation.hpp"
#include "kernel/abi/object.hpp"

namespace fuzz {

using abi::CPtr;
using abi::Word;

/// What a fuzzer believes to be in a slot.
enum class Kind : uint8_t {
    none,
    untyped,
    tcb,
    endpoint,
    notification,
    cnode,
    frame,
    table,
    asid_control,
    asid_pool,
    irq_handler,
    domain,
    sender_table,
    uintr_control,
    registration,
};
constexpr unsigned kinds = 15;

const char* text(Kind kind);

/// What Untyped_Retype makes.
Kind kind_of(abi::ObjectType type);

struct Shape {
    const char* name;
    abi::Label label;
    Kind object;
    const char* words;
    const char* caps;
};

constexpr unsigned shape_count = 47;
extern const Shape shapes[shape_count];

/// The kind that a letter of `caps` stands for.
Kind kind_of(char letter);

} // namespace fuzz
