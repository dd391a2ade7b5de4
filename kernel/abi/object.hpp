// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Kinds of objects that Untyped_Retype makes, and their sizes.
/// Read next: label.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"
/// @cond LAB3
#include "kernel/abi/user_interrupt.hpp"
/// @endcond

namespace abi {

enum class ObjectType : Word {
    untyped = 0,
    tcb = 1,
    endpoint = 2, ///< profile sel4 only
    notification = 3,
    cnode = 4,
    giga_page = 5,
    page = 6,
    mega_page = 7,
    page_table = 8, ///< the root of a VSpace too
    /// @cond LAB3
    sender_table = 64, ///< of user interrupts
    /// @endcond
    /// @cond LAB6
    async_registration = 65, ///< of asynchronous system calls
    /// @endcond
};
constexpr Word object_types = 9; ///< seL4's

constexpr unsigned slot_bits = 5;
constexpr unsigned tcb_bits = 11;
constexpr unsigned endpoint_bits = 4;
constexpr unsigned notification_bits = 5;
constexpr unsigned page_bits = 12;
constexpr unsigned mega_page_bits = 21;
constexpr unsigned giga_page_bits = 30;
constexpr unsigned page_table_bits = 12;
constexpr unsigned page_table_index_bits = 9;
constexpr unsigned asid_pool_bits = 12;
constexpr unsigned asid_pool_index_bits = 9;
constexpr unsigned asid_pools_bits = 7;
constexpr unsigned least_untyped_bits = 4;
constexpr unsigned greatest_untyped_bits = 38;

/// @cond LAB6
/// Least of an AsyncRegistration: room for two kernel coroutines behind async_base_bytes. Each
/// further one takes async_coroutine_bytes, up to most_async_coroutines.
constexpr unsigned async_registration_bits = 13;
constexpr Word async_base_bytes = 4096;
constexpr Word async_coroutine_bytes = 1536;
constexpr unsigned most_async_coroutines = 32;

/// @endcond
/// Log2 of the size in bytes of an object; `size_bits` counts for CNodes (slots) and untypeds.
constexpr Word object_bits(ObjectType type, Word size_bits) {
    switch (type) {
    case ObjectType::untyped:
        return size_bits;
    case ObjectType::tcb:
        return tcb_bits;
    case ObjectType::endpoint:
        return endpoint_bits;
    case ObjectType::notification:
        return notification_bits;
    case ObjectType::cnode:
        return size_bits + slot_bits;
    case ObjectType::giga_page:
        return giga_page_bits;
    case ObjectType::page:
        return page_bits;
    case ObjectType::mega_page:
        return mega_page_bits;
    case ObjectType::page_table:
        return page_table_bits;
    /// @cond LAB3
    case ObjectType::sender_table:
        return sender_table_bits;
    /// @endcond
    /// @cond LAB6
    case ObjectType::async_registration:
        return size_bits;
        /// @endcond
    }
    return 0;
}

/// Most objects that one Untyped_Retype makes.
constexpr Word retype_limit = 256;

} // namespace abi
