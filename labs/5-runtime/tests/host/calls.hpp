// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What tests with coroutines and connections share: coroutines that say when they run, a
/// connection that looks on, and peers that are played by hand.
/// Read next: burst.cpp.
#pragma once

#include "labs/5-runtime/tests/host/setting.hpp"
#include "runtime/ipc.hpp"
#include "runtime/tests/memory.hpp"

#include <functional>

namespace setting {

/// Says a letter each time it runs, and lets others run in between.
inline Task<> say(Frames /*frames*/, std::string* order, char letter, unsigned times) {
    for (unsigned i = 0; i < times; i++) {
        *order += letter;
        co_await rt::yield();
    }
}

/// Says a letter, and ends.
inline Task<> say_once(Frames /*frames*/, std::string* order, char letter) {
    *order += letter;
    co_return;
}

/// Notifies nobody.
inline constexpr rt::Callback quiet{[](void*) {}, nullptr};

/// A connection over which nothing comes. The executor dispatches it in every round, and then it
/// calls `look`; a message that is kept for it goes to `put`.
class Onlooker : public rt::Connection {
public:
    Onlooker(rt::Executor& executor, Memory& memory, rt::Priority priority = 31)
        : Connection(executor, memory.buffer.client(), quiet, priority,
                     {.dispatch = [](Connection& self) { of(self).look(); },
                      .put = [](Connection& self,
                                rt::PromiseBase& promise) { return of(self).put(promise); },
                      .fail = [](Connection&, rt::PromiseBase&) {},
                      .end_calls = [](Connection&) {}}) {
        executor.attach(*this, 60);
    }

    std::function<void()> look = [] {};
    std::function<bool(rt::PromiseBase&)> put = [](rt::PromiseBase&) { return true; };

private:
    static Onlooker& of(Connection& self) { return static_cast<Onlooker&>(self); }
};

/// The other end of a buffer, played by hand: lines go in and out one by one.
class Peer {
public:
    explicit Peer(rt::Ends ends) : ends_(ends) {}

    /// Puts a message in. False if there is no room.
    bool put(uint32_t id, abi::ItemInfo info, std::vector<Word> words) {
        const Word bytes = abi::lines_of(info.length()) * abi::line_bytes;
        if (ends_.out.room() < bytes)
            static_cast<void>(ends_.out.refill());
        if (ends_.out.room() < bytes)
            return false;
        rt::put_message(ends_.out, id, info, words);
        ends_.out.publish();
        return true;
    }
    /// A message of one line, as most are.
    bool put(uint32_t id, unsigned label, std::vector<Word> words) {
        return put(id, abi::ItemInfo::make(label, words.size()), words);
    }

    struct Line {
        uint32_t id = 0;
        abi::ItemInfo info;
        std::vector<Word> words;
    };
    /// Takes all that was published.
    std::vector<Line> take() {
        std::vector<Line> lines;
        while (!ends_.in.stopped() || ends_.in.refill() == rt::Ring::ready) {
            const abi::Item& item = *ends_.in.take(abi::line_bytes).first;
            Line line{item.id.load_relaxed(), {item.info.load_relaxed()}, {}};
            for (unsigned i = 0; i < std::min(line.info.length(), abi::item_words); i++)
                line.words.push_back(item.words[i].load_relaxed());
            lines.push_back(std::move(line));
        }
        ends_.in.publish();
        return lines;
    }

private:
    rt::Ends ends_;
};

} // namespace setting
