// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// CNode_Copy, Mint, Move and Mutate: their errors in the order in which the kernel looks for
/// them, and what becomes of each kind of capability.
/// seL4 manual 3.1.2, 3.1.4.
/// Read next: cnode_derived.cpp.
/// @stage{1}
#include "user/tests/cnode.hpp"

namespace {

struct Operation {
    const char* name;
    abi::Label label;
    Word words; ///< length of its message
    bool moves;
};

constexpr Operation operations[] = {
    {"copy", abi::Label::cnode_copy, 5, false},
    {"mint", abi::Label::cnode_mint, 6, false},
    {"move", abi::Label::cnode_move, 4, true},
    {"mutate", abi::Label::cnode_mutate, 5, true},
};

/// The operation with a message of its full length, or less. Its badge or guard is 0.
Result perform(const Operation& operation, const Where& to, const Where& from, Word length = 6) {
    const Word rights = operation.moves ? 0 : Word{abi::all_rights};
    const Word words[] = {to.index, to.depth, from.index, from.depth, rights, 0};
    const Word count = length < operation.words ? length : operation.words;
    return invoke_raw(to.root, MessageInfo::make(static_cast<Word>(operation.label), count, 1),
                      words, std::array{from.root});
}

} // namespace

TEST("cnode: a message that names no slot is truncated, whatever else is wrong") {
    for (const Operation& each : operations)
        for (Word length = 0; length < 2; length++)
            expect_error(each.name, Error::truncated_message,
                         perform(each, {own_cnode, 0, 65}, {0, 0, 65}, length));
    for (const abi::Label label :
         {abi::Label::cnode_delete, abi::Label::cnode_revoke, abi::Label::cnode_rotate})
        for (Word length = 0; length < 2; length++)
            expect_error(
                "one slot", Error::truncated_message,
                invoke_raw(own_cnode, MessageInfo::make(static_cast<Word>(label), length)));
}

TEST("cnode: a destination that is not found is told before missing words") {
    for (const Operation& each : operations)
        for (const Word length : {Word{2}, Word{3}, each.words})
            expect_error(each.name, Error::range_error,
                         perform(each, {own_cnode, 0, 65}, {0, 0, 65}, length), {1, 64});
}

TEST("cnode: words for the source, and its root, are told before the destination is full") {
    const CPtr full = make(ObjectType::page);
    for (const Operation& each : operations) {
        for (Word length = 2; length < 4; length++)
            expect_error(each.name, Error::truncated_message,
                         perform(each, own(full), {0, 0, 65}, length));
        const Word words[] = {full, full_depth, 0, full_depth, 0, 0};
        const Word label = static_cast<Word>(each.label);
        expect_error("no root", Error::truncated_message,
                     invoke_raw(own_cnode, MessageInfo::make(label, each.words), words));
    }
}

TEST("cnode: a full destination is told before the source") {
    const CPtr full = make(ObjectType::page);
    for (const Operation& each : operations)
        expect_error(each.name, Error::delete_first, perform(each, own(full), {0, 0, 65}));
}

TEST("cnode: a source that is not found or empty is a failed lookup of the source") {
    const CPtr slots = empty_slot(2);
    for (const Operation& each : operations) {
        expect_error(each.name, Error::failed_lookup,
                     perform(each, own(slots), {own_cnode, Word{1} << 40, 64}),
                     {of_source, guard_mismatch});
        expect_error(each.name, Error::failed_lookup, perform(each, own(slots), own(slots + 1)),
                     {of_source, missing_capability, 64});
    }
}

TEST("cnode: words of the operation are told after the source") {
    const CPtr slots = empty_slot(2);
    const CPtr object = make(ObjectType::page);
    for (const Operation& each : operations) {
        for (Word length = 4; length < each.words; length++) {
            expect_error(each.name, Error::failed_lookup,
                         perform(each, own(slots), own(slots + 1), length));
            expect_error(each.name, Error::truncated_message,
                         perform(each, own(slots), own(object), length));
        }
    }
    expect("nothing was put there", empty(slots));
}

TEST("cnode: copy and mint leave the source, move and mutate empty it") {
    for (const Operation& each : operations) {
        const CPtr object = make(ObjectType::page);
        const Word frame = identity(object);
        const CPtr slot = empty_slot();
        expect_success(each.name, perform(each, own(slot), own(object)));
        expect_equal(each.name, frame, identity(slot));
        expect_equal("source is empty", each.moves, empty(object));
    }
}

TEST("cnode: a capability cannot be moved to itself") {
    const CPtr object = make(ObjectType::page);
    for (const Operation& each : operations)
        expect_error(each.name, Error::delete_first, perform(each, own(object), own(object)));
    expect_success("it is still there", page_get_address(object));
}

TEST("cnode: badges can be given once, and by mint only") {
    const CPtr object = make(ObjectType::notification);
    const CPtr slots = empty_slot(6);
    expect_success("mint", mint(own(slots), own(object), 5));
    expect_error("mint again", Error::illegal_operation, mint(own(slots + 1), own(slots), 6));
    expect_error("mint the same", Error::illegal_operation, mint(own(slots + 1), own(slots), 5));
    expect_success("copy keeps it", copy(own(slots + 1), own(slots)));
    expect_error("so this has one too", Error::illegal_operation,
                 mint(own(slots + 2), own(slots + 1), 6));
    expect_error("mutate without", Error::illegal_operation,
                 mutate(own(slots + 2), own(object), 7));
    expect_error("mutate with", Error::illegal_operation, mutate(own(slots + 2), own(slots), 7));
    expect_success("mint with badge 0 is a copy", mint(own(slots + 3), own(object), 0));
    expect_success("that can get a badge", mint(own(slots + 4), own(slots + 3), 8));
    expect_success("mint with all bits", mint(own(slots + 5), own(object), ~Word{0}));
}

TEST("cnode: mint and mutate set a guard, again and again") {
    const CPtr cnode = make(ObjectType::cnode, 4);
    const CPtr frame = make(ObjectType::page);
    expect_success("fill", copy({cnode, 3, 4}, own(frame)));
    const CPtr slots = empty_slot(3);
    expect_success("mint", mint(own(slots), own(cnode), abi::cnode_data(2, 2)));
    expect_equal("first guard", identity(frame), identity({slots, 0b10'0011, 6}));
    expect_success("mutate", mutate(own(slots + 1), own(slots), abi::cnode_data(5, 3)));
    expect_equal("second guard", identity(frame), identity({slots + 1, 0b101'0011, 7}));
    expect_success("mint once more", mint(own(slots + 2), own(slots + 1), abi::cnode_data(0, 0)));
    expect_equal("no guard", identity(frame), identity({slots + 2, 3, 4}));
    expect_equal("the first never had one", identity(frame), identity({cnode, 3, 4}));
}

TEST("cnode: a guard is cut to its size, and must leave room for the slot number") {
    const CPtr cnode = make(ObjectType::cnode, 4);
    const CPtr frame = make(ObjectType::page);
    const CPtr slot = empty_slot();
    expect_success("fill", copy({cnode, 3, 4}, own(frame)));
    expect_success("guard with more bits", mint(own(slot), own(cnode), abi::cnode_data(0x7d, 2)));
    expect_equal("its two bits", identity(frame), identity({slot, 0b01'0011, 6}));
    for (Word size = 61; size < 64; size++) {
        expect_error("mint", Error::illegal_operation,
                     mint(own(empty_slot()), own(cnode), abi::cnode_data(0, size)));
        expect_error("mutate", Error::illegal_operation,
                     mutate(own(empty_slot()), own(cnode), abi::cnode_data(0, size)));
    }
    expect_success("the largest", mint(own(empty_slot()), own(cnode), abi::cnode_data(0, 60)));
}

TEST("cnode: what has no badge takes any") {
    for (const ObjectType type : {ObjectType::page, ObjectType::tcb, ObjectType::untyped}) {
        const CPtr object = make(type, 12);
        expect_success("mint", mint(own(empty_slot()), own(object), 0xbad));
        expect_success("mutate", mutate(own(empty_slot()), own(object), 0xbad));
    }
}

TEST("cnode: every kind of object can be copied, but for page tables without a place") {
    for (const ObjectType type : {ObjectType::page, ObjectType::tcb, ObjectType::untyped,
                                  ObjectType::cnode, ObjectType::notification})
        expect_success("copy", copy(own(empty_slot()), own(make(type, 5))));
    const CPtr table = make(ObjectType::page_table);
    expect_error("page table", Error::illegal_operation, copy(own(empty_slot()), own(table)));
    expect_success("move", move(own(empty_slot()), own(table)));
}

TEST("cnode: an untyped from which something was made cannot be copied, only moved") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr slots = empty_slot(3);
    expect_success("retype", untyped_retype(untyped, ObjectType::notification, 0, slots));
    expect_error("copy", Error::revoke_first, copy(own(slots + 1), own(untyped)));
    expect_error("mint", Error::revoke_first, mint(own(slots + 1), own(untyped), 0));
    expect_success("move", move(own(slots + 1), own(untyped)));
    expect_success("revoke there", revoke(own(slots + 1)));
    expect("the object is gone", empty(slots));
    expect_success("then copy", copy(own(slots + 2), own(slots + 1)));
}

TEST("cnode: the interrupt control cannot be copied, only moved") {
    const CPtr slot = empty_slot();
    expect_error("copy", Error::illegal_operation, copy(own(slot), own(abi::irq_control)));
    expect_error("mint", Error::illegal_operation, mint(own(slot), own(abi::irq_control), 0));
    expect_success("move", move(own(slot), own(abi::irq_control)));
    expect_success("and back", move(own(abi::irq_control), own(slot)));
}

/// @cond LAB2
TEST("cnode: rights can be taken away, and not given back") {
    const CPtr object = make(ObjectType::notification);
    const CPtr slots = empty_slot(4);
    expect_success("read only", copy(own(slots), own(object), abi::Rights::read));
    expect_error("cannot be signalled", Error::invalid_capability, invoke_raw(slots, MessageInfo{}),
                 {0});
    expect_success("ask for all", copy(own(slots + 1), own(slots)));
    expect_error("cannot be signalled either", Error::invalid_capability,
                 invoke_raw(slots + 1, MessageInfo{}), {0});
    expect_success("write only", copy(own(slots + 2), own(object), abi::Rights::write));
    expect_success("can be signalled", invoke_raw(slots + 2, MessageInfo{}));
    expect_success("none", mint(own(slots + 3), own(object), 3, 0));
    expect_error("cannot be signalled", Error::invalid_capability,
                 invoke_raw(slots + 3, MessageInfo{}), {0});
}
/// @endcond

TEST("cnode: the copy of a mapped frame is not mapped, a moved one is") {
    const CPtr frame = make(ObjectType::page);
    const CPtr slots = empty_slot(2);
    volatile Word* const words = map(frame);
    expect_success("copy", copy(own(slots), own(frame)));
    volatile Word* const others = map(slots);
    if (!expect("the copy is mapped elsewhere", words != others))
        return;
    words[0] = 0x1234;
    expect_equal("the same memory", 0x1234, others[0]);
    expect_success("move", move(own(slots + 1), own(frame)));
    words[1] = 0x5678;
    expect_equal("still the same", 0x5678, others[1]);
    expect_error(
        "and mapped there", Error::invalid_argument,
        page_map(slots + 1, vspace.root(), reinterpret_cast<Word>(others), user::read_write), {0});
}
