// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Builds a process, from its memory upwards. The order matters in one place: the address space
/// must have an identifier before anything can be mapped in it.
/// @stage{2}
#include "user/lib/process.hpp"

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

constinit Window window{vspace};

} // namespace

bool Process::create(const Elf& elf, std::string_view name, const Options& options) {
    const bool made = elf.valid() && take_memory(options) && build(elf, name, options);
    if (!made)
        destroy();
    return made;
}

/// One untyped and a row of slots, and an allocator over them.
bool Process::take_memory(const Options& options) {
    memory_ = allocator.make(ObjectType::untyped, options.memory_bits);
    slots_ = std::min(options.slots, most_slots);
    first_slot_ = allocator.slot(slots_);
    if (memory_ == 0 || first_slot_ == 0)
        return false;
    inner_ = Allocator(records_);
    space_ = VSpace(inner_);
    next_slot_ = first_grant;
    inner_.take_slots({first_slot_, first_slot_ + slots_});
    return inner_.take_untyped(memory_, options.memory_bits);
}

bool Process::build(const Elf& elf, std::string_view name, const Options& options) {
    const CPtr root = inner_.make(ObjectType::page_table);
    if (root == 0 || !sel4::invoke(abi::root_asid_pool, abi::AsidPoolAssign{}, root))
        return false;
    space_.take(root, round_up(elf.end(), page_size), abi::user_top);
    entry_ = elf.entry();
    if (!load(elf) || !map_stack_and_buffer() || !map_block(options) || !fill_cspace(options) ||
        !configure(options))
        return false;
    copy_name(block_->name, name);
    return true;
}

bool Process::load(const Elf& elf) {
    for (unsigned i = 0; i < elf.segments(); i++)
        if (!load_segment(elf.segment(i)))
            return false;
    return true;
}

bool Process::load_segment(const Elf::Segment& segment) {
    const Word rights = segment.writable ? read_write : Word{abi::Rights::read};
    const Word attributes = segment.executable ? 0 : abi::execute_never;
    const Word end = segment.vaddr + segment.size;
    for (Word page = segment.vaddr & ~(page_size - 1); page < end; page += page_size) {
        const CPtr frame = inner_.make(ObjectType::page);
        if (frame == 0 || !load_page(segment, page, frame) ||
            !space_.map(frame, page, rights, attributes))
            return false;
    }
    return true;
}

/// Copies what of the segment's contents lies in the page. A new frame is zero.
bool Process::load_page(const Elf::Segment& segment, Word page, CPtr frame) {
    uint8_t* const to = window.show(frame);
    if (to == nullptr)
        return false;
    const Word from = page > segment.vaddr ? page - segment.vaddr : 0;
    const Word skipped = page > segment.vaddr ? 0 : segment.vaddr - page;
    if (from < segment.contents.size()) {
        const Word left = segment.contents.size() - from;
        const Word room = page_size - skipped;
        memcpy(to + skipped, segment.contents.data() + from, left < room ? left : room);
    }
    window.hide();
    return true;
}

/// The stack, and behind it the message buffer. The page before the stack stays unmapped.
bool Process::map_stack_and_buffer() {
    const Word guard = space_.reserve(page_size);
    const Word stack = space_.reserve(stack_pages * page_size);
    stack_ = space_.reserve(page_size);
    buffer_frame_ = inner_.make(ObjectType::page);
    return guard != 0 && stack_ != 0 && buffer_frame_ != 0 && space_.map(buffer_frame_, stack_) &&
           space_.map_new_at(stack, stack_pages * page_size);
}

/// The start block, mapped here and there, and the UART.
bool Process::map_block(const Options& options) {
    const CPtr frame = inner_.make(ObjectType::page);
    const CPtr shared = inner_.slot();
    if (frame == 0 || shared == 0 || !sel4::cap_copy(frame, shared))
        return false;
    block_address_ = space_.map_somewhere(shared);
    if (home_ == 0)
        home_ = vspace.reserve(page_size);
    if (block_address_ == 0 || home_ == 0 || !vspace.map(frame, home_))
        return false;
    block_ = reinterpret_cast<StartBlock*>(home_);
    *block_ = {};
    block_->ipc_buffer = stack_;
    if (options.uart.frame == 0)
        return true;
    const CPtr uart = inner_.slot();
    if (uart == 0 || !sel4::cap_copy(options.uart.frame, uart))
        return false;
    block_->uart = space_.map_somewhere(uart) + options.uart.offset;
    return block_->uart != options.uart.offset;
}

/// Everything the process is given, at the places that start_block.hpp says.
bool Process::fill_cspace(const Options& options) {
    cnode_ = inner_.make(ObjectType::cnode, cnode_bits);
    tcb_ = inner_.make(ObjectType::tcb);
    const Word guard = abi::cnode_data(0, 64 - cnode_bits);
    return cnode_ != 0 && tcb_ != 0 && give(abi::root_tcb, tcb_) &&
           give(abi::root_cnode, cnode_, abi::all_rights, guard) &&
           give(abi::root_vspace, space_.root()) && give(abi::root_ipc_buffer, buffer_frame_) &&
           /// @cond LAB5
           give_peers(options) &&
           /// @endcond
           give_memory(options.own_memory_bits) && give_watch(options);
}

/// @cond LAB5
/// Its notification, and the places of its peers.
bool Process::give_peers(const Options& options) {
    block_->hart = options.hart;
    block_->harts = options.harts;
    block_->priority = options.priority;
    block_->ticks_per_second = options.ticks_per_second;
    if (!options.peers)
        return true;
    if (!peers_.create(inner_, space_, cnode_))
        return false;
    block_->peers = peers_.address();
    block_->hint = peers_.hint_address();
    return give(own_notification, peers_.notification());
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

bool Process::give_memory(unsigned bits) {
    const CPtr untyped = inner_.make(ObjectType::untyped, bits);
    block_->memory_bits = bits;
    return untyped != 0 && give(own_memory, untyped);
}

bool Process::configure(const Options& options) {
    const abi::TcbConfigure spaces{.fault_handler = own_fault_handler,
                                   .cspace_data = abi::cnode_data(0, 64 - cnode_bits),
                                   .vspace_data = 0,
                                   .buffer = stack_};
    return sel4::invoke(tcb_, spaces, cnode_, space_.root(), buffer_frame_) &&
           sel4::tcb_set_priority(tcb_, options.priority) &&
           /// @cond LAB5
           (options.hart == 0 || sel4::invoke(tcb_, abi::TcbSetAffinity{options.hart})) &&
           /// @endcond
           (options.watch == nullptr || options.watch->attach(tcb_, options.badge));
}

/// Puts a copy of a capability into a slot of the process.
bool Process::give(CPtr slot, CPtr cap, Word rights, Word badge) {
    if (badge == 0)
        return bool(sel4::invoke(cnode_,
                                 abi::CNodeCopy{slot, cnode_bits, cap, sel4::full_depth, rights},
                                 sel4::own_cnode));
    return bool(sel4::invoke(cnode_,
                             abi::CNodeMint{slot, cnode_bits, cap, sel4::full_depth, rights, badge},
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
    block_->empty = {next_slot_, Word{1} << cnode_bits};
    /// @cond LAB5
    block_->empty.end = first_peer_slot;
    /// @endcond
    block_->first_address = space_.reserve(page_size);
    block_->last_address = abi::user_top;
    abi::UserContext registers = {};
    registers.pc = entry_;
    registers.sp = stack_;
    registers.a0 = block_address_;
    sel4::tcb_write_registers(tcb_, registers, true);
}

bool Process::exited() const {
    // Acquire: pairs with the release in exit(); the code is there.
    return std::atomic_ref(block_->exited).load(std::memory_order_acquire) != 0;
}

unsigned Process::exit_code() const { return static_cast<unsigned>(block_->exit_code); }

void Process::destroy() {
    if (tcb_ != 0)
        sel4::tcb_suspend(tcb_); // it may run elsewhere, and would fault while its memory goes
    tcb_ = 0;
    if (memory_ != 0)
        allocator.destroy(memory_);
    if (first_slot_ != 0)
        allocator.release_slot(first_slot_, slots_);
    inner_.reset();
    /// @cond LAB5
    peers_.forget();
    /// @endcond
    memory_ = 0;
    first_slot_ = 0;
}

} // namespace user
