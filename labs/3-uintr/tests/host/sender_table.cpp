// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Entries of sender tables: what is written, when hardware sees it, and how they go.
#include "labs/3-uintr/tests/host/remote.hpp"
#include "labs/3-uintr/tests/host/setting.hpp"

#include <bit>
#include <map>

namespace {

/// What a test looks at whenever hardware sees a change.
const SenderEntry* watched_entry = nullptr;
const Receiver* watched_receiver = nullptr;
Word watched_vector = 0;
PAddr watched_table;
SenderEntry published = {};
bool was_published = false; ///< the entry: whole when it is filled, not valid when it is cleared
bool was_settled = false;   ///< after that
bool was_free = false;      ///< the vector, before that

/// An entry is filled. A change of a receiver's registers shows it, too.
void watch_fill() {
    published = *watched_entry;
    was_published = true;
}

void look_at_vector() {
    const bool taken = (watched_receiver->vectors >> watched_vector & 1) != 0;
    was_free = was_free || (!taken && !was_settled);
}

/// An entry is cleared.
void watch_clear() {
    was_published = was_published || watched_entry->valid == 0;
    look_at_vector();
}

void watch_settle(PAddr table) {
    look_at_vector();
    was_settled = was_settled || (was_published && table == watched_table);
}

/// A notification that is registered for a thread, and a table.
struct Registered : Setting {
    Slot& owner = thread();
    Slot& notified = notification();
    Slot& senders = table();
    Word kernels = receives(notified, owner);

    Word vector_of(Word badge) { return *vectors::of_badge(object(notified), Badge(badge)); }
};

} // namespace

TEST_CASE("entry-fields: an entry names the receiver and the badge's vector, and is valid") {
    alone([] {
        Registered at;
        Draw draw;
        for (unsigned i = 0; i < 20; i++) {
            const Word badge = 1 + i * 1000 + draw.below(1000);
            const Word index = at.sender(at.badged(at.notified, badge), at.senders);
            const SenderEntry& entry = at.entry(at.senders, index);
            expect_equal("valid", 1, entry.valid);
            expect_equal("receiver", at.receiver(at.owner).index, entry.receiver);
            if (expect("the vector is one of 64", entry.vector < abi::user_vectors))
                expect_equal("badge of the vector", badge, at.badge_of(entry.vector));
            else
                return;
            expect_equal("capabilities", 1, entry.capabilities);
            expect_equal("entries that name the vector", 1,
                         at.receiver(at.owner).senders[entry.vector]);
            at.sender(at.badged(at.notified, badge), at.senders);
            expect_equal("capabilities, when another one has the same badge", 2,
                         entry.capabilities);
        }
    });
}

TEST_CASE("entry-whole: hardware is told of an entry once all of it is there") {
    alone([] {
        Registered at;
        at.use(at.senders);
        Slot& cap = at.badged(at.notified, 5);
        watched_entry = &at.entry(at.senders, 0);
        uintc::observer = watch_fill;
        const bool done = at.register_sender(cap) == Outcome::done;
        uintc::observer = nullptr;
        expect("a sender is registered", done && at.world.answer(0) == 0);
        expect("an entry is published (a fence) when it is written", was_published);
        expect_equal("valid, when it was published last", 1, published.valid);
        expect_equal("receiver, then", at.receiver(at.owner).index, published.receiver);
        expect_equal("vector, then", at.vector_of(5), published.vector);
    });
}

TEST_CASE("entry-counted: when the receiver's thread goes, every entry that names it is cleared") {
    alone([] {
        Registered at;
        Slot& other = at.table();
        for (Word i = 0; i < 10; i++)
            at.sender(at.badged(at.notified, i + 1), (i % 3 == 0) ? other : at.senders);
        const Word index = at.receiver(at.owner).index;
        at.remove(at.owner);
        for (Slot* table : {&at.senders, &other}) {
            for (Word i = 0; i < abi::sender_entries; i++) {
                if (!expect_equal("valid entries for a receiver that is gone", 0,
                                  at.entry(*table, i).valid))
                    return;
            }
        }
        Slot& next = at.thread();
        at.receives(at.notification(), next);
        expect_equal("the receiver of the next thread", index, at.receiver(next).index);
    });
}

TEST_CASE("entry-refused: without a vector nothing is written, and nothing counted") {
    alone([] {
        Registered at;
        for (unsigned i = 1; i < abi::user_vectors; i++)
            at.receives(at.notification(), at.owner);
        at.use(at.senders);
        const auto result = at.register_sender(at.badged(at.notified, 9));
        expect_equal("the error when all vectors are the kernel's",
                     std::string(abi::text(abi::Error::delete_first)),
                     std::string(abi::text(error_of(result))));
        for (Word i = 0; i < abi::sender_entries; i++)
            expect_equal("valid entries", 0, at.entry(at.senders, i).valid);
        at.use(at.world.empty_slot());
        at.remove(at.senders); // comes to an end if no entry is counted
    });
}

TEST_CASE("clear-order: an entry is invalid for hardware before its vector is free") {
    alone([] {
        Registered at;
        Slot& cap = at.badged(at.notified, 5);
        const Word index = at.sender(cap, at.senders);
        const SenderEntry& entry = at.entry(at.senders, index);
        watched_entry = &entry;
        watched_receiver = &at.receiver(at.owner);
        watched_vector = entry.vector;
        watched_table = at.senders.cap.address();
        uintc::observer = watch_clear;
        on_settle = watch_settle;
        at.remove(cap);
        uintc::observer = nullptr;
        expect("the entry is made invalid, and that is published (a fence)", was_published);
        expect("then no hart is in the midst of a send by it (remote::settle_senders)",
               was_settled);
        expect_equal("is the vector free before that", 0, was_free ? 1 : 0);
        expect_equal("valid", 0, entry.valid);
        expect_equal("receiver of an entry that is not valid", 0, entry.receiver);
        expect_equal("vectors of the thread", bit(at.kernels), at.receiver(at.owner).vectors);
        expect_equal("badge page at a vector that is free", 0, at.badge_of(watched_vector));
    });
}

TEST_CASE("clear-last: a vector is given back with the last entry that names it, in any table") {
    alone([] {
        Registered at;
        Draw draw;
        Slot* const tables[] = {&at.senders, &at.table(), &at.table()};
        struct Sender {
            Slot* cap;
            Word badge;
        };
        std::vector<Sender> senders;
        std::map<Word, unsigned> live;
        for (unsigned step = 0; step < 300; step++) {
            if (senders.size() < 4 || (senders.size() < 30 && draw.below(2) == 0)) {
                const Word badge = 1 + draw.below(10);
                Slot& cap = at.badged(at.notified, badge);
                at.sender(cap, *tables[draw.below(3)]);
                senders.push_back({&cap, badge});
                live[badge]++;
            } else {
                const Word index = draw.below(senders.size());
                at.remove(*senders[index].cap);
                live[senders[index].badge]--;
                senders.erase(senders.begin() + static_cast<std::ptrdiff_t>(index));
            }
            for (const auto& [badge, count] : live) {
                const bool has =
                    vectors::of_badge(at.object(at.notified), Badge(badge)).has_value();
                if (!expect_equal("has badge " + std::to_string(badge) + ", with " +
                                      std::to_string(count) + " senders, a vector",
                                  count != 0, has))
                    return;
            }
        }
    });
}

TEST_CASE("clear-table: a table with many entries goes, and their vectors are free again") {
    alone([] {
        Registered at;
        std::vector<Slot*> caps;
        for (Word i = 0; i < 40; i++) {
            caps.push_back(&at.badged(at.notified, i + 1));
            at.sender(*caps.back(), at.senders);
        }
        at.use(at.world.empty_slot());
        at.remove(at.senders);
        expect_equal("vectors of the thread", bit(at.kernels), at.receiver(at.owner).vectors);
        Slot& next = at.table();
        for (Slot* cap : caps)
            at.sender(*cap, next);
        expect_equal("vectors of the thread when all are registered in the next table", 41,
                     static_cast<Word>(std::popcount(at.receiver(at.owner).vectors)));
    });
}
