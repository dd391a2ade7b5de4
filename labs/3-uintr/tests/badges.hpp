// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A sequence that is drawn from a seed: senders with badges come, send, go; now and then all that
/// is pending is taken. The same in the machine, where it happens, and in the model, which says
/// what must be seen.
///
///     Script script(seed, with_ends);
///     for (Step step = script.next(); step.what != Step::stop; step = script.next()) ...
///
/// Read next: guest/badges.cpp, answers/main.cpp.
#pragma once

#include <stdint.h>

namespace badges {

constexpr unsigned most_senders = 12;

struct Step {
    enum What { make, end, send, take, stop };
    What what;
    unsigned sender; ///< of make, end, send: less than most_senders
    uint64_t badge;  ///< of that sender, not 0
};

class Script {
public:
    /// `with_ends`: senders go, too.
    Script(uint64_t seed, bool with_ends) : state_(seed * 2 + 1), with_ends_(with_ends) {}

    Step next() {
        if (++steps_ > 400)
            return {Step::stop, 0, 0};
        const unsigned sender = static_cast<unsigned>(draw(most_senders));
        if (badges_[sender] == 0) {
            badges_[sender] = 1 + draw(9);
            return {Step::make, sender, badges_[sender]};
        }
        if (draw(5) == 0)
            return {Step::take, 0, 0};
        const uint64_t badge = badges_[sender];
        if (!with_ends_ || draw(4) != 0)
            return {Step::send, sender, badge};
        badges_[sender] = 0;
        return {Step::end, sender, badge};
    }
    /// Has any sender this badge?
    [[nodiscard]] bool lives(uint64_t badge) const {
        for (const uint64_t other : badges_) {
            if (other == badge)
                return true;
        }
        return false;
    }

private:
    uint64_t draw(uint64_t end) {
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        return (state_ >> 33) % end;
    }

    uint64_t state_;
    bool with_ends_;
    unsigned steps_ = 0;
    uint64_t badges_[most_senders] = {};
};

/// What was taken, as one number: in which order badges come at one time does not matter.
class Digest {
public:
    /// One of the badges that are taken now; 0 does not count.
    void add(uint64_t badge) {
        uint64_t mixed = badge * 0x9e37'79b9'7f4a'7c15;
        mixed = (mixed ^ mixed >> 29) * badge;
        sum_ += mixed;
    }
    /// All that were taken at this time were added.
    void close() {
        number_ = (number_ ^ sum_) * 0x1000'0000'01b3 + 1;
        sum_ = 0;
    }
    [[nodiscard]] uint64_t number() const { return number_; }

private:
    uint64_t sum_ = 0;
    uint64_t number_ = 0xcbf2'9ce4'8422'2325;
};

} // namespace badges
