// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What each kind of capability says: a view is a capability that is known to be of its kind.
/// Views are values; a changed one must be stored in its slot again.
///
///     kind         word 0, bits 24:5                          word 1
///     cnode        radix 10:5, guard size 16:11               guard
///     untyped      size 10:5, device 11                       watermark 34:0, clean 61:35
///     thread       -                                          -
///     notification rights 6:5                                 badge
/// @cond LAB3
///                  sender table 15:7, entry 24:16
/// @endcond
/// @cond NONE
///     endpoint     rights 8:5                                 badge
///     reply        grant 7, master 9                          -
/// @endcond
///     frame        rights 8:5, size 10:9, device 11           address 63:25, asid 15:0
///     page_table   mapped 5                                   address 63:25, asid 15:0
///     asid_pool    -                                          first asid
///     irq_handler  -                                          irq
///     zombie       radix 10:5, of a thread 11                 slots that are left
///
/// Read next: slot.hpp, cspace.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/cap/cap.hpp"
#include "kernel/vm/space.hpp"

struct Slot;
struct Tcb;
struct Notification;
struct AsidPool;
class PageTable;
/// @cond LAB6
class Registration;
/// @endcond
/// @cond NONE
struct Endpoint;
/// @endcond

/// A table of 2^radix slots. A lookup that comes to it must continue with the guard.
struct CNodeCap : Cap {
    static constexpr CapType type_of = CapType::cnode;
    using Radix = Field<5, 6>;
    using GuardSize = Field<11, 6>;

    CNodeCap(PAddr slots, unsigned radix, Word guard = 0, unsigned guard_size = 0)
        : Cap(type_of, slots, Radix::make(radix) | GuardSize::make(guard_size), guard) {}

    [[nodiscard]] Slot* slots() const { return window<Slot>(address()); }
    [[nodiscard]] unsigned radix() const { return static_cast<unsigned>(Radix::of(first_)); }
    [[nodiscard]] unsigned guard_size() const {
        return static_cast<unsigned>(GuardSize::of(first_));
    }
    [[nodiscard]] Word guard() const { return second_; }
    [[nodiscard]] CNodeCap with_guard(Word guard, unsigned guard_size) const {
        return {address(), radix(), guard, guard_size};
    }
};

/// Memory that has no type yet. Objects are made from its start upwards.
///
///     base          watermark         clean              base + 2^size_bits
///     | objects      | free, all zero  | free, not zero    |
struct UntypedCap : Cap {
    static constexpr CapType type_of = CapType::untyped;
    using SizeBits = Field<5, 6>;
    using Device = Field<11, 1>;
    using Watermark = Field<0, 35>; ///< in units of 16 bytes; 2^34 of them are the most
    using Clean = Field<35, 27>;    ///< in units of 4 KiB; 2^26 of them are the most
    static constexpr unsigned watermark_unit = abi::least_untyped_bits;
    static constexpr unsigned clean_unit = abi::page_bits;

    UntypedCap(PAddr base, unsigned size_bits, bool device)
        : Cap(type_of, base, SizeBits::make(size_bits) | Device::make(device), 0) {}

    [[nodiscard]] PAddr base() const { return address(); }
    [[nodiscard]] unsigned size_bits() const { return static_cast<unsigned>(SizeBits::of(first_)); }
    [[nodiscard]] Word size() const { return Word{1} << size_bits(); }
    [[nodiscard]] bool device() const { return Device::of(first_) != 0; }
    /// Offset of the first free byte.
    [[nodiscard]] Word watermark() const { return Watermark::of(second_) << watermark_unit; }
    /// Up to this offset, rounded down to a page, free memory is zero.
    [[nodiscard]] Word clean() const { return Clean::of(second_) << clean_unit; }

    /// @pre offset is a multiple of 16, at most size().
    [[nodiscard]] UntypedCap with_watermark(Word offset) const {
        UntypedCap result = *this;
        result.second_ = Watermark::put(second_, offset >> watermark_unit);
        return result;
    }
    /// @pre offset is a multiple of 4096, at most size().
    [[nodiscard]] UntypedCap with_clean(Word offset) const {
        UntypedCap result = *this;
        result.second_ = Clean::put(second_, offset >> clean_unit);
        return result;
    }
};

struct ThreadCap : Cap {
    static constexpr CapType type_of = CapType::thread;

    explicit ThreadCap(PAddr tcb) : Cap(type_of, tcb, 0, 0) {}
    [[nodiscard]] Tcb& object() const { return *window<Tcb>(address()); }
};

/// The right to signal (write) or wait (read), with a badge that tells signals apart.
struct NotificationCap : Cap {
    static constexpr CapType type_of = CapType::notification;
    using Rights = Field<5, 2>;
    /// @cond LAB3
    using Table = Field<7, 9>;
    using Entry = Field<16, 9>;
    /// @endcond

    NotificationCap(PAddr object, Badge badge, Word rights)
        : Cap(type_of, object, Rights::make(rights), badge.value) {}
    [[nodiscard]] Notification& object() const { return *window<Notification>(address()); }
    [[nodiscard]] Badge badge() const { return Badge(second_); }
    [[nodiscard]] Word rights() const { return Rights::of(first_); }
    [[nodiscard]] NotificationCap with(Badge badge, Word rights) const {
        return {address(), badge, rights};
    }
    [[nodiscard]] NotificationCap copy() const { return with(badge(), rights()); }
    /// @cond LAB3
    /// The sender entry that was registered with this very capability: number of the table, 0 if
    /// there is none, and index. A copy has none.
    [[nodiscard]] Word table() const { return Table::of(first_); }
    [[nodiscard]] Word entry() const { return Entry::of(first_); }
    [[nodiscard]] NotificationCap with_sender(Word table, Word entry) const {
        NotificationCap result = *this;
        result.first_ = Entry::put(Table::put(first_, table), entry);
        return result;
    }
    /// @endcond
};

/// @cond NONE
/// The right to send (write), receive (read), send capabilities (grant), be replied to.
struct EndpointCap : Cap {
    static constexpr CapType type_of = CapType::endpoint;
    using Rights = Field<5, 4>;

    EndpointCap(PAddr object, Badge badge, Word rights)
        : Cap(type_of, object, Rights::make(rights), badge.value) {}
    [[nodiscard]] Endpoint& object() const { return *window<Endpoint>(address()); }
    [[nodiscard]] Badge badge() const { return Badge(second_); }
    [[nodiscard]] Word rights() const { return Rights::of(first_); }
    [[nodiscard]] EndpointCap with(Badge badge, Word rights) const {
        return {address(), badge, rights};
    }
};

/// The right to answer one call. The master stays in the TCB of the caller and is the parent of
/// the one that its receiver gets.
struct ReplyCap : Cap {
    static constexpr CapType type_of = CapType::reply;
    using Grant = Field<7, 1>;
    using Master = Field<9, 1>;

    ReplyCap(PAddr caller, bool grant, bool master)
        : Cap(type_of, caller, Grant::make(grant) | Master::make(master), 0) {}
    [[nodiscard]] Tcb& caller() const { return *window<Tcb>(address()); }
    [[nodiscard]] bool grant() const { return Grant::of(first_) != 0; }
    [[nodiscard]] bool master() const { return Master::of(first_) != 0; }
    [[nodiscard]] ReplyCap with_grant(bool allowed) const { return {address(), allowed, master()}; }
};
/// @endcond

/// Where a frame or page table is mapped: an address space and an address in it.
struct Mapping {
    Asid asid;
    VAddr vaddr;
};

/// Memory or device registers of a page's size, that can be mapped in one place for each
/// capability.
struct FrameCap : Cap {
    static constexpr CapType type_of = CapType::frame;
    using Rights = Field<5, 4>;
    using Size = Field<9, 2>;
    using Device = Field<11, 1>;
    static constexpr unsigned device_offset = 11;

    FrameCap(PAddr base, unsigned level, bool device, Word rights)
        : Cap(type_of, base, Rights::make(rights) | Size::make(level) | Device::make(device), 0) {}

    [[nodiscard]] PAddr base() const { return address(); }
    /// 0: 4 KiB, 1: 2 MiB, 2: 1 GiB: the level of the page table that maps it.
    [[nodiscard]] unsigned level() const { return static_cast<unsigned>(Size::of(first_)); }
    [[nodiscard]] unsigned size_bits() const {
        return abi::page_bits + level() * abi::page_table_index_bits;
    }
    [[nodiscard]] bool device() const { return Device::of(first_) != 0; }
    [[nodiscard]] Word rights() const { return Rights::of(first_); }
    [[nodiscard]] FrameCap with_rights(Word rights) const {
        FrameCap result = *this;
        result.first_ = Rights::put(first_, rights);
        return result;
    }
    [[nodiscard]] bool mapped() const { return mapping().asid != Asid(0); }
    [[nodiscard]] Mapping mapping() const {
        return {Asid(second_ & mask(16)), VAddr(second_ >> 25)};
    }
    [[nodiscard]] FrameCap with_mapping(Mapping mapping) const {
        FrameCap result = *this;
        result.second_ = mapping.vaddr.value << 25 | mapping.asid.value;
        return result;
    }
    [[nodiscard]] FrameCap unmapped() const { return with_mapping({}); }
};

/// A table of 512 entries; one with an ASID and no place in another table is the root of a VSpace.
struct PageTableCap : Cap {
    static constexpr CapType type_of = CapType::page_table;
    using Mapped = Field<5, 1>;

    explicit PageTableCap(PAddr table) : Cap(type_of, table, 0, 0) {}

    [[nodiscard]] PAddr base() const { return address(); }
    [[nodiscard]] PageTable& object() const { return *window<PageTable>(address()); }
    [[nodiscard]] bool mapped() const { return Mapped::of(first_) != 0; }
    [[nodiscard]] Mapping mapping() const {
        return {Asid(second_ & mask(16)), VAddr(second_ >> 25)};
    }
    [[nodiscard]] PageTableCap with_mapping(Mapping mapping) const {
        PageTableCap result = *this;
        result.first_ = Mapped::put(first_, 1);
        result.second_ = mapping.vaddr.value << 25 | mapping.asid.value;
        return result;
    }
    [[nodiscard]] PageTableCap unmapped() const { return PageTableCap(address()); }
    /// Of which it is the root, if its ASID stands for it (asid::valid).
    [[nodiscard]] vm::Space space() const { return {Asid(second_ & mask(16)), address()}; }
};

/// 512 address-space identifiers.
struct AsidPoolCap : Cap {
    static constexpr CapType type_of = CapType::asid_pool;

    AsidPoolCap(PAddr pool, Asid first) : Cap(type_of, pool, 0, first.value) {}
    [[nodiscard]] AsidPool& object() const { return *window<AsidPool>(address()); }
    [[nodiscard]] Asid first() const { return Asid(second_); }
};

/// @cond LAB3
/// A page of sender entries.
struct SenderTableCap : Cap {
    static constexpr CapType type_of = CapType::sender_table;

    explicit SenderTableCap(PAddr table) : Cap(type_of, table, 0, 0) {}
};
/// @endcond

/// @cond LAB6
/// Memory for asynchronous system calls of one thread.
struct RegistrationCap : Cap {
    static constexpr CapType type_of = CapType::async_registration;

    RegistrationCap(PAddr memory, unsigned size_bits) : Cap(type_of, memory, 0, size_bits) {}
    [[nodiscard]] Registration& object() const { return *window<Registration>(address()); }
    [[nodiscard]] unsigned size_bits() const { return static_cast<unsigned>(second_); }
};
/// @endcond

struct IrqHandlerCap : Cap {
    static constexpr CapType type_of = CapType::irq_handler;

    explicit IrqHandlerCap(Word irq) : Cap(type_of, PAddr(0), 0, irq) {}
    [[nodiscard]] Word irq() const { return second_; }
};

/// A CNode or thread that is being deleted: its remaining slots are emptied one by one
/// (finalise.hpp). Nobody can invoke it.
struct ZombieCap : Cap {
    static constexpr CapType type_of = CapType::zombie;
    using Radix = Field<5, 6>;
    using OfThread = Field<11, 1>;

    explicit ZombieCap(const CNodeCap& cnode)
        : ZombieCap(cnode.address(), cnode.radix(), false, Word{1} << cnode.radix()) {}
    ZombieCap(const ThreadCap& thread, Word slots) : ZombieCap(thread.address(), 0, true, slots) {}
    ZombieCap(PAddr slots, unsigned radix, bool of_thread, Word left)
        : Cap(type_of, slots, Radix::make(radix) | OfThread::make(of_thread), left) {}
    [[nodiscard]] Slot* slots() const { return window<Slot>(address()); }
    [[nodiscard]] unsigned radix() const { return static_cast<unsigned>(Radix::of(first_)); }
    [[nodiscard]] bool of_thread() const { return OfThread::of(first_) != 0; }
    [[nodiscard]] Word left() const { return second_; }
    [[nodiscard]] ZombieCap with_left(Word left) const {
        return {address(), radix(), of_thread(), left};
    }
};

/// Kinds of which there is one object in the machine: the capability is all there is.
template <CapType kind>
struct ControlCap : Cap {
    static constexpr CapType type_of = kind;
    ControlCap() : Cap(kind, PAddr(0), 0, 0) {}
};
using IrqControlCap = ControlCap<CapType::irq_control>;
using AsidControlCap = ControlCap<CapType::asid_control>;
/// @cond LAB3
using UintrControlCap = ControlCap<CapType::uintr_control>;
/// @endcond
/// @cond NONE
using DomainCap = ControlCap<CapType::domain>;
/// @endcond
