// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Identifiers of address spaces (ASIDs). A page table becomes the root of a VSpace by getting one
/// from a pool; hardware marks cached translations with it, so that a switch flushes nothing.
///
///     asid, 16 bits   | pool 15:9 | index 8:0 |
///     pools[pool] ──> 512 entries | root of the VSpace 63:12 | stale 7:4 | cached 3:0 |
///
/// `cached` has a bit for each hart that may hold translations of the space, `stale` for each that
/// must forget them all before it uses the space again.
/// Always holds: no hart holds a translation of an ASID that is not used; ASID 0 belongs to nobody;
/// a root that a pool names exists. Guard: the kernel lock. Read next: asid.cpp, vspace.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/syscall/invocation.hpp"
#include "kernel/vm/space.hpp"

namespace vm {

/// An entry of an ASID pool.
class AsidEntry {
public:
    [[nodiscard]] bool used() const { return word_ != 0; }
    [[nodiscard]] PAddr root() const { return PAddr(word_ & ~mask(12)); }
    void assign(PAddr root) { word_ = root.value; }
    void clear() { word_ = 0; }

    /// May hart `hart` hold translations of this space?
    [[nodiscard]] bool cached_on(unsigned hart) const { return (word_ >> hart & 1) != 0; }
    void set_cached(unsigned hart) { word_ |= Word{1} << hart; }
    /// Must it forget them before it uses the space again?
    [[nodiscard]] bool stale_on(unsigned hart) const { return (word_ >> hart & 16) != 0; }
    void set_stale(unsigned hart) { word_ |= Word{16} << hart; }
    void clear_stale(unsigned hart) { word_ &= ~(Word{16} << hart); }

private:
    Word word_;
};

} // namespace vm

/// A page of ASIDs.
struct AsidPool {
    vm::AsidEntry entries[1 << abi::asid_pool_index_bits];
};
static_assert(sizeof(AsidPool) == 1 << abi::asid_pool_bits);

namespace asid {

/// The pools that there are.
extern constinit AsidPool* pools[1 << abi::asid_pools_bits];

/// Counts whatever can make untrue what a thread remembers of its address space (Tcb::space): that
/// an ASID is given back, or a capability to a page table deleted.
extern constinit Word changes;

/// The entry of an ASID; null if it has no pool.
[[nodiscard]] inline vm::AsidEntry* entry(Asid asid) {
    AsidPool* pool = pools[asid.value >> abi::asid_pool_index_bits & mask(abi::asid_pools_bits)];
    return pool == nullptr ? nullptr : &pool->entries[asid.value & mask(abi::asid_pool_index_bits)];
}

/// Is `space` what its ASID stands for?
[[nodiscard, gnu::always_inline]] inline bool valid(vm::Space space) {
    const vm::AsidEntry* found = entry(space.asid());
    return found != nullptr && found->used() && found->root() == space.root();
}

/// The root with this ASID; null if there is none.
[[nodiscard]] PageTable* root(Asid asid);

/// Gives the ASID back, with every translation that a hart holds of it.
void release(vm::Space space);

/// Invocations of the ASID control and of pools.
[[nodiscard]] Result<Outcome> invoke_control(Invocation& call);
[[nodiscard]] Result<Outcome> invoke_pool(Invocation& call, const AsidPoolCap& pool);

/// Makes a pool known, at its first ASID.
void install_pool(const AsidPoolCap& pool);

/// Before the memory of a pool goes: its VSpaces are none any more.
void remove_pool(const AsidPoolCap& pool);

} // namespace asid
