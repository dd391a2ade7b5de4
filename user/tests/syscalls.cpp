// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls as such: what they do to registers, and those that do nothing.
/// @stage{1}
#include "user/tests/registers.hpp"
#include "user/tests/suite.hpp"

namespace {

/// Registers that hold a different value each, for a system call.
RegisterFile distinct_registers(abi::Syscall number) {
    RegisterFile file = {};
    for (unsigned i = 1; i < register_count; i++)
        file.x[i] = 0xfedc'0000'0000'0000 + Word{0x1111} * i;
    file.x[a7] = static_cast<Word>(number);
    return file;
}

/// Makes the system call and checks that every register has its value afterwards, but for those
/// that bring an answer.
RegisterFile call_preserving(RegisterFile file, unsigned first_answer, unsigned last_answer,
                             const Place& place = Place::current()) {
    const RegisterFile before = file;
    system_call_with(file);
    for (unsigned i = 1; i < register_count; i++) {
        const bool answer = i >= first_answer && i <= last_answer;
        if (i != sp && !answer && file.x[i] != before.x[i])
            fail(place, "register x", i, ": expected ", shown(before.x[i]), ", got ",
                 shown(file.x[i]));
    }
    return file;
}

constexpr unsigned no_answer = 0;

/// A message to an object of the kernel that it understands, with no words.
RegisterFile message(abi::Syscall number, CPtr object, abi::Label label, Word length = 0) {
    RegisterFile file = distinct_registers(number);
    file.x[a0] = object;
    file.x[a1] = MessageInfo::make(static_cast<Word>(label), length).word;
    return file;
}

} // namespace

TEST("syscall: yield preserves every register") {
    call_preserving(distinct_registers(abi::Syscall::yield), no_answer, no_answer);
}

TEST("syscall: call preserves every register but a0 to a5") {
    const CPtr frame = make(ObjectType::page);
    const RegisterFile after =
        call_preserving(message(abi::Syscall::call, frame, abi::Label::page_get_address), a0, a5);
    const MessageInfo info{after.x[a1]};
    expect_equal("badge", 0, after.x[a0]);
    expect_equal("label", 0, info.label());
    expect_equal("length", 1, info.length());
    expect_equal("capabilities", 0, info.extra_caps());
    expect_equal("address within the page", 0, after.x[a2] % 4096);
}

TEST("syscall: a failing call preserves every register but a0 to a5") {
    const CPtr frame = make(ObjectType::page);
    const RegisterFile after =
        call_preserving(message(abi::Syscall::call, frame, abi::Label::untyped_retype), a0, a5);
    const MessageInfo info{after.x[a1]};
    expect_equal("badge", 0, after.x[a0]);
    expect_equal("error", Error::illegal_operation, static_cast<Error>(info.label()));
    expect_equal("length", 0, info.length());
}

TEST("syscall: send preserves every register") {
    const CPtr frame = make(ObjectType::page);
    call_preserving(message(abi::Syscall::send, frame, abi::Label::page_unmap), no_answer,
                    no_answer);
}

TEST("syscall: a failing send preserves every register and tells nothing") {
    const CPtr frame = make(ObjectType::page);
    call_preserving(message(abi::Syscall::send, frame, abi::Label::untyped_retype), no_answer,
                    no_answer);
}

TEST("syscall: non-blocking send preserves every register") {
    const CPtr frame = make(ObjectType::page);
    call_preserving(message(abi::Syscall::non_blocking_send, frame, abi::Label::page_unmap),
                    no_answer, no_answer);
}

TEST("syscall: non-blocking send to nothing is ignored") {
    call_preserving(message(abi::Syscall::non_blocking_send, empty_slot(), abi::Label::page_unmap),
                    no_answer, no_answer);
}

TEST("syscall: send to an object does what call does") {
    const CPtr object = make(ObjectType::page);
    const CPtr copy = empty_slot();
    send(own_cnode,
         place(info_of<abi::CNodeCopy>,
               words_in(abi::CNodeCopy{copy, full_depth, object, full_depth, abi::all_rights}),
               std::array{own_cnode}));
    expect_success("delete the copy", cap_delete(copy));
    expect_error("the copy is gone", Error::failed_lookup, cap_copy(copy, empty_slot()));
}

TEST("syscall: a message is cut to 120 words") {
    const CPtr frame = make(ObjectType::page);
    const Word label = static_cast<Word>(abi::Label::page_get_address);
    for (const Word length : {Word{120}, Word{121}, Word{127}})
        expect_success("a long message", invoke_raw(frame, MessageInfo::make(label, length)));
}

TEST("syscall: the label has 52 bits") {
    const CPtr frame = make(ObjectType::page);
    const Word label = static_cast<Word>(abi::Label::page_get_address);
    for (const Word bit : {Word{1} << 32, Word{1} << 51})
        expect_error("label with a high bit", Error::illegal_operation,
                     invoke_raw(frame, MessageInfo::make(label | bit, 0)));
}
