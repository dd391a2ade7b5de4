// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Untyped memory against a list of intervals: objects lie where they should, in clean memory, and
/// nobody writes to what lies beside, however often an interrupt comes.
/// Read next: kernel/cap/untyped.hpp.
/// @stage{none}
#include "kernel/tests/host/property.hpp"
#include "kernel/tests/host/world.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace {

using abi::ObjectType;

constexpr Word untyped_bits = 16;
constexpr Word slot_count = 64;

class Model {
public:
    Model() { std::memset(window<char>(base_), 0x77, Word{1} << untyped_bits); }

    void step(const property::Step& step) {
        const auto [what, a, b, data] = step;
        host::interrupts = {.at = data % 3 == 0 ? data / 3 % 8 : host::Interrupts::never};
        if (what % 8 < 5)
            retype(a, b % slot_count, 1 + data % 3);
        else if (what % 8 < 7)
            remove(a % slot_count);
        else if (b % 6 == 0)
            revoke();
    }

    /// What users have in their memory is theirs.
    void check() {
        for (const auto& [slot, object] : objects_) {
            if (object.pattern != 0)
                RC_ASSERT(filled(object.start, object.size, object.pattern));
        }
        RC_ASSERT(untyped_.cap.as<UntypedCap>().watermark() <= Word{1} << untyped_bits);
        RC_ASSERT(whole(untyped_));
    }

private:
    struct Object {
        Word start;
        Word size;
        char pattern; ///< that fills it; 0: it is the kernel's
    };

    [[nodiscard]] bool filled(Word start, Word size, char pattern) const {
        const char* bytes = window<char>(base_ + start);
        return std::all_of(bytes, bytes + size, [=](char byte) { return byte == pattern; });
    }

    /// Where the next objects go; `size` of the untyped if they do not fit.
    [[nodiscard]] Word expected_start(Word size, Word count) const {
        const Word start = ((objects_.empty() ? 0 : watermark_) + size - 1) / size * size;
        return start + size * count <= Word{1} << untyped_bits ? start : Word{1} << untyped_bits;
    }

    void retype(unsigned choice, Word slot, Word count) {
        constexpr ObjectType types[] = {ObjectType::untyped, ObjectType::page,
                                        ObjectType::notification, ObjectType::cnode,
                                        ObjectType::tcb};
        const ObjectType type = types[choice % 5];
        const Word size_bits = type == ObjectType::untyped ? 4 + choice / 5 % 11 : 3;
        const Word size = Word{1} << abi::object_bits(type, size_bits);
        count = std::min(count, slot_count - slot);
        for (Word i = slot; i < slot + count; i++) {
            if (objects_.contains(i))
                return;
        }
        const abi::UntypedRetype message{static_cast<Word>(type), size_bits, 0, 0, slot, count};
        auto result = world_.invoke(untyped_, message, {&root_});
        for (int calls = 0; result == Outcome::preempted; calls++) {
            RC_ASSERT(calls < 20);
            result = world_.invoke(untyped_, message, {&root_});
        }
        const Word start = expected_start(size, count);
        RC_ASSERT(result.has_value() == (start < Word{1} << untyped_bits));
        if (result)
            add(type, slot, count, start, size);
        else
            RC_ASSERT(result.error().first ==
                      (Word{1} << untyped_bits) - (objects_.empty() ? 0 : watermark_));
    }

    void add(ObjectType type, Word slot, Word count, Word start, Word size) {
        const bool users = type == ObjectType::page || type == ObjectType::untyped;
        for (Word i = 0; i < count; i++) {
            RC_ASSERT(in(root_, slot + i).cap.address() == base_ + start + i * size);
            // A thread has been initialised; a smaller untyped clears what it makes.
            if (type != ObjectType::tcb && type != ObjectType::untyped)
                RC_ASSERT(filled(start + i * size, size, 0));
            const char pattern = users ? next_pattern_ : '\0';
            next_pattern_ = static_cast<char>(next_pattern_ == 100 ? 1 : next_pattern_ + 1);
            if (users)
                std::memset(window<char>(base_ + start + i * size), pattern, size);
            objects_[slot + i] = {start + i * size, size, pattern};
        }
        watermark_ = start + count * size;
    }

    template <class Message>
    void until_done(Slot& slot, const Message& message) {
        auto result = world_.invoke(slot, message);
        for (int calls = 0; result == Outcome::preempted; calls++) {
            RC_ASSERT(calls < 1000);
            result = world_.invoke(slot, message);
        }
        RC_ASSERT((result == Outcome::done));
    }

    void remove(Word slot) {
        until_done(root_, abi::CNodeDelete{slot, 64});
        objects_.erase(slot);
    }

    void revoke() {
        until_done(anchor_, abi::CNodeRevoke{0, 64});
        objects_.clear();
        for (Word i = 0; i < slot_count; i++)
            RC_ASSERT(in(root_, i).empty());
    }

    World world_;
    Slot& anchor_ = world_.cnode(1); ///< the untyped is in its first slot
    Slot& root_ = world_.cnode(6);
    PAddr base_ = host::memory(untyped_bits);
    Slot& untyped_ = [this]() -> Slot& {
        in(anchor_, 0).cap = UntypedCap(base_, untyped_bits, false);
        in(anchor_, 0).mdb.set_flags(true, true);
        return in(anchor_, 0);
    }();
    std::map<Word, Object> objects_; ///< by slot
    Word watermark_ = 0;
    char next_pattern_ = 1;
};

} // namespace

TEST_SUITE("models") {
    TEST_CASE("untyped memory") {
        property::holds([](const property::Steps& steps) {
            Model model;
            for (const property::Step& step : steps) {
                model.step(step);
                model.check();
            }
        });
    }
}
