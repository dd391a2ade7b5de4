// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Untyped_Retype: every error, in the order in which the kernel looks for them. A message with
/// several errors is answered with the first: each test leaves the later ones in.
/// Read next: untyped_memory.cpp.
/// @stage{1}
#include "user/tests/suite.hpp"

namespace {

constexpr Word no_type = abi::object_types;
constexpr Word no_size = 64;
constexpr Word no_depth = 65;

/// A message without an error: one notification into `slot`.
abi::UntypedRetype good(CPtr slot) {
    return {.type = static_cast<Word>(ObjectType::notification),
            .size_bits = 0,
            .node_index = 0,
            .node_depth = 0,
            .node_offset = slot,
            .count = 1};
}

Result retype(CPtr untyped, const abi::UntypedRetype& message, CPtr root = own_cnode) {
    return invoke(untyped, message, root);
}

constexpr Word missing = static_cast<Word>(LookupFailure::missing_capability);
constexpr Word invalid_root = static_cast<Word>(LookupFailure::invalid_root);

} // namespace

TEST("untyped: a message without errors makes an object") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr slot = empty_slot();
    expect_success("retype", retype(untyped, good(slot)));
    expect_error("the slot is taken", Error::delete_first, retype(untyped, good(slot)));
}

TEST("untyped: a short message is truncated, whatever else is wrong") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    abi::UntypedRetype message = good(empty_slot());
    message.type = no_type;
    const Word label = static_cast<Word>(abi::Label::untyped_retype);
    for (Word length = 0; length < 6; length++)
        expect_error("too few words", Error::truncated_message,
                     invoke_raw(untyped, MessageInfo::make(label, length, 1), words_in(message),
                                std::array{own_cnode}));
    expect_error("no capability", Error::truncated_message,
                 invoke_raw(untyped, MessageInfo::make(label, 6, 0), words_in(message)));
}

TEST("untyped: other labels are illegal operations") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    for (const abi::Label label : {abi::Label::cnode_copy, abi::Label::page_get_address})
        expect_error("label of another kind", Error::illegal_operation,
                     invoke_raw(untyped, MessageInfo::make(static_cast<Word>(label), 6)));
    expect_error("label 0", Error::illegal_operation, invoke_raw(untyped, {}));
}

TEST("untyped: an unknown type is argument 0, before the size") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    abi::UntypedRetype message = good(empty_slot());
    message.size_bits = no_size;
    for (const Word type : {no_type, ~Word{0}}) {
        message.type = type;
        expect_error("type", Error::invalid_argument, retype(untyped, message), {0});
    }
}

TEST("untyped: a size beyond the largest is a range error, before the destination") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    abi::UntypedRetype message = good(empty_slot());
    message.node_depth = no_depth;
    struct {
        ObjectType type;
        Word size_bits;
    } const cases[] = {
        {ObjectType::untyped, abi::greatest_untyped_bits + 1},
        {ObjectType::untyped, no_size},
        {ObjectType::untyped, ~Word{0}},
        {ObjectType::cnode, abi::greatest_untyped_bits + 1 - abi::slot_bits},
        {ObjectType::cnode, ~Word{0}},
        {ObjectType::tcb, no_size},
    };
    for (const auto& each : cases) {
        message.type = static_cast<Word>(each.type);
        message.size_bits = each.size_bits;
        expect_error("size", Error::range_error, retype(untyped, message),
                     {0, abi::greatest_untyped_bits});
    }
}

TEST("untyped: a size below the least is argument 1, before the destination") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    abi::UntypedRetype message = good(empty_slot());
    message.node_depth = no_depth;
    message.type = static_cast<Word>(ObjectType::cnode);
    message.size_bits = 0;
    expect_error("CNode of one slot", Error::invalid_argument, retype(untyped, message), {1});
    message.type = static_cast<Word>(ObjectType::untyped);
    for (Word size = 0; size < abi::least_untyped_bits; size++) {
        message.size_bits = size;
        expect_error("small untyped", Error::invalid_argument, retype(untyped, message), {1});
    }
}

TEST("untyped: a destination that cannot be found, before the offset") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr frame = make(ObjectType::page);
    abi::UntypedRetype message = good(~Word{0});
    expect_error("root is no CNode, depth 0", Error::failed_lookup, retype(untyped, message, frame),
                 {0, missing, 0});
    message.node_depth = 64;
    message.node_index = frame;
    expect_error("root is no CNode", Error::failed_lookup, retype(untyped, message, frame),
                 {0, invalid_root});
    expect_error("what is found is no CNode", Error::failed_lookup, retype(untyped, message),
                 {0, missing, 64});
    message.node_index = empty_slot();
    expect_error("nothing is found", Error::failed_lookup, retype(untyped, message),
                 {0, missing, 64});
    message.node_depth = no_depth;
    expect_error("depth of more than a word", Error::range_error, retype(untyped, message),
                 {1, 64});
}

TEST("untyped: an offset outside the CNode is a range error, before the count") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr cnode = make(ObjectType::cnode, 4);
    abi::UntypedRetype message = good(16);
    message.count = 0;
    expect_error("offset behind the end", Error::range_error, retype(untyped, message, cnode),
                 {0, 15});
    message.node_offset = ~Word{0};
    expect_error("greatest offset", Error::range_error, retype(untyped, message, cnode), {0, 15});
}

TEST("untyped: 1 to 256 objects are made at once") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr cnode = make(ObjectType::cnode, 9);
    abi::UntypedRetype message = good(511);
    for (const Word count : {Word{0}, abi::retype_limit + 1, ~Word{0}}) {
        message.count = count;
        expect_error("count", Error::range_error, retype(untyped, message, cnode),
                     {1, abi::retype_limit});
    }
}

TEST("untyped: more objects than slots to the end are a range error, before the slots") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr cnode = make(ObjectType::cnode, 4);
    expect_success("take slot 15", retype(untyped, good(15), cnode));
    abi::UntypedRetype message = good(15);
    message.count = 2;
    expect_error("at the end", Error::range_error, retype(untyped, message, cnode), {1, 1});
    message.node_offset = 10;
    message.count = 7;
    expect_error("near the end", Error::range_error, retype(untyped, message, cnode), {1, 6});
}

TEST("untyped: a slot that is taken is told before the memory, and nothing is made") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr cnode = make(ObjectType::cnode, 4);
    expect_success("take slot 7", retype(untyped, good(7), cnode));
    abi::UntypedRetype message = good(4);
    message.type = static_cast<Word>(ObjectType::page);
    message.count = 4;
    expect_error("the last slot is taken", Error::delete_first, retype(untyped, message, cnode));
    message = good(4);
    message.count = 3;
    expect_success("the others are empty", retype(untyped, message, cnode));
}

TEST("untyped: too little memory is told with the bytes that are left") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    abi::UntypedRetype message = good(empty_slot(256));
    message.count = 129;
    expect_error("one too many", Error::not_enough_memory, retype(untyped, message), {4096});
    message.count = 127;
    expect_success("127 of 128", retype(untyped, message));
    message.node_offset += 127;
    message.count = 2;
    expect_error("two too many", Error::not_enough_memory, retype(untyped, message), {32});
    message.count = 1;
    expect_success("the last", retype(untyped, message));
    message.node_offset += 1;
    expect_error("nothing is left", Error::not_enough_memory, retype(untyped, message), {0});
}

TEST("untyped: an object larger than the untyped is too little memory") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    abi::UntypedRetype message = good(empty_slot());
    for (const ObjectType type : {ObjectType::mega_page, ObjectType::giga_page}) {
        message.type = static_cast<Word>(type);
        expect_error("large page", Error::not_enough_memory, retype(untyped, message), {4096});
    }
    message.type = static_cast<Word>(ObjectType::untyped);
    message.size_bits = abi::greatest_untyped_bits;
    expect_error("largest untyped", Error::not_enough_memory, retype(untyped, message), {4096});
}

/// @cond NONE
TEST("untyped: endpoints exist where there is synchronous IPC, and only there") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    abi::UntypedRetype message = good(empty_slot());
    message.type = static_cast<Word>(ObjectType::endpoint);
    const Result result = retype(untyped, message);
    if constexpr (config::synchronous_ipc)
        expect_success("endpoint", result);
    else
        expect_error("endpoint", Error::invalid_argument, result, {0});
}
/// @endcond
