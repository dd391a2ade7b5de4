// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Twins: the same calls on equal objects, once by traps and once through a ring. Answers, word by
/// word, and effects must be the same.
///
///     twins([](Way& way) {
///         const CPtr frame = make(ObjectType::page);
///         way(frame, abi::PageGetAddress{});          // a call whose answer is compared
///         way.note(what_became_of(frame));            // an effect
///     });
///
/// Read next: async_twins_memory.cpp.
/// @stage{6}
#pragma once

#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

/// How calls are made, and what came of them.
class Way {
public:
    /// Begins anew: through the ring of `calls`, or by traps.
    void begin(Calls* calls) {
        calls_ = calls;
        count_ = 0;
    }

    /// Any message to an object.
    void raw(CPtr object, Word label, std::span<const Word> words,
             std::span<const CPtr> caps = {}) {
        add(calls_ != nullptr ? by_ring(object, label, words, caps)
                              : by_trap(object, label, words, caps));
    }
    template <class I, class... Caps>
    void operator()(CPtr object, const I& arguments, Caps... caps) {
        raw(object, static_cast<Word>(I::label), words_in(arguments),
            std::array<CPtr, sizeof...(Caps)>{CPtr{caps}...});
    }
    /// The message with every number of words and of capabilities that is too small.
    template <class I, class... Caps>
    void truncated(CPtr object, const I& arguments, Caps... caps) {
        const auto words = words_in(arguments);
        const std::array<CPtr, sizeof...(Caps)> all{CPtr{caps}...};
        for (size_t length = 0; length < words.size(); length++)
            raw(object, static_cast<Word>(I::label), std::span(words).first(length), all);
        for (size_t count = 0; count < all.size(); count++)
            raw(object, static_cast<Word>(I::label), words, std::span(all).first(count));
    }
    /// Labels of other kinds of objects.
    void other_labels(CPtr object, std::initializer_list<abi::Label> labels) {
        for (const abi::Label label : labels)
            raw(object, static_cast<Word>(label), std::array<Word, 8>{});
        raw(object, 0, {});
        raw(object, 1023, {});
    }

    /// Something to compare that is no answer.
    void note(Word effect) { add({.length = effect}); }

    [[nodiscard]] unsigned count() const { return count_; }
    [[nodiscard]] const Reply& operator[](unsigned index) const { return replies_[index]; }
    static constexpr unsigned most = 160;

private:
    void add(const Reply& reply) {
        if (expect("there is room to note an answer", count_ < most))
            replies_[count_++] = reply;
    }
    static Reply by_trap(CPtr object, Word label, std::span<const Word> words,
                         std::span<const CPtr> caps) {
        const Message answer = sel4::call(
            object, sel4::place(MessageInfo::make(label, words.size(), caps.size()), words, caps));
        Reply reply{.error = static_cast<Error>(answer.info.label()),
                    .length = answer.info.length()};
        for (unsigned i = 0; i < std::min<Word>(reply.length, Reply::most_words); i++)
            reply.words[i] = i < abi::message_registers ? answer.words[i] : ipc_buffer().message[i];
        return reply;
    }
    Reply by_ring(CPtr object, Word label, std::span<const Word> words,
                  std::span<const CPtr> caps) {
        std::array<Word, 64> all = {object};
        std::ranges::copy(words, std::ranges::copy(caps, all.begin() + 1).out);
        const unsigned length = static_cast<unsigned>(1 + caps.size() + words.size());
        calls_->put_words(0, abi::ItemInfo::make(label, length, caps.size()),
                          std::span(all).first(length));
        calls_->submit();
        Reply reply = calls_->reply();
        reply.id = Reply{}.id;
        return reply;
    }

    Calls* calls_ = nullptr;
    unsigned count_ = 0;
    Reply replies_[most] = {};
};

/// Too large for a stack.
inline constinit Way by_trap_way{};
inline constinit Way by_ring_way{};

/// Does `body` with both ways, and compares.
template <class Body>
void twins(Body body, const Place& place = Place::current()) {
    by_trap_way.begin(nullptr);
    body(by_trap_way);
    Calls calls;
    by_ring_way.begin(&calls);
    body(by_ring_way);
    expect_equal("answers and effects", by_trap_way.count(), by_ring_way.count(), place);
    for (unsigned i = 0; i < by_trap_way.count(); i++) {
        const Reply& trap = by_trap_way[i];
        const Reply& ring = by_ring_way[i];
        bool same = trap.error == ring.error && trap.length == ring.length;
        for (unsigned word = 0; word < Reply::most_words; word++)
            same = same && trap.words[word] == ring.words[word];
        if (!same)
            fail(place, "answer ", i, " of the ring: ", abi::text(ring.error), ", ", ring.length,
                 " words, the first ", shown(ring.words[0]),
                 "; of the trap: ", abi::text(trap.error), ", ", trap.length, ", ",
                 shown(trap.words[0]));
    }
    expect_success("the registration goes", cap_delete(calls.registration()));
}
