// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A program in an address space and a CSpace of its own, made from an ELF image and started.
///
///     0x10000       the image's segments
///     ...           a page that is not mapped, stack, message buffer, start block, UART
///     ...           for the program's own use, up to abi::user_top
///
/// All of it is made from one untyped: destroying the process revokes that, and nothing is left,
/// whatever the program did with its memory.
/// Read next: start_block.hpp, user/root/main.cpp.
/// @stage{2}
#pragma once

#include "user/lib/elf.hpp"
#include "user/lib/fault.hpp"
/// @cond LAB5
#include "user/lib/peer_space.hpp"
/// @endcond
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"

namespace user {

class Process {
public:
    /// What is the same for all programs, and may be left as it is.
    struct Options {
        unsigned memory_bits = 21;     ///< log2 of all its memory
        unsigned own_memory_bits = 19; ///< log2 of what it may use itself
        Word slots = 512;              ///< for its objects
        Word priority = 100;
        FaultWatch* watch = nullptr; ///< is told of its end and its faults, with
        Word badge = 0;              ///< this badge
        DeviceFrame uart = {};       ///< what its console writes to
        /// @cond LAB5
        bool peers = false; ///< has it a broker?
        Word hart = 0;      ///< on which it runs
        Word harts = 1;
        Word ticks_per_second = 0;
        /// @endcond
    };

    /// Builds it. False if the image is bad, or memory or slots are used up: then it is destroyed.
    bool create(const Elf& elf, std::string_view name, const Options& options);

    /// Gives a copy of a capability along, under a name, with a badge or guard if that is not 0.
    /// @pre it was created and not started.
    bool grant(std::string_view name, CPtr cap, Word rights = abi::all_rights, Word badge = 0);

    void start();
    /// @cond LAB5

    /// Lets it go on after a fault that was mended.
    void resume() { sel4::tcb_resume(tcb_); }
    /// What its peers share with it.
    [[nodiscard]] PeerSpace& peers() { return peers_; }
    /// What it has left of its memory, for what others make of it.
    [[nodiscard]] Allocator& memory() { return inner_; }
    /// @endcond

    /// Has it ended by itself, and with which code?
    [[nodiscard]] bool exited() const;
    [[nodiscard]] unsigned exit_code() const;

    /// Stops it wherever it is and takes everything back.
    void destroy();

private:
    static constexpr Word most_slots = 1600;
    static constexpr unsigned cnode_bits = 10;
    static constexpr unsigned stack_pages = 8;

    bool take_memory(const Options& options);
    bool build(const Elf& elf, std::string_view name, const Options& options);
    bool load(const Elf& elf);
    bool load_segment(const Elf::Segment& segment);
    bool load_page(const Elf::Segment& segment, Word page, CPtr frame);
    bool map_stack_and_buffer();
    bool map_block(const Options& options);
    bool fill_cspace(const Options& options);
    bool configure(const Options& options);
    bool give_memory(unsigned bits);
    bool give_watch(const Options& options);
    bool give(CPtr slot, CPtr cap, Word rights = abi::all_rights, Word badge = 0);
    /// @cond LAB5
    bool give_peers(const Options& options);
    /// @endcond

    // A process that was not created is all zero, so that an array of them takes no room in an ELF
    // file (and because g++ 12 gets some other constant arrays wrong).
    Allocator::Record records_[most_slots] = {};
    Allocator inner_{{}}; ///< makes the process's objects
    VSpace space_;        ///< the process's
    CPtr memory_ = 0;
    CPtr first_slot_ = 0;
    Word slots_ = 0;
    CPtr cnode_ = 0;
    CPtr tcb_ = 0;
    CPtr buffer_frame_ = 0;
    CPtr next_slot_ = 0; ///< in the process's CNode
    Word entry_ = 0;
    Word stack_ = 0;              ///< its end; the message buffer lies there
    Word block_address_ = 0;      ///< in the process
    StartBlock* block_ = nullptr; ///< here
    Word home_ = 0;               ///< addresses here, that the next process uses again
    /// @cond LAB5
    PeerSpace peers_;
    /// @endcond
};

} // namespace user
