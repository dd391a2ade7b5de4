// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Words of a message: the first four in registers, the rest in the buffer in the thread's memory,
/// if it has one. What is in that memory can change at any time: a word is read once.
/// Read next: kernel/syscall/invocation.hpp.
/// @stage{1}
#pragma once

#include "kernel/object/tcb.hpp"

#include <algorithm>

namespace message {

/// A word in memory that its owner may change meanwhile: what was checked is what is used.
inline Word read_once(const Word& word) { return *static_cast<const volatile Word*>(&word); }

/// Length of a message as its sender says, no more than a message can have.
inline Word length(abi::MessageInfo info) {
    return std::min<Word>(info.length(), abi::message_words);
}

/// Is there more to a message than its registers hold?
inline bool needs_buffer(abi::MessageInfo info) {
    return (info.word & mask(9)) > abi::message_registers; // length, and extra capabilities above
}

/// A thread reads or writes word `index`. Words for which there is no room are dropped.
inline void write(Tcb& tcb, abi::IpcBuffer* buffer, Word index, Word value) {
    if (index < abi::message_registers)
        tcb.context.message(index) = value;
    else if (buffer != nullptr)
        buffer->message[index] = value;
}

/// Length of a message of `length` words for a thread with or without a buffer.
inline Word fitting(const abi::IpcBuffer* buffer, Word length) {
    return buffer != nullptr ? length : std::min<Word>(length, abi::message_registers);
}

/// @cond NONE
/// Copies those of `length` words that are in registers from thread to thread.
inline void copy_registers(const Tcb& sender, Tcb& receiver, Word length) {
    for (Word i = 0; i < std::min<Word>(length, abi::message_registers); i++)
        receiver.context.message(i) = sender.context.message(i);
}

/// Copies words from thread to thread; says how many arrived. `from` is the sender's buffer.
inline Word copy(const Tcb& sender, const abi::IpcBuffer* from, Tcb& receiver, Word length) {
    copy_registers(sender, receiver, length);
    abi::IpcBuffer* to = receiver.buffer_for(true);
    if (from == nullptr || to == nullptr)
        return std::min<Word>(length, abi::message_registers);
    for (Word i = abi::message_registers; i < length; i++)
        to->message[i] = from->message[i];
    return length;
}
/// @endcond

} // namespace message
