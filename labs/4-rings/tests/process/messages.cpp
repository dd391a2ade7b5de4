// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tasks whose messages have any number of words.
/// Read next: labs/lib/judge/judge.hpp.
#include "labs/4-rings/tests/process/party.hpp"
#include "runtime/long_message.hpp"

namespace party {

namespace {

/// Is there room for so many bytes?
bool has_room(rt::Producer<>& out, Word bytes) {
    if (out.room() < bytes && out.refill() == rt::Ring::corrupt)
        Party::fail(End::gave_up);
    return out.room() >= bytes;
}

/// Puts a message of the input in; answers where the next one begins. `wait` is called while there
/// is no room.
template <class Wait>
const Word* put(Party& self, const Word* message, Wait wait) {
    const abi::ItemInfo info = rt::info_of(*message);
    const Word bytes = abi::lines_of(info.length()) * abi::line_bytes;
    while (!has_room(self.ends.out, bytes))
        wait();
    const std::span words(message + 1, info.length());
    rt::put_message(self.ends.out, static_cast<uint32_t>(*message), info, words);
    return message + 1 + info.length();
}

/// Takes the next message, which is there.
void take_message(Party& self) {
    rt::Consumer<>& in = self.ends.in;
    const Word header = rt::load_header(in.line_at(0));
    const unsigned length = rt::info_of(header).length();
    const Word bytes = abi::lines_of(length) * abi::line_bytes;
    const Word at = self.task.taken.load_relaxed();
    if (length > abi::message_words || bytes > in.available() || at + 1 + length > data_words)
        Party::fail(End::bad_length);
    self.output[at] = header;
    rt::copy_words(in, 0, length, self.output + at + 1);
    self.task.taken.store_relaxed(at + 1 + length);
    in.advance_by(bytes);
}

} // namespace

void write(Party& self) {
    const Word* next = self.input;
    const auto wait = [&] {
        self.ends.out.publish();
        sel4::yield();
    };
    for (Word i = 0; i < self.task.count; i++) {
        next = put(self, next, wait);
        if ((i + 1) % self.task.burst == 0)
            self.ends.out.publish();
    }
    self.ends.out.publish();
}

void send(Party& self) {
    const Word* next = self.input;
    for (Word i = 0; i < self.task.count; i++) {
        next = put(self, next, [&] { self.await_room(); });
        if ((i + 1) % self.task.burst == 0)
            static_cast<void>(self.end(false));
    }
    static_cast<void>(self.end(false));
}

void receive(Party& self) {
    rt::Consumer<>& in = self.ends.in;
    Word taken = 0;
    while (taken < self.task.count) {
        if (in.available() == 0 && !Party::has_run(in)) {
            static_cast<void>(self.end(false));
            if (rt::may_sleep(in))
                sel4::wait(self.own);
            continue;
        }
        take_message(self);
        taken++;
    }
    static_cast<void>(self.end(false));
}

} // namespace party
