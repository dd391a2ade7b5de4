// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The real shared word, used by real threads. ThreadSanitizer fails the program if release and
/// acquire do not order what they should.
/// Read next: runtime/shared_word.hpp.
/// @stage{5}
#include "runtime/shared_word.hpp"

#include <doctest/doctest.h>

#include <thread>

using rt::SharedWord;

namespace {

enum class Status : uint32_t { running, armed };

constexpr uint32_t rounds = 20'000;

} // namespace

TEST_SUITE("shared word") {
    TEST_CASE("does what a variable would do") {
        SharedWord<uint64_t> word{5};
        CHECK(word.load_relaxed() == 5);
        word.store_relaxed(uint64_t{1} << 63);
        CHECK(word.load_acquire() == uint64_t{1} << 63);
        CHECK(word.fetch_or(3) == uint64_t{1} << 63);
        CHECK(word.exchange(7) == ((uint64_t{1} << 63) | 3));
        CHECK_FALSE(word.compare_exchange(8, 9));
        CHECK(word.compare_exchange(7, 9));
        CHECK(word.load_relaxed() == 9);
        SharedWord<Status> status;
        CHECK(status.load_relaxed() == Status::running);
        status.store_release(Status::armed);
        CHECK(status.exchange(Status::running) == Status::armed);
    }

    TEST_CASE("release and acquire order plain accesses, in both directions") {
        SharedWord<uint32_t> full;
        uint32_t item = 0;
        bool right = true;
        std::thread reader([&] {
            for (uint32_t i = 1; i <= rounds; i++) {
                while (full.load_acquire() == 0) {
                }
                right = right && item == i;
                full.store_release(0);
            }
        });
        for (uint32_t i = 1; i <= rounds; i++) {
            while (full.load_acquire() != 0) {
            }
            item = i;
            full.store_release(1);
        }
        reader.join();
        CHECK(right);
    }

    TEST_CASE("exchange and compare_exchange are a lock") {
        SharedWord<Status> lock;
        uint32_t count = 0;
        const auto counts = [&](bool compares) {
            for (uint32_t i = 0; i < rounds; i++) {
                while (compares ? !lock.compare_exchange(Status::running, Status::armed)
                                : lock.exchange(Status::armed) == Status::armed) {
                }
                count++;
                lock.store_release(Status::running);
            }
        };
        std::thread other(counts, true);
        counts(false);
        other.join();
        CHECK(count == 2 * rounds);
    }

    TEST_CASE("two stores, each with a full fence behind it, are not both missed") {
        SharedWord<uint32_t> round[2];
        SharedWord<uint32_t> seen[2];
        uint32_t missed = 0;
        const auto steps = [&](unsigned self) {
            for (uint32_t i = 1; i <= rounds; i++) {
                round[self].store_relaxed(i);
                rt::fence_full();
                seen[self].store_release(2 * i + (round[1 - self].load_relaxed() >= i ? 1 : 0));
                while (seen[1 - self].load_acquire() / 2 < i) {
                }
                if (self == 0 && (seen[0].load_relaxed() & 1) == 0)
                    missed += (seen[1].load_relaxed() == 2 * i) ? 1 : 0;
            }
        };
        std::thread other(steps, 1);
        steps(0);
        other.join();
        CHECK(missed == 0);
    }
}
