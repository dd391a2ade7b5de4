// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// ASID pools: made, filled, and taken away.
/// @stage{1}
#include "kernel/vm/asid.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/vm/kernel_map.hpp"
#include "kernel/vm/vspace.hpp"

#include <string.h>

namespace asid {

constinit AsidPool* pools[1 << abi::asid_pools_bits] = {};
constinit Word changes = 1;

namespace {

constexpr unsigned pool_count = 1 << abi::asid_pools_bits;
constexpr Word index_mask = mask(abi::asid_pool_index_bits);

Asid first_of(unsigned pool) { return Asid(Word{pool} << abi::asid_pool_index_bits); }

AsidPool*& pool_of(Asid asid) {
    return pools[asid.value >> abi::asid_pool_index_bits & mask(abi::asid_pools_bits)];
}

/// A free pool number; pool_count if there is none.
unsigned free_pool() {
    unsigned pool = 0;
    while (pool < pool_count && pools[pool] != nullptr)
        pool++;
    return pool;
}

Result<Outcome> make_pool(Invocation& call, const abi::AsidControlMakePool& message) {
    const unsigned number = free_pool();
    if (number == pool_count)
        return failure(abi::Error::delete_first);
    Slot& parent = call.extra(0);
    if (!parent.cap.is<UntypedCap>())
        return invalid_capability(1);
    const auto untyped = parent.cap.as<UntypedCap>();
    if (untyped.size_bits() != abi::asid_pool_bits || untyped.device())
        return invalid_capability(1);
    if (mdb::has_children(parent))
        return failure(abi::Error::revoke_first);
    const auto slot = cspace::empty_slot_at(call.extra(1).cap, message.index, message.depth);
    if (!slot)
        return failed(slot);
    memset(window<char>(untyped.base()), 0, sizeof(AsidPool));
    parent.cap = untyped.with_watermark(untyped.size());
    const AsidPoolCap pool(untyped.base(), first_of(number));
    mdb::insert(pool, parent, **slot);
    install_pool(pool);
    return Outcome::done;
}

Result<Outcome> assign(Invocation& call, const AsidPoolCap& pool, const abi::AsidPoolAssign&) {
    Slot& slot = call.extra(0);
    if (!slot.cap.is<PageTableCap>() || slot.cap.as<PageTableCap>().mapped())
        return invalid_capability(1);
    const auto table = slot.cap.as<PageTableCap>();
    const AsidPool* known = pool_of(pool.first());
    if (known == nullptr)
        return failed_lookup({.type = abi::LookupFailure::invalid_root}, false);
    if (known != &pool.object())
        return invalid_capability(0);
    Asid asid = pool.first();
    while (asid == Asid(0) || entry(asid)->used()) {
        asid = asid + 1;
        if ((asid.value & index_mask) == 0)
            return failure(abi::Error::delete_first);
    }
    slot.cap = table.with_mapping({asid, VAddr(0)});
    copy_kernel_map(table.object());
    entry(asid)->assign(table.base());
    return Outcome::done;
}

} // namespace

PageTable* root(Asid asid) {
    const vm::AsidEntry* found = entry(asid);
    return found != nullptr && found->used() ? window<PageTable>(found->root()) : nullptr;
}

void release(vm::Space space) {
    changes++;
    vspace::leave(space);
    entry(space.asid())->clear();
}

Result<Outcome> invoke_control(Invocation& call) { return dispatch<&make_pool>(call); }

Result<Outcome> invoke_pool(Invocation& call, const AsidPoolCap& pool) {
    return dispatch<&assign>(call, pool);
}

void install_pool(const AsidPoolCap& pool) { pool_of(pool.first()) = &pool.object(); }

void remove_pool(const AsidPoolCap& pool) {
    AsidPool*& known = pool_of(pool.first());
    if (known != &pool.object())
        return;
    changes++;
    known = nullptr;
    vspace::leave_all_of(pool.first());
}

} // namespace asid
