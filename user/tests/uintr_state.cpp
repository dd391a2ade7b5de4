// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See uintr_state.hpp. The image's frames are mapped once more, from copies of their capabilities.
/// @stage{3}
#include "user/tests/uintr_state.hpp"

#include "user/lib/boot_info.hpp"

namespace {

constexpr Word image_start = 0x10000; // as in user/lib/program.ld
/// Different from those of the first space: no stack lies where another one does.
constexpr Word free_addresses = 0x30'0000'0000;

} // namespace

bool OtherSpace::create(const Place& place) {
    const CPtr root = make(ObjectType::page_table, 0, place);
    if (!expect_success("an ASID", invoke(abi::root_asid_pool, abi::AsidPoolAssign{}, root), place))
        return false;
    space_.take(root, free_addresses, abi::user_top);
    const abi::SlotRegion frames = user::boot_info().image_frames;
    Word vaddr = image_start;
    for (CPtr frame = frames.start; frame < frames.end; frame++, vaddr += user::page_size) {
        const CPtr copy = empty_slot();
        if (!cap_copy(frame, copy) || !space_.map(copy, vaddr, user::read_write, 0)) {
            fail(place, "the image cannot be mapped");
            return false;
        }
    }
    return true;
}

CPtr OtherSpace::create_thread(Word priority, const Place& place) {
    constexpr Word stack_size = 2 * user::page_size;
    tcb_ = make(ObjectType::tcb, 0, place);
    stack_end_ = space_.map_new(stack_size) + stack_size;
    const CPtr frame = make(ObjectType::page, 0, place);
    buffer_ = space_.map_somewhere(frame);
    const abi::TcbConfigure spaces{
        .fault_handler = fault_handler(), .cspace_data = 0, .vspace_data = 0, .buffer = buffer_};
    expect_success("a thread of the other space",
                   invoke(tcb_, spaces, own_cnode, space_.root(), frame), place);
    expect_success("its priority", tcb_set_priority(tcb_, priority), place);
    expect("its faults are seen", watch_faults(tcb_), place);
    return tcb_;
}

void OtherSpace::start(void (*function)(Word), Word argument, const Place& place) {
    abi::UserContext registers = {};
    registers.pc = reinterpret_cast<Word>(function);
    registers.sp = stack_end_;
    registers.tp = buffer_;
    registers.a0 = argument;
    expect_success("it starts", tcb_write_registers(tcb_, registers, true), place);
}
