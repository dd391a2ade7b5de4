// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tasks whose messages are one line each.
/// Read next: messages.cpp.
#include "labs/4-rings/tests/process/party.hpp"

namespace party {

namespace {

/// Builds a line of 8 words.
void build(abi::Item& item, const Word* words) {
    item.id.store_relaxed(static_cast<uint32_t>(words[0]));
    item.info.store_relaxed(static_cast<uint32_t>(words[0] >> 32));
    for (unsigned i = 0; i < abi::item_words; i++)
        item.words[i].store_relaxed(words[1 + i]);
}

/// Reads a line, and puts it behind what was taken before. What does not fit is left out.
void note(Party& self, const abi::Item& item) {
    const Word at = self.task.taken.load_relaxed();
    if (at + line_words > data_words)
        return;
    self.output[at] = rt::load_header(item);
    for (unsigned i = 0; i < abi::item_words; i++)
        self.output[at + 1 + i] = item.words[i].load_relaxed();
    self.task.taken.store_relaxed(at + line_words);
}

/// Takes a run of at most so many lines; answers how many.
Word take_run(Party& self, Word most) {
    rt::Consumer<>& in = self.ends.in;
    const rt::Run run = in.take(std::min(in.run(), most * abi::line_bytes));
    for (const abi::Item& item : run)
        note(self, item);
    return run.bytes() / abi::line_bytes;
}

/// Answers a line with the next of the run of the replies.
void answer(Party& self, const abi::Item& item) {
    while (!Party::has_run(self.ends.out))
        self.await_room();
    abi::Item& reply = self.ends.out.next();
    reply.id.store_relaxed(item.id.load_relaxed());
    reply.info.store_relaxed(item.info.load_relaxed());
    for (unsigned i = 0; i < abi::item_words; i++)
        reply.words[i].store_relaxed(item.words[i].load_relaxed() ^ self.task.key);
}

} // namespace

void make(Party& self) {
    rt::Producer<>& out = self.ends.out;
    for (Word i = 0; i < self.task.count; i++) {
        while (!Party::has_run(out)) {
            out.publish();
            sel4::yield();
        }
        build(out.next(), self.input + i * line_words);
        if ((i + 1) % self.task.burst == 0)
            out.publish();
    }
    out.publish();
}

void take(Party& self) {
    rt::Consumer<>& in = self.ends.in;
    for (Word left = self.task.count; left > 0;) {
        if (Party::has_run(in))
            left -= take_run(self, std::min(left, self.task.burst));
        else
            sel4::yield();
        in.publish();
    }
}

void doze(Party& self) {
    rt::Consumer<>& in = self.ends.in;
    for (Word left = self.task.count; left > 0;) {
        if (Party::has_run(in))
            left -= take_run(self, left);
        else if (rt::may_sleep(in))
            sel4::wait(self.own);
        in.publish();
    }
}

void serve(Party& self) {
    rt::Consumer<>& in = self.ends.in;
    for (Word left = self.task.count; left > 0;) {
        if (!Party::has_run(in)) {
            if (!self.end(true))
                sel4::wait(self.own);
            continue;
        }
        const rt::Run run = in.take(std::min(in.run(), left * abi::line_bytes));
        for (const abi::Item& item : run)
            answer(self, item);
        left -= run.bytes() / abi::line_bytes;
    }
    static_cast<void>(self.end(false));
}

void call(Party& self) {
    rt::Consumer<>& in = self.ends.in;
    for (Word i = 0; i < self.task.count;) {
        Word open = 0;
        for (; open < self.task.burst && i < self.task.count; open++, i++) {
            while (!Party::has_run(self.ends.out))
                self.await_room();
            build(self.ends.out.next(), self.input + i * line_words);
        }
        while (open > 0) {
            if (!self.end(true))
                sel4::wait(self.own);
            while (open > 0 && Party::has_run(in))
                open -= take_run(self, open);
        }
    }
    static_cast<void>(self.end(false));
}

void endure(Party& self) {
    while (self.task.stop.load_acquire() == 0) {
        if (Party::has_run(self.ends.in) && Party::has_run(self.ends.out)) {
            const abi::Item& item = *self.ends.in.take(abi::line_bytes).first;
            self.ends.out.next().id.store_relaxed(item.id.load_relaxed());
        } else {
            sel4::yield();
        }
        self.ends.in.publish();
        self.ends.out.publish();
    }
}

void measure(Party& self) {
    rt::Ends client = self.buffer.client();
    rt::Ends server = self.buffer.server();
    Word sum = 0;
    for (Word i = 0; i < self.task.count; i += self.task.burst) {
        for (Word k = 0; k < self.task.burst; k++) {
            if (!Party::has_run(client.out))
                Party::fail(End::bad_answer);
            client.out.next().words[0].store_relaxed(i + k);
        }
        static_cast<void>(rt::end_burst(client.out, client.in, false));
        for (Word left = self.task.burst; left > 0 && Party::has_run(server.in);) {
            const rt::Run run = server.in.take(server.in.run());
            for (const abi::Item& item : run) {
                if (!Party::has_run(server.out))
                    Party::fail(End::bad_answer);
                server.out.next().words[0].store_relaxed(item.words[0].load_relaxed() + 1);
            }
            left -= run.bytes() / abi::line_bytes;
        }
        static_cast<void>(rt::end_burst(server.out, server.in, false));
        while (Party::has_run(client.in))
            for (const abi::Item& item : client.in.take(client.in.run()))
                sum += item.words[0].load_relaxed();
    }
    static_cast<void>(rt::end_burst(client.out, client.in, false));
    if (sum != self.task.count * (self.task.count + 1) / 2)
        Party::fail(End::bad_answer);
}

} // namespace party
