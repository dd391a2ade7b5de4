// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Calls whose words the judge draws, and a side of a buffer that it plays by hand.
/// Read next: client.cpp.
#pragma once

#include "labs/4-rings/tests/guest/judge.hpp"
#include "labs/5-runtime/tests/process/roles.hpp"

namespace judge {

/// Draws the words of so many calls.
void draw_calls(Draw& draw, Word* input, Word count);
/// The answer to a call, its words added up.
Word answer_to(const Word* input, Word call, Word key);
/// The client has told the right answer to every call.
bool expect_answers(const Side& client, Word count, Word key,
                    const Place& place = Place::current());

/// One end of the buffer. Nothing in it is of the exercises.
class ByHand {
public:
    /// Puts in to `out`, which has the words of both sides, and takes from `in`.
    ByHand(World& world, bool is_client);

    struct Line {
        uint32_t id;
        abi::ItemInfo info;
        Word words[abi::item_words];
    };
    /// Takes the next line, if there is one.
    bool take(Line& line);
    /// Puts a line in, for which there is room, and publishes it.
    void put(const Line& line);
    /// Notifies the other side if it sleeps or waits for room.
    void notify();

private:
    World& world_;
    abi::SideWords& own_;
    abi::SideWords& peer_;
    abi::Item* out_;
    abi::Item* in_;
    unsigned other_; ///< the process
    Word put_ = 0;
    Word taken_ = 0;
};

} // namespace judge
