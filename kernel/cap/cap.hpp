// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A capability: the right to do something with an object, in two words. This file has the form
/// that all kinds share; cap/views.hpp has what each kind makes of the rest.
///
///            63                            25 24              5 4    0
///     word 0 | physical address of the object | fields of kind | kind |
///     word 1 | fields of the kind                                     |
///
/// Always holds: capabilities lie only in slots (slot.hpp) of CNodes and TCBs, memory that no user
/// program can reach: so they cannot be forged. A null capability is two zero words.
/// Read next: views.hpp, slot.hpp.
/// @stage{1}
#pragma once

#include "kernel/lib/assert.hpp"
#include "kernel/lib/field.hpp"
#include "kernel/lib/window.hpp"

#include <bit>

/// The kind of a capability. Odd numbers are of the architecture, as in seL4, whose numbers these
/// are (debug_cap_identify shows them to user programs).
enum class CapType : uint8_t {
    null = 0,
    frame = 1,
    untyped = 2,
    page_table = 3,
    /// @cond NONE
    endpoint = 4,
    /// @endcond
    notification = 6,
    /// @cond NONE
    reply = 8,
    /// @endcond
    cnode = 10,
    asid_control = 11,
    thread = 12,
    asid_pool = 13,
    irq_control = 14,
    /// @cond LAB3
    uintr_control = 15,
    /// @endcond
    irq_handler = 16,
    /// @cond LAB3
    sender_table = 17,
    /// @endcond
    zombie = 18,
    /// @cond LAB6
    async_registration = 22,
    /// @endcond
    /// @cond NONE
    domain = 20,
    /// @endcond
};

class Cap {
public:
    constexpr Cap() = default;

    [[nodiscard]] constexpr CapType type() const { return static_cast<CapType>(Type::of(first_)); }
    [[nodiscard]] constexpr bool null() const { return type() == CapType::null; }

    /// Is it of kind `View`?
    template <class View>
    [[nodiscard]] constexpr bool is() const {
        return type() == View::type_of;
    }

    /// The same words as the view of their kind. @pre is<View>()
    template <class View>
    [[nodiscard]] constexpr View as() const {
        static_assert(sizeof(View) == sizeof(Cap), "a view adds no data");
        require(is<View>(), "a capability is read as one of another kind");
        return std::bit_cast<View>(*this);
    }

    /// Physical address of the object; 0 for kinds without one in memory.
    [[nodiscard]] constexpr PAddr address() const { return PAddr(first_ >> 25); }

    /// Is the object itself memory that was made from an untyped? (A reply capability names a
    /// thread, but it is not the thread.) The address does not tell: a frame can be at 0.
    [[nodiscard]] constexpr bool in_memory() const {
        switch (type()) {
        case CapType::null:
        case CapType::asid_control:
        case CapType::irq_control:
        case CapType::irq_handler:
        /// @cond NONE
        case CapType::reply:
        case CapType::domain:
        /// @endcond
        /// @cond LAB3
        case CapType::uintr_control:
            /// @endcond
            return false;
        case CapType::frame:
        case CapType::untyped:
        case CapType::page_table:
        /// @cond NONE
        case CapType::endpoint:
        /// @endcond
        case CapType::notification:
        case CapType::cnode:
        case CapType::thread:
        case CapType::asid_pool:
        case CapType::zombie:
        /// @cond LAB3
        case CapType::sender_table:
        /// @endcond
        /// @cond LAB6
        case CapType::async_registration:
            /// @endcond
            return true;
        }
        return false;
    }

    constexpr bool operator==(const Cap&) const = default;

protected:
    using Type = Field<0, 5>;
    using Address = Field<25, 39>;

    constexpr Cap(CapType type, PAddr object, Word fields, Word second)
        : first_(Type::make(static_cast<Word>(type)) | Address::make(object.value) | fields),
          second_(second) {}

    Word first_ = 0;
    Word second_ = 0;
};
static_assert(sizeof(Cap) == 16);
