// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client or a server of which a test plays the other side by hand: it puts lines in and takes
/// them, writes its counters itself, and notes how often it is notified. What is dispatched is
/// private to the classes; it is an exercise, so it has its name in every tree.
/// Read next: replies.cpp, requests.cpp.
#pragma once

#include "labs/5-runtime/tests/host/setting.hpp"
#include "runtime/ipc.hpp"

/// A buffer in memory that is exactly as large as it must be, so that the sanitizer finds every
/// access beside it.
class Buffer {
public:
    explicit Buffer(abi::RingLines lines)
        : lines_(lines), memory_(static_cast<std::byte*>(
                             std::aligned_alloc(abi::line_bytes, abi::buffer_bytes(lines)))),
          shared(memory_.get(), lines) {
        shared.initialise();
    }
    [[nodiscard]] abi::BufferHeader& header() const {
        return *reinterpret_cast<abi::BufferHeader*>(memory_.get());
    }
    [[nodiscard]] abi::Item& request(Word line) const {
        return at(abi::ring_offset, line % lines_.requests);
    }
    [[nodiscard]] abi::Item& reply(Word line) const {
        return at(abi::replies_offset(lines_), line % lines_.replies);
    }

private:
    struct Free {
        void operator()(std::byte* memory) const { std::free(memory); }
    };
    [[nodiscard]] abi::Item& at(Word start, Word line) const {
        return *reinterpret_cast<abi::Item*>(memory_.get() + start + line * abi::line_bytes);
    }
    abi::RingLines lines_;
    std::unique_ptr<std::byte[], Free> memory_;

public:
    rt::SharedBuffer shared;
};

/// Writes a line.
inline void build(abi::Item& item, uint32_t id, abi::ItemInfo info, Word first_word = 0) {
    item.id.store_relaxed(id);
    item.info.store_relaxed(info.word);
    for (unsigned i = 0; i < abi::item_words; i++)
        item.words[i].store_relaxed(first_word + i);
}

inline void nobody(void* /*nobody*/) {}

/// Makes a private member function callable: an explicit instantiation may name it.
template <auto member>
struct Reveal {
    friend void dispatch(ipc::Client& client) { (client.*member)(); }
};
template struct Reveal<&ipc::Client::take_replies>;
void dispatch(ipc::Client& client);
