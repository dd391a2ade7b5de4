// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See client_end.hpp.
/// @stage{7}
#include "user/netsrv/client_end.hpp"

#include <string.h>

namespace netsrv {

namespace {

/// Of the answers that are not kept if there is no room for them.
constexpr Word longest_at_once =
    abi::lines_of(sizeof(net::Counters) / sizeof(Word)) * abi::line_bytes;

} // namespace

Owner::Owner(rt::Executor& executor, rt::Ends ends, rt::Callback notify, Shared* shared,
             const user::broker::Peer&)
    : ServerEnd(executor, ends, notify, priority,
                [](Connection& self) { static_cast<Owner&>(self).take_requests(); }),
      Handles(*shared) {}

void Owner::take_requests() {
    const bool found = find_lines();
    if (!found && !starved_)
        return;
    shared_.bursts += found ? 1 : 0;
    begin_burst();
    if (std::exchange(starved_, false))
        progress(); // there may be room for answers again
    for (Word left = budget; left != 0 && open() && take(); left -= abi::line_bytes) {
    }
    shared_.interface.publish(); // what these requests have sent
}

/// Takes the next request, if there is one, and room for its answer.
bool Owner::take() {
    if (in_.available() == 0)
        return false;
    blocked_ = !make_room(longest_at_once);
    if (blocked_)
        return false;
    const abi::Item& item = in_.line_at(0);
    const Word header = rt::load_header(item);
    const unsigned length = rt::info_of(header).length();
    const Word bytes = abi::lines_of(length) * abi::line_bytes;
    if (bytes > in_.available()) {
        close();
        return false;
    }
    Word words[abi::item_words];
    for (unsigned i = 0; i < abi::item_words; i++)
        words[i] = item.words[i].load_relaxed();
    serve(header, static_cast<net::Request>(rt::info_of(header).label()),
          {words, std::min(length, abi::item_words)}, data_of(length, words[1]));
    if (open())
        in_.advance_by(bytes);
    return true;
}

/// The data of the next request, which ends where the ring may begin anew.
Owner::Data Owner::data_of(unsigned length, Word bytes) {
    if (length <= net::first_data_word)
        return {};
    bytes = std::min<Word>(bytes, (length - net::first_data_word) * sizeof(Word));
    const std::byte* const start = reinterpret_cast<const std::byte*>(&in_.line_at(1));
    const Word in_a_row = in_.lines_in_a_row(1) * abi::line_bytes;
    if (bytes <= in_a_row)
        return {{start, bytes}, {}};
    const unsigned next = static_cast<unsigned>(1 + in_a_row / abi::line_bytes);
    return {{start, in_a_row},
            {reinterpret_cast<const std::byte*>(&in_.line_at(next)), bytes - in_a_row}};
}

bool Owner::answer(Word header, Error error, Words words) {
    if (!open())
        return true;
    join_burst();
    if (!make_room(abi::lines_of(static_cast<unsigned>(words.size())) * abi::line_bytes)) {
        starved_ = true;
        return false;
    }
    put_answer(header, abi::ItemInfo::make(static_cast<Word>(error), words.size()), words);
    return true;
}

unsigned Owner::room_for_data(unsigned wanted) {
    if (!open())
        return 0;
    join_burst();
    const unsigned bytes = std::min(wanted, net::most_data);
    const Word lines = abi::lines_of(net::words_with(bytes));
    if (make_room(lines * abi::line_bytes))
        return bytes;
    const Word room = out_.room() / abi::line_bytes;
    starved_ = starved_ || room < 2;
    return room < 2 ? 0 : static_cast<unsigned>((room - 1) * abi::line_bytes);
}

void Owner::answer_data(Word header, const pbuf* data, unsigned bytes, Word from) {
    const unsigned length = net::words_with(bytes);
    abi::Item& item = out_.line_at(0);
    item.id.store_relaxed(static_cast<uint32_t>(header));
    item.info.store_relaxed(abi::ItemInfo::make(0, length).word);
    item.words[0].store_relaxed(0);
    item.words[1].store_relaxed(bytes);
    item.words[2].store_relaxed(from);
    const unsigned first =
        static_cast<unsigned>(std::min<Word>(bytes, out_.lines_in_a_row(1) * abi::line_bytes));
    if (data != nullptr && first <= data->len) // nearly always
        memcpy(&out_.line_at(1), data->payload, first);
    else
        pbuf_copy_partial(data, &out_.line_at(1), static_cast<u16_t>(first), 0);
    if (first < bytes) // where the ring begins anew
        pbuf_copy_partial(data, &out_.line_at(1 + first / static_cast<unsigned>(abi::line_bytes)),
                          static_cast<u16_t>(bytes - first), static_cast<u16_t>(first));
    out_.advance_by(abi::lines_of(length) * abi::line_bytes);
}

} // namespace netsrv
