// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sv39 with two views of memory. The kernel's view is physical memory at its own addresses, in
/// 1 GiB pages without the U bit: S-mode never notices that paging is on. The user's view shows
/// the program's image once more, at user_base, in 4 KiB pages with the U bit.
/// Code is addressed relative to the pc, so a function works in both; a pointer handed to U-mode
/// must be passed through user_view.
#pragma once

#include <stdint.h>

namespace paging {

constexpr uint64_t user_base = uint64_t{128} << 30;

/// Bits of a page table entry.
namespace page {
constexpr uint64_t valid = 1;
constexpr uint64_t read = 2;
constexpr uint64_t write = 4;
constexpr uint64_t execute = 8;
constexpr uint64_t user = 16;
constexpr uint64_t used = 64 | 128; ///< accessed and dirty
constexpr uint64_t all = valid | read | write | execute | user | used;
} // namespace page

/// On and off for the calling hart; the tables are shared.
void on();
void off();
bool is_on();

/// The address at which U-mode finds what S-mode finds at `address`; the same while paging is off.
uint64_t user_view(uint64_t address);
/// The opposite; an address of neither view is answered as it is.
uint64_t kernel_view(uint64_t address);

template <typename Type>
Type* user_view(Type* object) {
    return reinterpret_cast<Type*>(user_view(reinterpret_cast<uint64_t>(object)));
}

/// Gives one page of the user's view other bits (page::), or another physical address.
void set_user_page(const void* page, uint64_t bits);
void set_user_page(const void* page, uint64_t bits, uint64_t physical_address);

/// Paging is on while one of these lives, and afterwards as before.
class Scope {
public:
    Scope() : was_on_{is_on()} { on(); }
    ~Scope() {
        if (!was_on_)
            off();
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

private:
    bool was_on_;
};

} // namespace paging
