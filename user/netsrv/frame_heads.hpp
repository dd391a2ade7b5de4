// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Ethernet heads of frames to addresses that were sent to a moment ago. ARP looks an address up
/// for each packet; nearly all go where another one went just before, behind the same head:
///
///     packet for 10.0.2.2 ──put()──> | to, from, type | packet |        known
///                         ──ARP────> | to, from, type | packet | ──learn()──> known from now on
///
/// All are forgotten a few times a second: then ARP sees what is in use, and what it has learnt
/// since counts. Read next: interface.cpp.
/// @stage{7}
#pragma once

#include <lwip/pbuf.h>
#include <stddef.h>
#include <stdint.h>

namespace netsrv {

class FrameHeads {
public:
    /// Puts a head before a packet to this address, and so many bytes of room before that. False,
    /// and nothing was done, if none is known or there is no room.
    bool put(pbuf* packet, uint32_t to, size_t room) const;
    /// A frame goes out.
    void learn(const pbuf* frame);
    void forget() { *this = {}; }

private:
    struct Head {
        uint32_t to = 0;
        uint32_t words[4] = {}; ///< of 14 bytes the last ones: a packet begins at a whole word
    };
    static constexpr unsigned count = 8;
    static unsigned index_of(uint32_t to) { return to >> 24 & (count - 1); }

    Head heads_[count] = {}; ///< by the last bits of the address
};

} // namespace netsrv
