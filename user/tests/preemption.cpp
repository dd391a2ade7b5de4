// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Long operations are interrupted and go on. Whatever was interrupted must be complete, and must
/// have left the registers alone.
/// Read next: preemption.hpp.
/// @stage{2}
#include "user/tests/preemption.hpp"
#include "user/tests/registers.hpp"

namespace {

/// Makes an invocation without an answer, every register set; all are preserved but a0 to a5.
template <class I, class... Caps>
bool invoke_with_registers(CPtr object, const I& arguments, Caps... caps) {
    const sel4::Message message =
        place(sel4::info_of<I>, words_in(arguments), std::array<CPtr, sizeof...(Caps)>{caps...});
    RegisterFile file = {};
    for (unsigned i = 1; i < register_count; i++)
        file.x[i] = 0x1357'0000'0000'0000 + Word{0x1001} * i;
    file.x[a0] = object;
    file.x[a1] = message.info.word;
    for (unsigned i = 0; i < abi::message_registers; i++)
        file.x[a2 + i] = message.words[i];
    file.x[a7] = static_cast<Word>(abi::Syscall::call);
    const RegisterFile before = file;
    system_call_with(file);
    bool same = MessageInfo{file.x[a1]}.label() == 0 && file.x[a0] == 0;
    for (unsigned i = 1; i < register_count; i++)
        same = same && (i == sp || (i >= a0 && i <= a5) || file.x[i] == before.x[i]);
    return same;
}

} // namespace

TEST("preemption: clearing memory for a large page is interrupted, and all of it is zero") {
    constexpr unsigned bits = abi::mega_page_bits;
    const CPtr memory = make(ObjectType::untyped, bits);
    const CPtr frame = empty_slot();
    bool preserved = true;
    expect_interrupted(
        [&] {
            // What was there before is not zero: the next retype has to clear it.
            return bool{cap_revoke(memory)};
        },
        [&] {
            preserved =
                preserved &&
                invoke_with_registers(
                    memory,
                    abi::UntypedRetype{static_cast<Word>(ObjectType::mega_page), 0, 0, 0, frame, 1},
                    own_cnode);
        },
        [&] {
            const Word vaddr = vspace.reserve(Word{1} << bits, Word{1} << bits);
            if (vaddr == 0 || !vspace.map(frame, vaddr))
                return false;
            bool zero = true;
            for (Word offset = 0; offset < Word{1} << bits; offset += 4096 - 64) {
                volatile Word& word =
                    *reinterpret_cast<volatile Word*>(vaddr + (offset & ~Word{7}));
                zero = zero && word == 0;
                word = ~Word{0};
            }
            return zero;
        });
    expect("registers were preserved", preserved);
}

TEST("preemption: revoking many objects is interrupted, and all of them are gone") {
    constexpr Word count = 256;
    const CPtr memory = make(ObjectType::untyped, 20);
    const CPtr first = empty_slot(count);
    bool preserved = true;
    expect_interrupted(
        [&] { return bool{untyped_retype(memory, ObjectType::tcb, 0, first, count)}; },
        [&] {
            preserved =
                preserved && invoke_with_registers(own_cnode, abi::CNodeRevoke{memory, full_depth});
        },
        [&] {
            // All of the memory is free again, and the slots are.
            return untyped_retype(memory, ObjectType::untyped, 20, first, 1) && cap_delete(first) &&
                   untyped_retype(memory, ObjectType::notification, 0, first, count) &&
                   cap_revoke(memory);
        });
    expect("registers were preserved", preserved);
}

TEST("preemption: deleting a CNode is interrupted, and all that was in it is gone") {
    constexpr unsigned radix = 10;
    const CPtr node = empty_slot();
    const CPtr memory = make(ObjectType::untyped, radix + abi::slot_bits);
    const CPtr notification = make(ObjectType::notification);
    bool preserved = true;
    expect_interrupted(
        [&] {
            bool good = bool{untyped_retype(memory, ObjectType::cnode, radix, node)};
            for (Word slot = 0; slot < Word{1} << radix; slot += 3)
                good = good && invoke(node,
                                      abi::CNodeCopy{slot, radix, notification, full_depth,
                                                     abi::all_rights},
                                      own_cnode);
            return good;
        },
        [&] {
            preserved =
                preserved && invoke_with_registers(own_cnode, abi::CNodeDelete{node, full_depth});
        },
        [&] {
            // Its memory is free, and the notification has its only capability here.
            return bool{cap_revoke(memory)};
        });
    expect("registers were preserved", preserved);
}
