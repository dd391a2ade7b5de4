// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Everything that fuzz threads can reach, made from one untyped, so that revoking that takes all
/// of it back, whatever they have done:
///
///     threads, all on one CSpace     2^8 slots, half of them full of random objects
///     home, their address space      the program, read-only; for each thread a page and a stack
///
/// Of what the world itself needs (the program's mapping, pages, stacks, threads) the fuzzers have
/// no capability with which they could destroy it; but threads they can stop and change, and then
/// the supervisor starts them anew.
/// Read next: main.cpp.
/// @stage{none}
#pragma once

#include "user/fuzz/caller.hpp"
#include "user/fuzz/faults.hpp"
#include "user/lib/program.hpp"

namespace fuzz {

class World {
public:
    /// Takes the untyped and the slots it will use ever after. False if there are none.
    /// `faults` is what tells the supervisor of faults (see faults.hpp).
    bool reserve(Faults& faults);

    /// Makes everything. Null, or what could not be made: then the kernel has lost something.
    const char* create(Random& random);

    /// Starts threads that made no call since the last time. Answers how many.
    unsigned restart_idle(Random& random);

    /// Takes everything back. Null, or what did not come back.
    const char* destroy();

    /// Starts a thread from its beginning, wherever it is.
    void start(unsigned index, Random& random);

    [[nodiscard]] State& state(unsigned thread) { return *pages_[thread]; }

private:
    static constexpr unsigned memory_bits = 22;
    static constexpr Word own_slots = 512;
    static constexpr unsigned irqs = 4;

    bool make_spaces();
    bool map_program();
    bool make_thread(unsigned index);
    bool map_page(CPtr frame, unsigned index);
    bool fill(Random& random);
    bool give(CPtr source, CPtr slot, Kind kind, Word badge = 0);
    bool fill_memory(Random& random);
    bool fill_objects(Random& random);
    bool give_irqs();
    bool give_uintr_control();

    Faults* faults_ = nullptr;
    CPtr memory_ = 0;
    CPtr first_slot_ = 0;
    user::Allocator::Record records_[own_slots] = {};
    user::Allocator inner_{records_}; ///< of the world's memory
    user::VSpace home_{inner_};
    CPtr cnode_ = 0;
    CPtr tcbs_[threads] = {};
    CPtr irq_slots_ = 0;
    CPtr image_copies_ = 0;
    State* pages_[threads] = {};
    CPtr page_frames_[threads] = {};
    Word addresses_[threads] = {}; ///< of pages_, here
    Word seen_[threads] = {};      ///< calls when it was looked at last
    Kind kinds_[slots] = {};       ///< what is in the CSpace at the beginning
};

} // namespace fuzz
