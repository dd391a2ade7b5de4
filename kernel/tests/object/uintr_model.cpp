// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Random registrations, signals of hardware and deletions, in any order and interrupted anywhere,
/// against a model that only remembers which capability is registered where. After each step the
/// tables of senders, the receivers and the capabilities must agree.
/// Read next: kernel/object/sender_table.hpp, uintr.hpp.
/// @stage{none}
#include "kernel/tests/host/property.hpp"
#include "kernel/tests/object/uintr.hpp"

#include <map>
#include <set>

namespace {

constexpr unsigned kinds = 3; ///< so many threads, notifications, tables

/// A capability with a badge, and the table in which it was registered last; 0: in none. Tables
/// have numbers of the model: one that goes never comes back.
struct Sender {
    Slot* slot;
    unsigned notification;
    Word badge;
    Word table;
};

class Model {
public:
    Model() {
        for (unsigned i = 0; i < kinds; i++) {
            threads_[i] = &at_.thread();
            notifications_[i] = &at_.notification();
            new_table(i);
        }
    }

    void step(const property::Step& step) {
        const auto [what, a, b, data] = step;
        host::interrupts = {};
        switch (what % 9) {
        case 0:
        case 1:
            return register_receiver(a % kinds, b % kinds);
        case 2:
        case 3:
        case 4:
            return register_sender(a % kinds, b % kinds, data % 4, data / 4);
        case 5:
            return delete_sender(a);
        case 6:
            return delete_table(a % kinds, data);
        case 7:
            return delete_thread(a % kinds, data);
        default:
            return delete_notification(a % kinds);
        }
    }

    void check() {
        std::map<std::pair<Word, Word>, Word> named; // entries, by receiver and vector
        for (unsigned i = 0; i < kinds; i++)
            check_table(i, named);
        for (unsigned i = 0; i < kinds; i++)
            check_thread(i, named);
        for (const auto& [target, count] : named)
            RC_ASSERT(vectors::thread(target.first) != nullptr || dying_ != nullptr);
        check_numbers();
    }

private:
    [[nodiscard]] Notification& notification(unsigned i) const {
        return Users::cap(*notifications_[i]).object();
    }

    void new_table(unsigned i) {
        tables_[i] = &at_.table();
        identities_[i] = ++last_table_;
    }

    void register_receiver(unsigned n, unsigned t) {
        const bool can = !notification(n).registered() && threads_[t] != dying_;
        RC_ASSERT((at_.register_receiver(*notifications_[n], *threads_[t]) == Outcome::done) ==
                  can);
    }

    /// With a new capability, or one that is there already.
    void register_sender(unsigned n, unsigned t, Word badge, unsigned choice) {
        if (choice % 3 != 0 || senders_.empty())
            senders_.push_back({&at_.badged(*notifications_[n], badge), n, badge, 0});
        Sender& sender = choice % 3 != 0 ? senders_.back() : senders_[choice / 3 % senders_.size()];
        at_.use(*tables_[t]);
        const bool elsewhere = sender.table != identities_[t] && alive(sender.table);
        const bool can = notification(sender.notification).registered() && !elsewhere;
        const auto result = at_.register_sender(*sender.slot);
        RC_ASSERT((result == Outcome::done) == can);
        if (!can)
            return;
        sender.table = identities_[t];
        const SenderEntry& entry = Users::entries(*tables_[t])[at_.world.answer(0)];
        const Tcb& tcb = *notification(sender.notification).bound();
        RC_ASSERT(entry.valid == 1);
        RC_ASSERT(vectors::thread(entry.receiver) == &tcb);
        RC_ASSERT(tcb.receiver.badges[entry.vector] == sender.badge);
        RC_ASSERT((notification(sender.notification).vectors() >> entry.vector & 1) == 1U);
    }

    [[nodiscard]] bool alive(Word identity) const {
        return identity != 0 && std::ranges::find(identities_, identity) != std::end(identities_);
    }

    void delete_sender(unsigned a) {
        if (senders_.empty())
            return;
        const auto sender = senders_.begin() + static_cast<ptrdiff_t>(a % senders_.size());
        Users::remove(*sender->slot);
        senders_.erase(sender);
    }

    void delete_table(unsigned t, unsigned data) {
        at_.use(at_.world.empty_slot());
        host::interrupts.at = data % 4;
        Users::remove(*tables_[t]);
        new_table(t);
    }

    /// To the end, or only as far as the first interrupt: the rest comes with the next one.
    void delete_thread(unsigned t, unsigned data) {
        if (dying_ != nullptr)
            return finish_thread();
        host::interrupts.always = data % 2 == 0;
        const Outcome outcome = finalise::remove(*threads_[t], true);
        host::interrupts = {};
        dying_ = threads_[t];
        if (outcome == Outcome::done || !dying_->cap.is<ThreadCap>())
            finish_thread();
    }
    void finish_thread() {
        Users::remove(*dying_);
        *std::ranges::find(threads_, dying_) = &at_.thread();
        dying_ = nullptr;
    }

    void delete_notification(unsigned n) {
        Users::destroy(*notifications_[n]);
        std::erase_if(senders_, [=](const Sender& sender) { return sender.notification == n; });
        notifications_[n] = &at_.notification();
    }

    /// Entries count their capabilities; valid ones are added to `named`.
    void check_table(unsigned t, std::map<std::pair<Word, Word>, Word>& named) const {
        std::map<Word, Word> counted;
        for (const Sender& sender : senders_) {
            if (sender.table == identities_[t])
                counted[Users::cap(*sender.slot).entry()]++;
        }
        for (Word i = 0; i < abi::sender_entries; i++) {
            const SenderEntry& entry = Users::entries(*tables_[t])[i];
            RC_ASSERT(entry.capabilities == (counted.contains(i) ? counted.at(i) : 0));
            RC_ASSERT((entry.valid == 1 ? entry.receiver != 0 && entry.capabilities != 0
                                        : entry.valid == 0 && entry.receiver == 0));
            if (entry.valid != 0)
                named[{entry.receiver, entry.vector}]++;
        }
    }

    void check_thread(unsigned t, const std::map<std::pair<Word, Word>, Word>& named) const {
        const Tcb& tcb = Users::tcb(*threads_[t]);
        Word used = 0;
        for (unsigned n = 0; n < kinds; n++) {
            const Notification& one = notification(n);
            RC_ASSERT(one.invariant());
            if (!one.registered() || one.bound() != &tcb)
                continue;
            RC_ASSERT((used & one.vectors()) == 0U);
            used |= one.vectors();
            for (Word v = 0; v < abi::user_vectors; v++) {
                if ((one.vectors() >> v & 1) == 0)
                    continue;
                const auto entries = named.find({tcb.receiver.index, v});
                const Word count = entries == named.end() ? 0 : entries->second;
                RC_ASSERT(count == tcb.receiver.senders[v]);
                RC_ASSERT((count == 0) == (v == one.kernel_vector()));
            }
        }
        RC_ASSERT((tcb.receiver.registers != nullptr) == (used != 0));
        RC_ASSERT((used == 0 || tcb.receiver.vectors == used));
    }

    /// Capabilities of one table know one number, those of others another one: also of tables that
    /// are gone.
    void check_numbers() const {
        std::map<Word, Word> numbers;
        std::set<Word> seen;
        for (const Sender& sender : senders_) {
            const Word number = Users::cap(*sender.slot).table();
            RC_ASSERT((number != 0) == (sender.table != 0));
            if (number == 0 || !numbers.emplace(sender.table, number).second) {
                RC_ASSERT((number == 0 || numbers[sender.table] == number));
                continue;
            }
            RC_ASSERT(seen.insert(number).second);
        }
    }

    Users at_;
    Slot* threads_[kinds] = {};
    Slot* notifications_[kinds] = {};
    Slot* tables_[kinds] = {};
    Word identities_[kinds] = {};
    Word last_table_ = 0;
    std::vector<Sender> senders_;
    Slot* dying_ = nullptr;
};

} // namespace

TEST_SUITE("user interrupts") {
    TEST_CASE("registrations and deletions in any order leave tables that agree") {
        property::holds([](const property::Steps& steps) {
            Model model;
            for (const property::Step& step : steps) {
                model.step(step);
                model.check();
            }
        });
    }
}
