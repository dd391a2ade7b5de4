// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See calls.hpp.
/// Read next: client.cpp.
#include "labs/5-runtime/tests/guest/calls.hpp"

namespace judge {

void draw_calls(Draw& draw, Word* input, Word count) {
    for (Word i = 0; i < count * 2; i++)
        input[i] = draw.word();
}

Word answer_to(const Word* input, Word call, Word key) {
    return (input[call * 2] ^ key) + input[call * 2 + 1];
}

bool expect_answers(const Side& client, Word count, Word key, const Place& place) {
    for (Word i = 0; i < count; i++) {
        const Word expected = answer_to(client.input, i, key);
        if (client.output[i] == expected)
            continue;
        test::fail(place, "call ", i, " of ", count, ": expected the answer ",
                   console::Hex{expected}, ", got ", console::Hex{client.output[i]});
        return false;
    }
    return true;
}

ByHand::ByHand(World& world, bool is_client)
    : world_(world), own_(is_client ? world.header().client : world.header().server),
      peer_(is_client ? world.header().server : world.header().client),
      out_(is_client ? world.requests() : world.replies()),
      in_(is_client ? world.replies() : world.requests()), other_(is_client ? 1 : 0) {}

bool ByHand::take(Line& line) {
    if (peer_.out.tail.load_acquire() == taken_ * abi::line_bytes)
        return false;
    const abi::Item& item = in_[taken_++ % party::ring_lines.requests];
    line.id = item.id.load_relaxed();
    line.info = {item.info.load_relaxed()};
    for (unsigned i = 0; i < abi::item_words; i++)
        line.words[i] = item.words[i].load_relaxed();
    own_.in.head.store_release(taken_ * abi::line_bytes);
    return true;
}

void ByHand::put(const Line& line) {
    abi::Item& item = out_[put_++ % party::ring_lines.replies];
    item.id.store_relaxed(line.id);
    item.info.store_relaxed(line.info.word);
    for (unsigned i = 0; i < line.info.length(); i++)
        item.words[i].store_relaxed(line.words[i]);
    own_.out.tail.store_release(put_ * abi::line_bytes);
}

void ByHand::notify() {
    rt::fence_full();
    const bool sleeps = peer_.in.state.load_relaxed() != abi::running &&
                        peer_.in.state.exchange(abi::running) != abi::running;
    const bool waits = peer_.out.state.load_relaxed() != abi::flowing &&
                       peer_.out.state.exchange(abi::flowing) != abi::flowing;
    if (sleeps || waits)
        sel4::signal(world_.side(other_).own);
}

} // namespace judge
