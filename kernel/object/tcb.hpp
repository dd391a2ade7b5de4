// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread: its registers, its spaces, what it waits for. 2048 bytes, made from untyped memory.
///
///     running ──receive──> waiting_for_... ──message, signal──> running
///        │                       │
///        └──suspend──> inactive <┘   inactive ──resume──> restart ──> running
///
/// In state restart the thread makes its last system call again, or begins where its registers say.
/// Guard: the kernel lock.
/// @cond LAB2
/// A thread that runs on another hart must first be stopped there (kernel/sched/remote.hpp),
/// because its registers are that hart's.
/// @endcond
/// Read next: context.hpp, tcb.cpp.
/// @stage{1}
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/config.hpp"
#include "kernel/lib/list.hpp"
#include "kernel/lib/result.hpp"
#include "kernel/object/context.hpp"
/// @cond LAB3
#include "kernel/object/receiver.hpp"
/// @endcond

struct Hart;
struct Notification;

struct alignas(1 << abi::tcb_bits) Tcb {
    /// Capabilities of the thread itself; emptied as those of a CNode when it is deleted.
    enum SlotIndex : unsigned {
        cspace,
        vspace,
        reply,  ///< profile sel4: master of the capability to answer its calls
        caller, ///< profile sel4: the capability to answer who called it
        buffer, ///< the frame with its message buffer
        /// @cond LAB2
        fault_buffer, ///< profile rel4: the frame that its faults are written to
        fault_signal, ///< profile rel4: the notification that tells of them
        /// @endcond
        /// @cond LAB3
        sender_table, ///< of its user interrupts
        badge_page,   ///< the frame in which it reads the badges of its vectors
        /// @endcond
        slot_count
    };

    enum class State : uint8_t {
        inactive,
        running,
        restart,
        waiting_to_receive, ///< in Recv, at whatever the capability names
        /// @cond NONE
        waiting_to_send,
        waiting_for_reply,
        /// @endcond
        waiting_for_signal,
        /// @cond LAB3
        parked, ///< until a user interrupt or a deadline
        /// @endcond
        // What is never in user mode:
        /// @cond LAB6
        serving, ///< asynchronous calls of another thread
        /// @endcond
        idle,
    };

    Slot slots[slot_count];
    Context context;

    State state;
    Prio priority;
    Prio greatest_priority; ///< that it may give to threads (seL4: MCP)
    uint8_t flags;          ///< abi::fpu_disabled
    /// Threads with the same place run in turn.
    struct alignas(2) Place {
        uint8_t domain;
        uint8_t hart; ///< affinity

        bool operator==(Place other) const {
            if constexpr (!config::smp && config::domains == 1)
                return true; // there is only one
            return std::bit_cast<uint16_t>(*this) == std::bit_cast<uint16_t>(other);
        }
    } place;
    uint8_t ticks_left;
    bool queued; ///< in a run queue

    /// What its slot vspace comes to, as long as asid::changes is what it was then: looked up at a
    /// switch to this thread, so that the next ones need not (vspace::switch_to).
    vm::Space space;
    Word space_known_at;

    Word ipc_buffer; ///< address in its VSpace, 0: none
    CPtr fault_handler;

    ListLink<Tcb> run_link;  ///< in a run queue
    ListLink<Tcb> wait_link; ///< in the queue of what it waits for
    Notification* bound;     ///< signals of this one reach it whatever it waits for

    Word waiting_on; ///< physical address of the object it waits for; valid while it waits
    /// @cond NONE
    Badge send_badge;
    bool send_is_call;
    bool may_grant; ///< of the capability that it sends or receives with
    bool may_grant_reply;
    /// @endcond

    /// @cond LAB2
    /// What it did wrong, while it waits for a handler; none while it runs.
    struct {
        abi::Fault type;
        Word words[2];      ///< by type: address and status, syscall number, cause
        bool in_receive;    ///< capability fault
        LookupFault lookup; ///< capability fault
    } fault;
    /// @endcond

    /// @cond LAB3
    Receiver receiver;

    /// What a switch from or to it must look after besides its registers and its space.
    enum Special : uint8_t {
        uses_interrupts = 1, ///< it has a receiver or a sender table, or had
        /// @cond NONE
        uses_fpu = 2, ///< it has touched the unit, whose registers are worth keeping
        /// @endcond
        serves = 4, ///< `interrupts` is not 0: said here, so that one look finds all
    };
    uint8_t special;    ///< bits of Special
    uint8_t interrupts; ///< of devices, that it was told of and will have served when it parks

    /// The time at which it wakes at the latest, should it be parked then, and the hart whose list
    /// of sleepers it is in; 0 and null: it has no deadline.
    Word deadline;
    Hart* sleeps_on;
    ListLink<Tcb> sleep_link; ///< in that list
    /// @endcond

    /// @cond LAB6
    Registration* registration; ///< of its asynchronous system calls, or for which it is serving
    /// @endcond

    static constexpr unsigned name_size = 32;
    char name[name_size]; ///< debug builds

    /// @cond NONE
    FpuContext fpu;
    uint8_t fpu_hart; ///< on which it was loaded last
    /// @endcond

    /// Makes a thread in zeroed memory.
    static Tcb& create(PAddr address);

    [[nodiscard]] Slot& slot(SlotIndex index) { return slots[index]; }
    [[nodiscard]] const Slot& slot(SlotIndex index) const { return slots[index]; }

    [[nodiscard]] bool runnable() const {
        /// @cond LAB6
        if (state == State::serving)
            return true;
        /// @endcond
        return state == State::running || state == State::restart;
    }

    /// The buffer, if it has one that the sender of a message can read (`writable`: that the
    /// receiver can write).
    [[nodiscard]] abi::IpcBuffer* buffer_for(bool writable) const;

    /// Stops it, whatever it does.
    void suspend();
    /// Lets it go on after suspend() or a fault.
    void resume();
    /// Ends what it waits for.
    void cancel_wait();
    /// Before its memory goes: nothing outside of it names it any more. False if there is more to
    /// do.
    [[nodiscard]] bool finalise();
    /// Waits where a system call was interrupted: the pc of the restart is where it would go on.
    void update_restart_pc() { context[Context::pc] = context.next_pc; }
};
static_assert(sizeof(Tcb) <= 1 << abi::tcb_bits);
