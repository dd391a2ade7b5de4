// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Opening the rings, and telling the kernel that there is something in them.
/// @stage{6}
#include "runtime/system_calls.hpp"

#include "user/lib/syscall.hpp"

namespace rt {

SystemCalls::SystemCalls(Notified& self, const Notified::Objects& thread, const Objects& objects)
    : self_(self),
      client_(self.executor(), SharedBuffer(objects.buffer, objects.lines).client(),
              {[](void* calls) { static_cast<SystemCalls*>(calls)->tell_kernel(); }, this}, 0),
      several_harts_(objects.several_harts) {
    const auto opened = sel4::invoke(
        objects.registration,
        abi::RegisterAsyncSyscall{objects.lines.requests, objects.lines.replies}, objects.replies);
    open_ = static_cast<bool>(opened) && self.attach(client_, objects.replies, thread);
    if (open_)
        sel4::ipc_buffer().user_data = reinterpret_cast<Word>(this);
}

void SystemCalls::tell_kernel() {
    const bool enough = by_ring - told_ >= least_batch;
    told_ = by_ring;
    next_trapping_ = enough ? least_trapping : std::min(2 * next_trapping_, most_trapping);
    trapping_ = enough ? 0 : next_trapping_;
    if (several_harts_)
        Notified::enter_kernel();
    else
        self_.enter_kernel_before_sleep();
}

SystemCalls::~SystemCalls() {
    if (current() == this)
        sel4::ipc_buffer().user_data = 0;
    client_.close();
}

} // namespace rt
