// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The page tables of paging.hpp: one root, and one table of each lower level for the image.

#include "platform/tests/lib/paging.hpp"

#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/memory.hpp"

extern "C" const char image_start[];

namespace paging {
namespace {

constexpr uint64_t entries = 512;
constexpr uint64_t giant_page = uint64_t{1} << 30;
constexpr uint64_t image_size = entries << 12;
constexpr uint64_t kernel_entries = user_base / giant_page;
constexpr uint64_t mode_sv39 = uint64_t{8} << 60;

struct alignas(4096) PageTable {
    volatile uint64_t entry[entries];
};
constinit PageTable root = {};
constinit PageTable middle = {};
constinit PageTable leaves = {};
constinit bool in_use = false;

constexpr uint64_t page_entry(uint64_t physical_address, uint64_t bits) {
    return physical_address >> 12 << 10 | bits;
}

bool is_in_image(uint64_t address, uint64_t base) {
    return address >= base && address - base < image_size;
}

void build() {
    for (uint64_t i = 0; i < kernel_entries; i++)
        root.entry[i] = page_entry(i * giant_page, page::all & ~page::user);
    root.entry[kernel_entries] = page_entry(address_of(&middle), page::valid);
    middle.entry[0] = page_entry(address_of(&leaves), page::valid);
    for (uint64_t i = 0; i < entries; i++)
        leaves.entry[i] = page_entry(address_of(image_start) + (i << 12), page::all);
}

} // namespace

void on() {
    if (!in_use)
        build();
    in_use = true;
    csr::write<csr::satp>(mode_sv39 | address_of(&root) >> 12);
    asm volatile("sfence.vma" : : : "memory");
}

void off() {
    csr::write<csr::satp>(0);
    asm volatile("sfence.vma" : : : "memory");
    in_use = false;
}

bool is_on() { return in_use; }

uint64_t user_view(uint64_t address) {
    const uint64_t base = address_of(image_start);
    return in_use && is_in_image(address, base) ? address - base + user_base : address;
}

uint64_t kernel_view(uint64_t address) {
    const uint64_t base = address_of(image_start);
    return in_use && is_in_image(address, user_base) ? address - user_base + base : address;
}

void set_user_page(const void* page, uint64_t bits) { set_user_page(page, bits, address_of(page)); }

void set_user_page(const void* page, uint64_t bits, uint64_t physical_address) {
    leaves.entry[(address_of(page) - address_of(image_start)) >> 12] =
        page_entry(physical_address, bits);
    asm volatile("sfence.vma" : : : "memory");
}

} // namespace paging
