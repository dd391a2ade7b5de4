// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The sender map, and what arrives.
/// @stage{5}
#include "runtime/signals.hpp"

#include "runtime/riscv/user_interrupt.hpp"
#include "user/lib/invoke.hpp"

namespace rt {

Signals::Signals(Notified& self) : self_(self) {
    self.on_signal(
        [](void* signals, Word badges) { static_cast<Signals*>(signals)->arrived(badges); }, this);
}

void Signals::signal(CPtr notification) {
    const Word index = index_of(notification);
    if (index != abi::no_sender)
        send(index);
    else
        sel4::signal(notification);
}

/// Another capability in the same place of the map is forgotten: to ask the kernel again answers
/// the same index.
Word Signals::index_of(CPtr notification) {
    Sender& sender = senders_[notification % most_senders];
    if (sender.notification != notification) {
        const auto registered = sel4::invoke(notification, abi::UintrRegisterSender{});
        if (!registered)
            return abi::no_sender; // perhaps later
        sender = {notification, registered.words[0]};
    }
    return sender.index;
}

Word Signals::poll() {
    self_.look();
    return std::exchange(badges_, 0);
}

void Signals::arrived(Word badges) {
    badges_ |= badges;
    if (waiting_ != nullptr)
        self_.executor().wake(*std::exchange(waiting_, nullptr));
}

} // namespace rt
