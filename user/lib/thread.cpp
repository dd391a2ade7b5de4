// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See thread.hpp.
/// @stage{2}
#include "user/lib/thread.hpp"

namespace user {

bool Thread::create(Allocator& memory, VSpace& space, Word priority, CPtr fault_handler) {
    allocator_ = &memory;
    tcb_ = memory.make(ObjectType::tcb);
    ended_ = memory.make(ObjectType::notification);
    if (tcb_ != 0 && ended_ != 0 && map_memory(space) && configure(space, priority, fault_handler))
        return true;
    destroy();
    return false;
}

bool Thread::map_memory(VSpace& space) {
    const Word start = space.reserve((1 + stack_pages + 1) * page_size);
    Word vaddr = start;
    for (CPtr& frame : frames_) {
        vaddr += page_size;
        frame = allocator_->make(ObjectType::page);
        if (start == 0 || frame == 0 || !space.map(frame, vaddr))
            return false;
    }
    buffer_ = vaddr;
    return true;
}

bool Thread::configure(const VSpace& space, Word priority, CPtr fault_handler) {
    const abi::TcbConfigure spaces{
        .fault_handler = fault_handler, .cspace_data = 0, .vspace_data = 0, .buffer = buffer_};
    return sel4::invoke(tcb_, spaces, sel4::own_cnode, space.root(), frames_[stack_pages]) &&
           sel4::tcb_set_priority(tcb_, priority);
}

void Thread::start(Function function, Word argument) {
    function_ = function;
    argument_ = argument;
    finished_.store(false, std::memory_order_relaxed);
    abi::UserContext registers = {};
    registers.pc = reinterpret_cast<Word>(&Thread::enter);
    registers.sp = buffer_;
    registers.tp = buffer_;
    registers.a0 = reinterpret_cast<Word>(this);
    sel4::tcb_write_registers(tcb_, registers, true);
}

/// The thread's first function, and its last. Once it has said that it is finished its owner may
/// use the memory of `thread` for something else.
void Thread::enter(Thread& thread) {
    thread.function_(thread.argument_);
    const CPtr tcb = thread.tcb_;
    const CPtr ended = thread.ended_;
    // Release: pairs with the acquire in finished(); what the function wrote is seen.
    thread.finished_.store(true, std::memory_order_release);
    sel4::signal(ended);
    for (;;)
        sel4::tcb_suspend(tcb);
}

void Thread::join() {
    while (!finished())
        sel4::wait(ended_);
}

void Thread::destroy() {
    if (tcb_ != 0)
        allocator_->destroy(tcb_);
    if (ended_ != 0)
        allocator_->destroy(ended_);
    for (CPtr& frame : frames_) {
        if (frame != 0)
            allocator_->destroy(frame);
        frame = 0;
    }
    tcb_ = 0;
    ended_ = 0;
}

} // namespace user
