// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What most tests of the kernel begin with: one hart, on it a thread that invokes capabilities,
/// with a message buffer; and makers of slots, CNodes and threads.
///
///     World world;
///     Slot& root = world.cnode(4);
///     CHECK(world.ok(root, abi::CNodeCopy{...}, {&root}));
///
/// Read next: machine.hpp.
/// @stage{1}
#pragma once

#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"
#include "kernel/tests/host/machine.hpp"

#include <cstring>
#include <initializer_list>
#include <span>
#include <vector>

class World {
public:
    World();
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// The thread that runs.
    [[nodiscard]] Tcb& caller() { return *caller_; }

    /// A slot outside of all CNodes, whose capability begins a derivation tree of its own.
    Slot& slot(const Cap& cap);
    Slot& empty_slot() { return slot(Cap()); }
    /// A slot with the capability of a new CNode of 2^radix slots. Guards are zeros: a pointer of
    /// 64 bits names a slot by its number.
    Slot& cnode(unsigned radix);
    /// A slot with the capability of a new untyped of 2^bits bytes.
    Slot& untyped(unsigned bits, bool device = false);
    /// A slot with the capability of a new notification.
    Slot& notification();
    /// A thread that does nothing; the capability to it.
    Slot& thread(Prio priority = 100);

    /// Invokes the capability in `slot`. `rest` are message words after those of the message.
    template <class Message>
    [[nodiscard]] Result<Outcome> invoke(Slot& slot, const Message& message,
                                         std::initializer_list<Slot*> extra = {},
                                         std::span<const Word> rest = {}) {
        std::vector<Word> words(abi::words_of<Message>);
        if constexpr (abi::words_of<Message> != 0)
            std::memcpy(words.data(), &message, sizeof(Message));
        words.insert(words.end(), rest.begin(), rest.end());
        return invoke_words(slot, static_cast<Word>(Message::label), words, extra);
    }

    /// The same; says only whether it was done without an error, and to its end.
    template <class Message>
    [[nodiscard]] bool ok(Slot& slot, const Message& message,
                          std::initializer_list<Slot*> extra = {}) {
        return invoke(slot, message, extra) == Outcome::done;
    }

    /// The message with label `label`, as sent by a program that says what it likes.
    [[nodiscard]] Result<Outcome> invoke_words(Slot& slot, Word label, std::span<const Word> words,
                                               std::initializer_list<Slot*> extra);

    /// Word `index` of the last answer.
    [[nodiscard]] Word answer(unsigned index) const;

private:
    Tcb* caller_;
    abi::IpcBuffer* buffer_;
};

/// The error of an invocation, none if it had none.
[[nodiscard]] inline abi::Error error_of(const Result<Outcome>& result) {
    return result ? abi::Error::none : result.error().error;
}

/// Slot `index` of the CNode whose capability is in `cnode`.
[[nodiscard]] inline Slot& in(const Slot& cnode, Word index) {
    return cnode.cap.as<CNodeCap>().slots()[index];
}

/// The list of the derivation tree that `slot` stands in, from its start.
[[nodiscard]] std::vector<Slot*> list_of(Slot& slot);

/// Are all links of the list right, and is no slot in it empty?
[[nodiscard]] bool whole(Slot& slot);

/// Is this memory filled with what objects leave that are gone (finalise::freed)?
[[nodiscard]] bool is_freed(const void* object, Word bytes);
