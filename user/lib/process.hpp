// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A program in an address space and a CSpace of its own, made from an ELF image and started.
///
///     0x10000       the image's segments
///     ...           a page that is not mapped, stack, message buffer, start block, UART
///     ...           for the program's own use, up to abi::user_top
///
/// All of it is made from one untyped, as large as the image and the program's needs want it:
/// destroying the process revokes that, and nothing is left, whatever the program did with its
/// memory.
/// Read next: plan.hpp, start_block.hpp, user/root/main.cpp.
/// @stage{2}
#pragma once

#include "user/lib/elf.hpp"
#include "user/lib/fault.hpp"
#include "user/lib/plan.hpp"
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
        Word priority = 100;
        FaultWatch* watch = nullptr; ///< is told of its end and its faults, with
        Word badge = 0;              ///< this badge
        DeviceFrame uart = {};       ///< what its console writes to
        /// @cond LAB5
        bool peers = false;      ///< has it a broker, and
        Word bytes_for_peer = 0; ///< how much is to be remembered of each?
        Word hart = 0;           ///< on which it runs
        Word harts = 1;
        Word ticks_per_second = 0;
        /// @endcond
        /// @cond LAB7
        std::string_view arguments = {}; ///< the machine's command line
        SipKey seed = {};                ///< of the secrets of all programs
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
    void resume() { sel4::tcb_resume(slot(Plan::tcb)); }
    /// What its peers share with it.
    [[nodiscard]] PeerSpace& peers() { return peers_; }
    /// What it has left of its memory, for what others make of it.
    [[nodiscard]] Allocator& memory() { return inner_; }
    /// Memory for what is to be remembered of its peers, aligned like a word. As long as it is not
    /// destroyed.
    [[nodiscard]] void* remembered() const { return remembered_; }
    /// @endcond
    /// Bytes of all its memory, and slots of this program that it takes.
    [[nodiscard]] Word memory_bytes() const { return bytes_; }
    [[nodiscard]] Word slots() const { return slots_; }

    /// Has it ended by itself, and with which code?
    [[nodiscard]] bool exited() const;
    [[nodiscard]] unsigned exit_code() const;

    /// Stops it wherever it is and takes everything back.
    void destroy();

private:
    /// Addresses here: the start block, and books.
    static constexpr Word home_bytes = Word{512} * 1024;

    bool take_memory(const Plan& plan);
    bool make_objects(const Plan& plan);
    bool open_books(const Plan& plan, const Needs& needs, const Options& options);
    bool build(const Elf& elf, const Plan& plan, std::string_view name, const Options& options);
    bool load(const Elf& elf);
    bool load_segment(const Elf::Segment& segment, CPtr frames);
    bool load_page(const Elf::Segment& segment, Word page, CPtr frame);
    bool map_row(Word address, Word first, Word count);
    bool map_stack_and_buffer(const Plan& plan);
    bool map_block(const Plan& plan, const Options& options);
    bool fill_cspace(const Plan& plan, const Options& options);
    bool configure(const Plan& plan, const Options& options);
    bool give_watch(const Options& options);
    bool give(CPtr to, CPtr cap, Word rights = abi::all_rights, Word badge = 0);
    /// @cond LAB5
    bool give_peers(const Plan& plan, const Options& options);
    /// @endcond
    [[nodiscard]] CPtr slot(Plan::Slot part) const { return first_slot_ + part; }
    /// In the process's CNode: those before are its own.
    [[nodiscard]] CPtr first_slot_of_peers() const {
        Word end = Word{1} << cnode_bits_;
        /// @cond LAB5
        end -= slots_of_peer * places_.size();
        /// @endcond
        return end;
    }
    [[nodiscard]] CPtr frame(Word index) const { return slot(Plan::first_frame) + index; }

    // A process that was not created is all zero, so that an array of them takes no room in an ELF
    // file (and because g++ 12 gets some other constant arrays wrong).
    Allocator inner_{{}}; ///< makes what it needs later
    VSpace space_;        ///< the process's
    CPtr memory_ = 0;
    CPtr first_slot_ = 0; ///< of a row, as Plan::Slot says
    Word slots_ = 0;
    Word bytes_ = 0;
    unsigned cnode_bits_ = 0;
    bool has_thread_ = false;
    CPtr next_slot_ = 0; ///< in the process's CNode
    Word entry_ = 0;
    Word stack_ = 0;              ///< its end; the message buffer lies there
    Word block_address_ = 0;      ///< in the process
    StartBlock* block_ = nullptr; ///< here
    Word home_ = 0;               ///< addresses here, that the next process uses again
    /// @cond LAB5
    PeerSpace peers_;
    std::span<PeerSpace::Place> places_; ///< in books
    void* remembered_ = nullptr;         ///< there too
    /// @endcond
};

} // namespace user
