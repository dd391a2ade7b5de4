// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See broker_end.hpp.
/// @stage{5}
#include "user/root/broker_end.hpp"

#include "user/root/broker.hpp"

namespace root {

void BrokerEnd::take_requests() {
    if (!find_lines())
        return;
    begin_burst();
    Taken taken;
    for (Word left = budget; left != 0 && open() && take_whole(taken); left -= abi::line_bytes)
        broker_.serve(index_, taken.header, {taken.words, rt::info_of(taken.header).length()});
}

void BrokerEnd::answer(Word header, Word label, std::span<const Word> words) {
    if (!open())
        return;
    join_burst();
    if (!make_room(abi::line_bytes))
        return close();
    put_answer(header, abi::ItemInfo::make(label, words.size()), words);
}

} // namespace root
