// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two threads on two harts exchange messages through a shared buffer for a long time, in both
/// directions, in bursts of random lengths; each sleeps when nothing has come, or there is no room,
/// for a while. Every word of every message is looked at. The machine's command line says how much
/// it is: `items=N` messages, of both directions, and `seed=N`. A wake-up that is lost is a test
/// that does not end.
/// Read next: runtime/status.hpp.
/// @stage{none}
#include "runtime/buffer.hpp"
#include "runtime/status.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/lib/random.hpp"
#include "user/lib/thread.hpp"

namespace {

using abi::CPtr;
using abi::Word;

constexpr abi::RingLines lines{.requests = 16, .replies = 32};
constexpr Word longest_burst = 48;      ///< longer than either ring
constexpr Word longest_patience = 2000; ///< bursts without news before it sleeps
constexpr Word priority = 200;

alignas(64) constinit std::byte memory[abi::buffer_bytes(lines)] = {};

/// Word `index` of message `number` from this side.
Word word_of(Word side, Word number, unsigned index) {
    return (number * 8 + index) ^ side << 60 ^ number << 32;
}

class Side {
public:
    Side(Word number, const rt::Ends& ends, CPtr own, CPtr other, Word seed)
        : number_(number), ends_(ends), own_(own), other_(other), random_(seed) {}

    /// Until so many messages have gone, and as many have come.
    void exchange(Word count) {
        while (sent_ < count || received_ < count) {
            send_burst(std::min(count - sent_, 1 + random_.below(longest_burst)));
            receive_burst(1 + random_.below(longest_burst));
            end_burst(count);
            if (number_ == 0)
                tell(count);
        }
    }

    Word wrong = 0;
    Word sleeps = 0;
    Word notifications = 0;

private:
    void send_burst(Word most) {
        for (; most != 0; most--) {
            if (ends_.out.stopped() && ends_.out.refill() != rt::Ring::ready)
                return;
            abi::Item& item = ends_.out.next();
            item.id.store_relaxed(static_cast<uint32_t>(sent_));
            item.info.store_relaxed(abi::ItemInfo::make(1, abi::item_words).word);
            for (unsigned i = 0; i < abi::item_words; i++)
                item.words[i].store_relaxed(word_of(number_, sent_, i));
            sent_++;
        }
    }
    void receive_burst(Word most) {
        for (; most != 0; most--) {
            if (ends_.in.stopped() && ends_.in.refill() != rt::Ring::ready)
                return;
            const abi::Item& item = *ends_.in.take(abi::line_bytes).first;
            bool right = item.id.load_relaxed() == static_cast<uint32_t>(received_);
            for (unsigned i = 0; i < abi::item_words; i++)
                right = right && item.words[i].load_relaxed() == word_of(1 - number_, received_, i);
            wrong += right ? 0 : 1;
            received_++;
        }
    }
    /// Publishes; sleeps if nothing can be taken, and nothing can or needs to be put in.
    void end_burst(Word count) {
        const bool idle = !ends_.in.news() && ends_.in.stopped() && received_ < count;
        const bool full = sent_ == count || (ends_.out.stopped() && !ends_.out.news());
        waited_ = idle && full ? waited_ + 1 : 0;
        const bool sleepy = waited_ > patience_;
        const rt::BurstEnd end = rt::end_burst(ends_.out, ends_.in, sleepy);
        if (end.notify) {
            notifications++;
            sel4::signal(other_);
        }
        if (!sleepy || end.news)
            return;
        // Room may come as well as messages.
        if (sent_ < count && !rt::may_wait(ends_.out))
            return;
        sleeps++;
        sel4::wait(own_);
        patience_ = random_.below(longest_patience);
    }
    void tell(Word count) {
        const Word done = received_ + sent_;
        if (done * 5 / count == told_)
            return;
        told_ = done * 5 / count;
        println("ring-stress: ", told_ * 10, "%, ", done, " messages");
    }

    Word number_;
    rt::Ends ends_;
    CPtr own_;
    CPtr other_;
    user::Random random_;
    Word sent_ = 0;
    Word received_ = 0;
    Word told_ = 0;
    Word waited_ = 0;   ///< looks in vain, in a row
    Word patience_ = 0; ///< so many before it sleeps
};

struct Task {
    Side* side;
    Word count;
};

void exchange(Word argument) {
    const Task& task = *reinterpret_cast<const Task*>(argument);
    task.side->exchange(task.count);
}

} // namespace

int main() {
    const Word items = user::boot_number("items=", 2'000'000);
    const Word seed = user::boot_number("seed=", 1);
    rt::SharedBuffer buffer(memory, lines);
    buffer.initialise();
    const CPtr notifications[] = {user::allocator.make(abi::ObjectType::notification),
                                  user::allocator.make(abi::ObjectType::notification)};
    Side client(0, buffer.client(), notifications[0], notifications[1], seed);
    Side server(1, buffer.server(), notifications[1], notifications[0], seed + 1);
    const Task serving{&server, items / 2};
    user::Thread thread;
    if (!thread.create(user::allocator, user::vspace, priority))
        return 2;
    const bool several = user::boot_info().nodes > 1;
    if (several && !sel4::invoke(thread.tcb(), abi::TcbSetAffinity{1}))
        return 2;
    thread.start(exchange, reinterpret_cast<Word>(&serving));
    client.exchange(items / 2);
    thread.join();
    const Word wrong = client.wrong + server.wrong;
    println("ring-stress: ", items, " messages, ", wrong, " wrong, ", client.sleeps + server.sleeps,
            " sleeps, ", client.notifications + server.notifications, " notifications");
    return wrong == 0 ? 0 : 1;
}
