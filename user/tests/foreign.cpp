// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See foreign.hpp.
/// @stage{2}
#include "user/tests/foreign.hpp"

#include <string.h>

namespace {

/// A frame that this test can write, and that others can map by its copy.
volatile Word* map_copy(CPtr frame) {
    const CPtr copied = empty_slot();
    return cap_copy(frame, copied) ? map(copied) : nullptr;
}

} // namespace

bool Foreign::create(Word value, CPtr pool, CPtr memory, const Place& place) {
    const CPtr root = memory == 0 ? make(ObjectType::page_table, 0, place) : empty_slot();
    if (memory != 0)
        expect_success("a root", untyped_retype(memory, ObjectType::page_table, 0, root), place);
    if (!expect_success("an ASID", invoke(pool, abi::AsidPoolAssign{}, root), place))
        return false;
    space_.take(root, foreign_code, abi::user_top);
    code_ = make(ObjectType::page, 0, place);
    data_ = make(ObjectType::page, 0, place);
    volatile Word* const code = map_copy(code_);
    value_ = map_copy(data_);
    if (code == nullptr || value_ == nullptr) {
        fail(place, "the foreign pages cannot be mapped");
        return false;
    }
    memcpy(const_cast<Word*>(code), threads_code_start,
           static_cast<Word>(threads_code_end - threads_code_start));
    asm volatile("fence.i" : : : "memory");
    *value_ = value;
    return expect_success("code", space_.map(code_, foreign_code, abi::Rights::read, 0), place) &&
           expect_success("data", space_.map(data_, foreign_data), place);
}

bool Foreign::start(CPtr tcb, Word priority, const abi::UserContext& registers, CPtr fault_handler,
                    const Place& place) {
    return expect_success("spaces",
                          invoke(tcb, abi::TcbSetSpace{fault_handler, 0, 0}, own_cnode, root()),
                          place) &&
           expect_success("priority", tcb_set_priority(tcb, priority), place) &&
           expect_success("start", tcb_write_registers(tcb, registers, true), place);
}
