// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Builds a process, from its memory upwards. The order matters in one place: the address space
/// must have an identifier before anything can be mapped in it.
/// @stage{2}
#include "user/lib/process.hpp"

/// @cond LAB7
#include "user/lib/machine.hpp"
/// @endcond

#include <algorithm>
#include <atomic>
#include <string.h>

namespace user {

namespace {

/// Copies a name; what does not fit is cut off.
void copy_name(char (&to)[StartBlock::name_length], std::string_view from) {
    const size_t length = from.size() < sizeof to - 1 ? from.size() : sizeof to - 1;
    memcpy(to, from.data(), length);
    to[length] = '\0';
}

static_assert(sizeof(Allocator::Record) == Plan::record_bytes);
/// @cond LAB5
static_assert(sizeof(PeerSpace::Place) == Plan::place_bytes);
/// @endcond

} // namespace

bool Process::create(const Elf& elf, std::string_view name, const Options& options) {
    if (!elf.valid())
        return false;
    Word bytes_for_peer = 0;
    /// @cond LAB5
    bytes_for_peer = options.bytes_for_peer;
    /// @endcond
    const Plan plan(elf, bytes_for_peer);
    const bool made = plan.possible() && take_memory(plan) && make_objects(plan) &&
                      open_books(plan, elf.needs(), options) && build(elf, plan, name, options);
    if (!made)
        destroy();
    return made;
}

/// One untyped and a row of slots.
bool Process::take_memory(const Plan& plan) {
    memory_ = allocator.make(ObjectType::untyped, plan.memory_bits);
    first_slot_ = allocator.slot(plan.slots());
    slots_ = plan.slots();
    bytes_ = Word{1} << plan.memory_bits;
    cnode_bits_ = plan.cnode_bits;
    next_slot_ = first_grant;
    return memory_ != 0 && first_slot_ != 0;
}

/// Everything that is made but once, in the order of its size.
bool Process::make_objects(const Plan& plan) {
    struct Part {
        unsigned bits;
        ObjectType type;
        Word size_bits;
        Plan::Slot place;
    };
    Part parts[] = {
        {plan.own_bits, ObjectType::untyped, plan.own_bits, Plan::own},
        {plan.inner_bits, ObjectType::untyped, plan.inner_bits, Plan::inner},
        {plan.cnode_bits + abi::slot_bits, ObjectType::cnode, plan.cnode_bits, Plan::cnode}};
    std::ranges::sort(parts, std::ranges::greater{}, &Part::bits);
    for (const Part& part : parts)
        if (!sel4::untyped_retype(memory_, part.type, part.size_bits, slot(part.place)))
            return false;
    for (Word done = 0; done < plan.frames();) {
        const Word count = std::min(plan.frames() - done, abi::retype_limit);
        if (!sel4::untyped_retype(memory_, ObjectType::page, 0, frame(done), count))
            return false;
        done += count;
    }
    has_thread_ = sel4::untyped_retype(memory_, ObjectType::page_table, 0, slot(Plan::root)) &&
                  sel4::untyped_retype(memory_, ObjectType::tcb, 0, slot(Plan::tcb));
    return has_thread_ &&
           sel4::untyped_retype(memory_, ObjectType::notification, 0, slot(Plan::notification));
}

/// Maps them here, and begins the allocator that they are for.
bool Process::open_books(const Plan& plan, [[maybe_unused]] const Needs& needs,
                         [[maybe_unused]] const Options& options) {
    if (home_ == 0)
        home_ = vspace.reserve(home_bytes);
    if (home_ == 0 || (1 + plan.book_pages) * page_size > home_bytes)
        return false;
    const Word books = home_ + page_size;
    for (Word page = 0; page < plan.book_pages; page++)
        if (!vspace.map(frame(plan.books() + page), books + page * page_size))
            return false;
    auto* const records = reinterpret_cast<Allocator::Record*>(books);
    inner_ = Allocator({records, plan.inner_slots});
    space_ = VSpace(inner_);
    /// @cond LAB5
    const Word remembered = books + plan.inner_slots * sizeof *records;
    const Word places = remembered + needs.peers * options.bytes_for_peer;
    remembered_ = reinterpret_cast<void*>(remembered);
    places_ = {reinterpret_cast<PeerSpace::Place*>(places), needs.peers};
    /// @endcond
    const CPtr first = first_slot_ + plan.first_inner_slot();
    inner_.take_slots({first, first + plan.inner_slots});
    return inner_.take_untyped(slot(Plan::inner), plan.inner_bits);
}

bool Process::build(const Elf& elf, const Plan& plan, std::string_view name,
                    const Options& options) {
    const CPtr root = slot(Plan::root);
    if (!sel4::invoke(abi::root_asid_pool, abi::AsidPoolAssign{}, root))
        return false;
    space_.take(root, round_up(elf.end(), page_size), abi::user_top);
    entry_ = elf.entry();
    if (!load(elf) || !map_stack_and_buffer(plan) || !map_block(plan, options) ||
        !fill_cspace(plan, options) || !configure(plan, options))
        return false;
    copy_name(block_->name, name);
    /// @cond LAB7
    if (options.arguments.size() < sizeof block_->arguments)
        memcpy(block_->arguments, options.arguments.data(), options.arguments.size());
    const Word now = machine::time();
    block_->secret = {siphash(options.seed, {now, first_slot_, 0}),
                      siphash(options.seed, {now, first_slot_, 1})};
    /// @endcond
    return true;
}

/// Everything the process is given, at the places that start_block.hpp says.
bool Process::fill_cspace(const Plan& plan, const Options& options) {
    const Word guard = abi::cnode_data(0, 64 - cnode_bits_);
    block_->memory_bits = plan.own_bits;
    block_->records = Word{1} << cnode_bits_;
    return give(abi::root_tcb, slot(Plan::tcb)) &&
           give(abi::root_cnode, slot(Plan::cnode), abi::all_rights, guard) &&
           give(abi::root_vspace, space_.root()) &&
           give(abi::root_ipc_buffer, frame(plan.buffer())) &&
           /// @cond LAB5
           give_peers(plan, options) &&
           /// @endcond
           give(own_memory, slot(Plan::own)) && give_watch(options);
}

/// @cond LAB5
/// Its notification, and the places of its peers.
bool Process::give_peers(const Plan& plan, const Options& options) {
    block_->hart = options.hart;
    block_->harts = options.harts;
    block_->priority = options.priority;
    block_->ticks_per_second = options.ticks_per_second;
    if (!options.peers)
        return true;
    const PeerSpace::Parts parts{.cnode = slot(Plan::cnode),
                                 .cnode_bits = cnode_bits_,
                                 .first_slot = first_slot_of_peers(),
                                 .notification = slot(Plan::notification),
                                 .hint = frame(plan.hint()),
                                 .spare = frame(plan.spare()),
                                 .places = places_};
    if (!peers_.create(inner_, space_, parts))
        return false;
    block_->peers = peers_.address();
    block_->peer_count = places_.size();
    block_->peer_slots = first_slot_of_peers();
    block_->hint = peers_.hint_address();
    return give(own_notification, slot(Plan::notification));
}
/// @endcond

/// What the process tells its end and its faults to.
bool Process::give_watch(const Options& options) {
    if (options.watch == nullptr)
        return true;
    const FaultWatch& watch = *options.watch;
    const Word may_call = abi::Rights::write | abi::Rights::grant;
    return give(end_notification, watch.notification(), abi::Rights::write, options.badge) &&
           (watch.handler() == 0 ||
            give(own_fault_handler, watch.handler(), may_call, options.badge));
}

bool Process::configure(const Plan& plan, const Options& options) {
    const abi::TcbConfigure spaces{.fault_handler = own_fault_handler,
                                   .cspace_data = abi::cnode_data(0, 64 - cnode_bits_),
                                   .vspace_data = 0,
                                   .buffer = stack_};
    const CPtr tcb = slot(Plan::tcb);
    return sel4::invoke(tcb, spaces, slot(Plan::cnode), space_.root(), frame(plan.buffer())) &&
           sel4::invoke(tcb, abi::TcbSetSchedParams{options.priority, options.priority},
                        CPtr{abi::root_tcb}) &&
           /// @cond LAB5
           (options.hart == 0 || sel4::invoke(tcb, abi::TcbSetAffinity{options.hart})) &&
           /// @endcond
           (options.watch == nullptr || options.watch->attach(tcb, options.badge));
}

/// Puts a copy of a capability into a slot of the process.
bool Process::give(CPtr to, CPtr cap, Word rights, Word badge) {
    const CPtr cnode = slot(Plan::cnode);
    if (badge == 0)
        return bool(sel4::invoke(cnode,
                                 abi::CNodeCopy{to, cnode_bits_, cap, sel4::full_depth, rights},
                                 sel4::own_cnode));
    return bool(sel4::invoke(cnode,
                             abi::CNodeMint{to, cnode_bits_, cap, sel4::full_depth, rights, badge},
                             sel4::own_cnode));
}

bool Process::grant(std::string_view name, CPtr cap, Word rights, Word badge) {
    if (block_->grant_count >= StartBlock::most_grants || !give(next_slot_, cap, rights, badge))
        return false;
    StartBlock::Grant& entry = block_->grants[block_->grant_count++];
    copy_name(entry.name, name);
    entry.slot = next_slot_++;
    return true;
}

void Process::start() {
    block_->empty = {next_slot_, first_slot_of_peers()};
    block_->first_address = space_.reserve(page_size);
    block_->last_address = abi::user_top;
    abi::UserContext registers = {};
    registers.pc = entry_;
    registers.sp = stack_;
    registers.a0 = block_address_;
    sel4::tcb_write_registers(slot(Plan::tcb), registers, true);
}

bool Process::exited() const {
    // Acquire: pairs with the release in exit(); the code is there.
    return std::atomic_ref(block_->exited).load(std::memory_order_acquire) != 0;
}

unsigned Process::exit_code() const { return static_cast<unsigned>(block_->exit_code); }

void Process::destroy() {
    if (has_thread_)
        sel4::tcb_suspend(slot(Plan::tcb)); // it may run elsewhere, and would fault meanwhile
    has_thread_ = false;
    // Books go with the memory: what lies in them is not used any more.
    inner_ = Allocator({});
    /// @cond LAB5
    peers_ = {};
    places_ = {};
    remembered_ = nullptr;
    /// @endcond
    if (memory_ != 0)
        allocator.destroy(memory_);
    if (first_slot_ != 0)
        allocator.release_slot(first_slot_, slots_);
    memory_ = 0;
    first_slot_ = 0;
    block_ = nullptr;
}

} // namespace user
