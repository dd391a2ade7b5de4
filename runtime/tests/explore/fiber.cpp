// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The first switch to a fiber is makecontext's; all others are setjmp and longjmp, which are ten
/// times as fast as swapcontext, since they make no system call. AddressSanitizer is told of each.
/// @stage{4}
#include "runtime/tests/explore/fiber.hpp"

#include <dlfcn.h>
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <new>
#include <utility>

// Programs without AddressSanitizer do not have them.
#pragma weak __sanitizer_start_switch_fiber
#pragma weak __sanitizer_finish_switch_fiber

namespace explore {

namespace {

constexpr std::size_t stack_size = std::size_t{256} << 10;
constexpr std::size_t guard_size = 4096; ///< below the stack: whoever runs out of it must stop

Fiber* entering; ///< from prepare() to enter(), to which makecontext can pass no pointer

void leave_stack(void** save, const void* stack, std::size_t size) {
    if (__sanitizer_start_switch_fiber != nullptr)
        __sanitizer_start_switch_fiber(save, stack, size);
}

void arrive_on_stack(void* saved, const void** stack, std::size_t* size) {
    if (__sanitizer_finish_switch_fiber != nullptr)
        __sanitizer_finish_switch_fiber(saved, stack, size);
}

/// The C library's own longjmp. AddressSanitizer's in front of it is for jumps that leave frames
/// behind, and takes a hundred times as long.
using Longjmp = void (*)(std::jmp_buf, int);
const auto jump_to = reinterpret_cast<Longjmp>(dlsym(RTLD_NEXT, "_longjmp"));

[[gnu::noinline]] void jump(std::jmp_buf& from, std::jmp_buf& to) {
    if (_setjmp(from) == 0)
        jump_to(to, 1);
}

} // namespace

Fiber::Fiber() {
    void* memory = mmap(nullptr, guard_size + stack_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, guard_size, PROT_NONE) != 0)
        throw std::bad_alloc();
    stack_ = {static_cast<std::byte*>(memory) + guard_size, stack_size};
}

Fiber::~Fiber() { munmap(stack_.data() - guard_size, guard_size + stack_size); }

void Fiber::start(const std::function<void()>& body) {
    if (!prepared_)
        prepare();
    body_ = &body;
    ended_ = false;
    prepared_ = false;
    resume();
}

/// Makes the fiber wait in enter().
void Fiber::prepare() {
    ASAN_UNPOISON_MEMORY_REGION(stack_.data(), stack_.size());
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = stack_.data();
    context.uc_stack.ss_size = stack_.size();
    makecontext(&context, &Fiber::enter, 0);
    entering = this;
    leave_stack(&outside_shadow_, stack_.data(), stack_.size());
    if (_setjmp(outside_) == 0)
        setcontext(&context);
    arrive_on_stack(outside_shadow_, nullptr, nullptr);
}

void Fiber::enter() {
    Fiber& self = *std::exchange(entering, nullptr);
    arrive_on_stack(self.shadow_, &self.outside_stack_, &self.outside_size_);
    for (;;) {
        self.prepared_ = true;
        self.pause();
        (*self.body_)();
        self.ended_ = true;
    }
}

void Fiber::resume() {
    leave_stack(&outside_shadow_, stack_.data(), stack_.size());
    jump(outside_, here_);
    arrive_on_stack(outside_shadow_, nullptr, nullptr);
}

void Fiber::pause() {
    leave_stack(&shadow_, outside_stack_, outside_size_);
    jump(here_, outside_);
    arrive_on_stack(shadow_, &outside_stack_, &outside_size_);
}

} // namespace explore
