// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One invocation of a capability: the message of the thread that makes it, as the decoders see
/// it. A decoder is a function whose last parameter is a struct of kernel/abi/invocation.hpp; the
/// label chooses among them:
///
///     return dispatch<&retype>(call, slot);
///
/// `dispatch` compares the label with that of each struct, checks that words and capabilities are
/// enough (abi::words_at_first), and hands the words over. A decoder checks the rest, changes
/// nothing until nothing can fail any more, then calls what does the work. Read next: invoke.cpp.
/// @stage{1}
#pragma once

#include "kernel/abi/invocation.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/lib/result.hpp"

#include <type_traits>

/// How an invocation that had no error ended.
enum class Outcome : uint8_t {
    done,
    preempted, ///< it does the rest when the system call is made again
};

/// Slots of the capabilities that come along with a message.
struct ExtraCaps {
    Slot* slots[abi::message_extra_caps]; ///< so many of them as `count` says
    unsigned count = 0;

    void add(Slot& slot) { slots[count++] = &slot; }
};

class Invocation {
public:
    /// The message that `caller` sends. @pre extra capabilities are set by add_extra
    Invocation(Tcb& caller, abi::MessageInfo info, bool is_call);
    /// @cond LAB6
    /// A call that `caller` has put into a ring. `buffer` has all words, and gets those of the
    /// answer.
    Invocation(Tcb& caller, abi::MessageInfo info, abi::IpcBuffer& buffer)
        : caller_(caller), info_(info), words_(buffer.message), buffer_(&buffer),
          length_(info.length()), is_call_(true) {}
    /// @endcond

    [[nodiscard]] Tcb& caller() const { return caller_; }
    [[nodiscard]] Word label() const { return info_.label(); }
    [[nodiscard]] Word length() const { return length_; }
    [[nodiscard]] bool is_call() const { return is_call_; }
    /// The caller's buffer, if the message needs one and there is one.
    [[nodiscard]] const abi::IpcBuffer* buffer() const { return buffer_; }

    /// Message word `index`; 0 behind the end of the message.
    [[nodiscard]] Word word(Word index) const;

    /// Is the message shorter than `words`, or does it bring fewer than `caps` capabilities?
    [[nodiscard]] bool shorter_than(unsigned words, unsigned caps) const {
        return length_ < words || extra_.count < caps;
    }

    [[nodiscard]] const ExtraCaps& extra_caps() const { return extra_; }
    /// Slot of extra capability `index`. @pre index < extra_caps().count
    [[nodiscard]] Slot& extra(unsigned index) const { return *extra_.slots[index]; }
    void add_extra(Slot& slot) { extra_.add(slot); }

    /// Sets word `index` of the answer, which becomes at least that long.
    void answer(Word index, Word value);
    [[nodiscard]] Word answer_length() const { return answer_length_; }

    /// The words of the message as struct `Message`.
    template <class Message>
    [[nodiscard]] Message as() const {
        if constexpr (abi::words_of<Message> == 0) {
            return {};
        } else {
            Word words[abi::words_of<Message>];
            for (unsigned i = 0; i < abi::words_of<Message>; i++)
                words[i] = word(i);
            return std::bit_cast<Message>(words);
        }
    }

private:
    [[nodiscard]] Word* words_of_answer() const;

    Tcb& caller_;
    abi::MessageInfo info_;
    Word* words_; ///< the first four
    const abi::IpcBuffer* buffer_;
    Word length_;
    Word answer_length_ = 0;
    ExtraCaps extra_;
    bool is_call_;
};

/// Calls one decoder. Not inlined, so that each has a stack frame of the size that it needs itself.
template <auto decoder, class Message, class... Objects>
[[nodiscard, gnu::noinline]] Result<Outcome> decode(Invocation& call, Objects&... objects) {
    if (call.shorter_than(abi::words_at_first<Message>, abi::caps_at_first<Message>))
        return failure(abi::Error::truncated_message);
    return decoder(call, objects..., call.as<Message>());
}

/// Calls the decoder whose message has the label of `call`: the first or one of the others.
/// illegal_operation if there is none.
template <auto decoder, auto... others, class... Objects>
[[nodiscard]] Result<Outcome> dispatch(Invocation& call, Objects&... objects) {
    // The struct is the type of the decoder's last parameter.
    constexpr auto message_of =
        []<class M>(Result<Outcome> (*)(Invocation&, Objects&..., const M&)) {
            return std::type_identity<M>();
        };
    using Message = typename decltype(message_of(decoder))::type;
    if (call.label() == static_cast<Word>(Message::label))
        return decode<decoder, Message>(call, objects...);
    if constexpr (sizeof...(others) == 0)
        return failure(abi::Error::illegal_operation);
    else
        return dispatch<others...>(call, objects...);
}
