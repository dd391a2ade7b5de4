// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Builds the fuzzers' world and takes it down.
/// @stage{none}
#include "user/fuzz/world.hpp"

#include "user/lib/boot_info.hpp"

namespace fuzz {

using abi::ObjectType;

namespace {

constexpr Word image_start = 0x10000;
constexpr Word free_addresses = 0x20'0000'0000;
constexpr Word page_addresses = 0x30'0000'0000;
constexpr Word page_distance = 0x10000;
constexpr unsigned stack_pages = 2;
constexpr Word guard = abi::cnode_data(0, 64 - cspace_bits);

Word image_pages() {
    const abi::SlotRegion frames = user::boot_info().image_frames;
    return frames.end - frames.start;
}

/// Of a thread's page in its address space; the stack ends below it.
Word page_address(unsigned thread) { return page_addresses + (thread + 1) * page_distance; }

} // namespace

bool World::reserve(Faults& faults) {
    faults_ = &faults;
    memory_ = user::allocator.make(ObjectType::untyped, memory_bits);
    first_slot_ = user::allocator.slot(own_slots);
    irq_slots_ = user::allocator.slot(irqs);
    image_copies_ = user::allocator.slot(image_pages());
    for (Word& address : addresses_)
        address = user::vspace.reserve(user::page_size);
    return memory_ != 0 && first_slot_ != 0 && irq_slots_ != 0 && image_copies_ != 0;
}

const char* World::create(Random& random) {
    inner_.reset();
    inner_.take_slots({first_slot_, first_slot_ + own_slots});
    if (!inner_.take_untyped(memory_, memory_bits))
        return "the untyped is in use";
    if (!make_spaces())
        return "CSpace or address space";
    for (unsigned i = 0; i < threads; i++)
        if (!make_thread(i))
            return "a thread";
    if (!fill(random) || !faults_->create(inner_, cnode_))
        return "the objects of the fuzzers";
    for (unsigned i = 0; i < threads; i++) {
        for (unsigned slot = 0; slot < slots; slot++)
            pages_[i]->kinds[slot] = kinds_[slot];
        pages_[i]->random = Random(random.next());
        seen_[i] = 0;
        start(i, random);
    }
    return nullptr;
}

bool World::make_spaces() {
    cnode_ = inner_.make(ObjectType::cnode, cspace_bits);
    const CPtr root = inner_.make(ObjectType::page_table);
    if (cnode_ == 0 || root == 0 || !sel4::invoke(abi::root_asid_pool, abi::AsidPoolAssign{}, root))
        return false;
    home_.take(root, free_addresses, abi::user_top);
    // A page that comes and goes leaves the page tables for the fuzzers' own pages behind.
    const CPtr page = inner_.make(ObjectType::page);
    if (page == 0 || !home_.map(page, fuzz_addresses) || !sel4::page_unmap(page))
        return false;
    return map_program();
}

/// The fuzzers read the program, and can never write it.
bool World::map_program() {
    const CPtr first = user::boot_info().image_frames.start;
    for (Word i = 0; i < image_pages(); i++) {
        const Word vaddr = image_start + i * user::page_size;
        if (!sel4::cap_copy(first + i, image_copies_ + i, abi::Rights::read) ||
            !home_.map(image_copies_ + i, vaddr, abi::Rights::read, 0))
            return false;
    }
    return true;
}

bool World::make_thread(unsigned index) {
    tcbs_[index] = inner_.make(ObjectType::tcb);
    page_frames_[index] = inner_.make(ObjectType::page);
    const Word vaddr = page_address(index);
    const Word stack = vaddr - stack_pages * user::page_size;
    return tcbs_[index] != 0 && page_frames_[index] != 0 && map_page(page_frames_[index], index) &&
           home_.map(page_frames_[index], vaddr) &&
           home_.map_new_at(stack, stack_pages * user::page_size);
}

/// Maps a thread's page here too. New memory is zero.
bool World::map_page(CPtr frame, unsigned index) {
    const CPtr copy = inner_.slot();
    pages_[index] = reinterpret_cast<State*>(addresses_[index]);
    return copy != 0 && sel4::cap_copy(frame, copy) && user::vspace.map(copy, addresses_[index]);
}

void World::start(unsigned index, Random& random) {
    const CPtr tcb = tcbs_[index];
    const abi::TcbConfigure spaces{.fault_handler = random.one_in(8) ? random.below(slots)
                                                                     : first_handler + index,
                                   .cspace_data = guard,
                                   .vspace_data = 0,
                                   .buffer = page_address(index)};
    sel4::invoke(tcb, abi::TcbSuspend{});
    sel4::invoke(tcb, spaces, cnode_, home_.root(), page_frames_[index]);
    sel4::invoke(tcb,
                 abi::TcbSetSchedParams{greatest_priority, 1 + random.below(greatest_priority)},
                 CPtr{abi::root_tcb});
    if constexpr (config::smp)
        sel4::invoke(tcb, abi::TcbSetAffinity{index % user::boot_info().nodes});
    faults_->watch(tcb, index);
    abi::UserContext registers = {};
    registers.pc = reinterpret_cast<Word>(&run);
    registers.sp = page_address(index);
    registers.tp = page_address(index);
    registers.a0 = page_address(index);
    sel4::tcb_write_registers(tcb, registers, true);
}

unsigned World::restart_idle(Random& random) {
    unsigned count = 0;
    for (unsigned i = 0; i < threads; i++) {
        if (pages_[i]->calls == seen_[i]) {
            start(i, random);
            count++;
        }
        seen_[i] = pages_[i]->calls;
    }
    return count;
}

const char* World::destroy() {
    for (const CPtr tcb : tcbs_)
        sel4::tcb_suspend(tcb);
    for (Word i = 0; i < irqs; i++) {
        sel4::cap_revoke(irq_slots_ + i);
        sel4::cap_delete(irq_slots_ + i);
    }
    for (Word i = 0; i < image_pages(); i++)
        sel4::cap_delete(image_copies_ + i);
    if (!sel4::cap_revoke(memory_))
        return "revoke fails";
    for (Word i = 0; i < own_slots; i++)
        sel4::cap_delete(first_slot_ + i);
    // Only an untyped without children has room for one of its own size.
    if (!sel4::untyped_retype(memory_, ObjectType::untyped, memory_bits, first_slot_))
        return "memory that was revoked is still in use";
    return sel4::cap_revoke(memory_) ? nullptr : "revoke fails";
}

} // namespace fuzz
