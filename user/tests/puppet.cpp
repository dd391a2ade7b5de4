// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See puppet.hpp. After its system call a puppet suspends itself; start() and run() write all
/// its registers and resume it, which ends whatever it waits for.
/// @stage{none}
#include "user/tests/puppet.hpp"

namespace {

/// Different for every register and every puppet.
Word distinct(CPtr tcb, unsigned index) {
    return 0xc0de'0000'0000'0000 + (tcb << 24) + Word{0x101} * index;
}

} // namespace

bool Puppet::create(Word priority, const Place& place) {
    tcb_ = make(ObjectType::tcb, 0, place);
    const Word stack = vspace.map_new(user::page_size);
    buffer_frame_ = make(ObjectType::page, 0, place);
    buffer_ = vspace.map_somewhere(buffer_frame_);
    if (!expect("a puppet has memory", stack != 0 && buffer_ != 0, place))
        return false;
    stack_end_ = stack + user::page_size;
    const abi::TcbConfigure spaces{
        .fault_handler = fault_handler(), .cspace_data = 0, .vspace_data = 0, .buffer = buffer_};
    return expect_success("a puppet is configured",
                          invoke(tcb_, spaces, own_cnode, vspace.root(), buffer_frame_), place) &&
           expect_success("a puppet has its priority", tcb_set_priority(tcb_, priority), place);
}

void Puppet::start(Syscall number, CPtr cptr, const Request& request) {
    tcb_suspend(tcb_);
    for (unsigned i = 1; i < register_count; i++)
        file_.x[i] = distinct(tcb_, i);
    file_.x[a7] = static_cast<Word>(number);
    file_.x[a0] = cptr;
    file_.x[a1] = request.info.word;
    for (unsigned i = 0; i < request.words.size(); i++) {
        if (i < abi::message_registers)
            file_.x[a2 + i] = request.words[i];
        else
            buffer().message[i] = request.words[i];
    }
    for (unsigned i = 0; i < request.caps.size(); i++)
        buffer().caps_or_badges[i] = request.caps[i];
    before_ = file_;
    done_.store(false, std::memory_order_relaxed);
    abi::UserContext registers = fresh();
    registers.a0 = reinterpret_cast<Word>(this);
    run(registers, reinterpret_cast<const void*>(&Puppet::enter));
}

void Puppet::enter(Puppet& puppet) {
    system_call_with(puppet.file_);
    // Release: pairs with the acquire in done(); the registers are seen.
    puppet.done_.store(true, std::memory_order_release);
    for (;;)
        tcb_suspend(puppet.tcb_);
}

Word Puppet::usual(unsigned index) const { return distinct(tcb_, index); }

void Puppet::expect_preserved(unsigned first, unsigned last, const Place& place) const {
    expect("the system call is over", done(), place);
    for (unsigned i = 1; i < register_count; i++) {
        const bool answer = first != 0 && i >= first && i <= last;
        if (i != sp && !answer && file_.x[i] != before_.x[i])
            fail(place, "register x", i, ": expected ", shown(before_.x[i]), ", got ",
                 shown(file_.x[i]));
    }
}

void Puppet::set_fault_handler(CPtr handler) {
    expect_success("a fault handler",
                   invoke(tcb_, abi::TcbSetSpace{handler, 0, 0}, own_cnode, vspace.root()));
}

void Puppet::set_buffer(CPtr frame, Word address) {
    expect_success("a message buffer", invoke(tcb_, abi::TcbSetIpcBuffer{address}, frame));
    buffer_ = address != 0 ? address : buffer_;
}

void Puppet::receive_into(CPtr slot, Word depth, CPtr root) const {
    buffer().receive_cnode = root;
    buffer().receive_index = slot;
    buffer().receive_depth = depth;
}

void Puppet::run(abi::UserContext registers, const void* code) {
    registers.pc = reinterpret_cast<Word>(code);
    expect_success("a puppet runs", tcb_write_registers(tcb_, registers, true));
}

abi::UserContext Puppet::registers() const {
    abi::UserContext result = {};
    expect_success("registers of a puppet", tcb_read_registers(tcb_, result));
    return result;
}

abi::UserContext Puppet::fresh() const {
    std::array<Word, abi::user_context_words> words;
    for (unsigned i = 0; i < words.size(); i++)
        words[i] = distinct(tcb_, abi::user_context_registers[i]);
    auto result = std::bit_cast<abi::UserContext>(words);
    result.sp = stack_end_;
    result.tp = buffer_;
    return result;
}
