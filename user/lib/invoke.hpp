// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Invocations of kernel objects. There is one stub for all of them: it is made from the structs
/// of kernel/abi/invocation.hpp, which name the label, the message words and how many extra
/// capabilities come along.
///
///     sel4::invoke(tcb, abi::TcbSetPriority{.priority = 10}, abi::root_tcb)
///
/// Tests also need messages that are wrong: invoke_raw sends any.
/// Read next: objects.hpp, where the common ones have names; kernel/abi/invocation.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/invocation.hpp"
#include "user/lib/syscall.hpp"

#include <array>
#include <bit>
#include <span>

namespace sel4 {

/// What an invocation answered.
struct Result {
    /// A failed lookup has the most: 5. Longer answers are in the message buffer.
    static constexpr unsigned kept_words = 5;

    abi::Error error = abi::Error::none;
    Word length = 0;
    Word words[kept_words] = {}; ///< the answer, or details of the error (kernel/abi/error.hpp)

    /// Did it succeed?
    explicit constexpr operator bool() const { return error == abi::Error::none; }
};

/// The answer to a call of a kernel object.
inline Result result_of(const Message& answer) {
    Result result{.error = static_cast<abi::Error>(answer.info.label()),
                  .length = answer.info.length()};
    for (unsigned i = 0; i < abi::message_registers; i++)
        result.words[i] = answer.words[i];
    if (result.length > abi::message_registers)
        result.words[abi::message_registers] = ipc_buffer().message[abi::message_registers];
    return result;
}

/// The words of a message: registers are filled, the rest goes to the message buffer.
inline Message place(MessageInfo info, std::span<const Word> words, std::span<const CPtr> caps) {
    Message message{.info = info};
    for (size_t i = 0; i < words.size(); i++) {
        if (i < abi::message_registers)
            message.words[i] = words[i];
        else
            ipc_buffer().message[i] = words[i];
    }
    for (size_t i = 0; i < caps.size(); i++)
        ipc_buffer().caps_or_badges[i] = caps[i];
    return message;
}

/// Any message at all: `info` need not fit the words and capabilities.
inline Result invoke_raw(CPtr object, MessageInfo info, std::span<const Word> words = {},
                         std::span<const CPtr> caps = {}) {
    return result_of(call(object, place(info, words, caps)));
}

/// The message words of an invocation.
template <class I>
std::array<Word, abi::words_of<I>> words_in(const I& arguments) {
    if constexpr (abi::words_of<I> == 0)
        return {};
    else
        return std::bit_cast<std::array<Word, abi::words_of<I>>>(arguments);
}

/// How a message of invocation `I` begins.
template <class I>
constexpr MessageInfo info_of =
    MessageInfo::make(static_cast<Word>(I::label), abi::words_of<I>, I::caps);

/// Invokes `object`. The capabilities are those that the struct's comment names, in its order.
template <class I, class... Caps>
Result invoke(CPtr object, const I& arguments, Caps... caps) {
    static_assert(sizeof...(Caps) == I::caps, "this invocation takes another number of caps");
    return invoke_raw(object, info_of<I>, words_in(arguments),
                      std::array<CPtr, sizeof...(Caps)>{CPtr{caps}...});
}

} // namespace sel4
