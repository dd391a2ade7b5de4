// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Untyped_Retype in the machine's memory: what is made lies where it should, and is clean.
/// Read next: setting.hpp.
#include "kernel/cap/untyped.hpp"

#include "kernel/cap/mdb.hpp"
#include "labs/1-capabilities/tests/kernel/setting.hpp"

#include <string.h>

using namespace setting;
using abi::ObjectType;

namespace {

constexpr unsigned bits = 14;

/// An untyped whose memory is full of old data, and a CNode for what is made of it.
struct Scene {
    PAddr memory = take(bits);
    Slot& untyped = slot(UntypedCap(memory, bits, false));
    CNodeCap node = cnode_of(4);
    Slot& root = slot(node);

    Scene() { memset(window<char>(memory), 0x5a, Word{1} << bits); }

    [[nodiscard]] Word retype(ObjectType type, Word size_bits, Word offset, Word count) const {
        const abi::UntypedRetype message{static_cast<Word>(type), size_bits, 0, 0, offset, count};
        Invocation call = invocation(message, {&root});
        return error_of(untyped::retype(call, untyped, message));
    }
    [[nodiscard]] Word offset_of(Word index) const {
        return in(node, index).cap.address().value - memory.value;
    }
    /// Whether `size` bytes from an offset on have all this value.
    [[nodiscard]] bool all(Word offset, Word size, char value) const {
        const char* const bytes = window<char>(memory + offset);
        for (Word i = 0; i < size; i++) {
            if (bytes[i] != value)
                return false;
        }
        return true;
    }
};

} // namespace

KERNEL_TEST("retype-machine: objects are clean, aligned, in their slots, and children") {
    reset();
    const Scene at;
    expect_equal("error of one notification", 0, at.retype(ObjectType::notification, 0, 0, 1));
    expect_equal("error of two CNodes of 4 slots", 0, at.retype(ObjectType::cnode, 2, 1, 2));
    expect_equal("error of two page tables", 0, at.retype(ObjectType::page_table, 0, 3, 2));
    expect_equal("offset of the notification", 0, at.offset_of(0));
    expect_equal("offset of the first CNode, of 128 bytes", 128, at.offset_of(1));
    expect_equal("offset of the second CNode", 256, at.offset_of(2));
    expect_equal("offset of the first table", 0x1000, at.offset_of(3));
    expect_equal("offset of the second table", 0x2000, at.offset_of(4));
    expect("the tables are zero", at.all(0x1000, 0x2000, 0));
    expect("what lies behind them was not touched", at.all(0x3000, 0x1000, 0x5a));
    for (Word i = 0; i < 5; i++)
        expect("each capability is a child of the untyped",
               mdb::is_parent(at.untyped, in(at.node, i)));
    expect_equal("watermark", 0x3000, at.untyped.cap.as<UntypedCap>().watermark());
    expect_equal("error of two more tables: not enough memory (10)",
                 static_cast<Word>(abi::Error::not_enough_memory),
                 at.retype(ObjectType::page_table, 0, 5, 2));
    expect("nothing was made", in(at.node, 5).empty());
}
