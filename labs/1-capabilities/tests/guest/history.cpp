// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The history that the seed gives, carried out. What is right, this program does not know: it
/// tells what it saw as a number.
/// Read next: labs/1-capabilities/tests/history.hpp.
#include "labs/1-capabilities/tests/history.hpp"

#include "labs/1-capabilities/tests/guest/setting.hpp"

namespace {

using history::Kind;
using history::Step;

ObjectType type_of(Kind kind) {
    switch (kind) {
    case Kind::untyped:
        return ObjectType::untyped;
    case Kind::notification:
        return ObjectType::notification;
    case Kind::cnode:
        return ObjectType::cnode;
    case Kind::page:
        return ObjectType::page;
    }
    return ObjectType::untyped;
}

/// What the history happens to.
class Scene {
public:
    Result carry_out(const Step& step) {
        const Slot from{cnode_, step.from, history::radix};
        const Slot to{cnode_, step.to, history::radix};
        switch (step.what) {
        case Step::retype:
            return retype(memory_, step);
        case Step::retype_within:
            return retype_within(from, step);
        case Step::copy:
            return copy(to, from);
        case Step::mint:
            return mint(to, from, step.badge);
        case Step::move:
            return move(to, from);
        case Step::remove:
            return remove(from);
        case Step::revoke:
            return revoke(from);
        }
        return {};
    }

    /// A bit for each slot that is not empty. Empty ones get a capability, which is taken away
    /// again.
    [[nodiscard]] Word full() const {
        Word full = 0;
        for (Word i = 0; i < history::slots; i++) {
            const Slot slot{cnode_, i, history::radix};
            if (copy(slot, own(probe_)))
                remove(slot);
            else
                full |= Word{1} << i;
        }
        return full;
    }

private:
    [[nodiscard]] Result retype(CPtr untyped, const Step& step) const {
        const Word size = step.kind == Kind::untyped ? step.bits : history::cnode_radix;
        return sel4::invoke(untyped,
                            abi::UntypedRetype{.type = static_cast<Word>(type_of(step.kind)),
                                               .size_bits = size,
                                               .node_index = cnode_,
                                               .node_depth = sel4::full_depth,
                                               .node_offset = step.to,
                                               .count = step.count},
                            CPtr{sel4::own_cnode});
    }
    /// To be invoked, a capability must be in this program's own CNode. Meanwhile another one is in
    /// its place.
    [[nodiscard]] Result retype_within(const Slot& slot, const Step& step) const {
        if (const Result moved = move(own(outside_), slot); !moved)
            return moved;
        copy(slot, own(probe_));
        const Result result = retype(outside_, step);
        remove(slot);
        move(slot, own(outside_));
        return result;
    }

    CPtr memory_ = allocator.make(ObjectType::untyped, history::memory_bits);
    CPtr cnode_ = allocator.make(ObjectType::cnode, history::radix);
    CPtr probe_ = allocator.make(ObjectType::notification);
    CPtr outside_ = allocator.slot();
};

} // namespace

TEST("history: what a long history of operations leaves behind") {
    Scene scene;
    history::Script script(seed());
    history::Digest digest;
    for (unsigned i = 0; i < history::steps; i++) {
        const Result result = scene.carry_out(script.next());
        const bool is_full = result.error == Error::not_enough_memory;
        digest.add(static_cast<Word>(result.error), is_full ? result.words[0] : 0, scene.full());
    }
    value(digest.number());
}
