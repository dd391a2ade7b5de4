// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The network card, as the net server's main coroutine sees it, is the test's.
/// Read next: labs/7-tcp-server/tests/host/drive.cpp.
#pragma once

#include "kernel/abi/types.hpp"

namespace netsrv {

constexpr abi::Word badge_of_card = abi::Word{1} << 62;
constexpr abi::Word card_memory = 4096;

class Interface {
public:
    /// True if there may be more.
    bool poll();
    /// False if frames have come meanwhile.
    [[nodiscard]] bool arm();
    void acknowledge();
    void publish() {}
    void refresh() {}
    void tidy_up() {}
};

Interface& interface();

struct CardInterrupt {
    abi::CPtr handler = 0;
    abi::CPtr signal = 0;
};
inline CardInterrupt start_interface(abi::CPtr) { return {}; }
inline void ask_for_address() {}
inline abi::Word look_after_timers() { return 1000; }

} // namespace netsrv
