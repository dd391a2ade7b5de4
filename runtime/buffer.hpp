// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A shared buffer as its two sides see it: which words and rings are whose. Each side says the
/// capacities itself; what is written in the buffer is never asked.
///
///     client.out ── requests ──> server.in
///     client.in  <── replies ─── server.out
///
/// Read next: runtime/ring.hpp, kernel/abi/ring.hpp.
/// @stage{4}
#pragma once

#include "runtime/ring.hpp"

#include <new>

namespace rt {

/// The ends of the two rings that one side has.
struct Ends {
    Producer<> out;
    Consumer<> in;
};

/// A buffer in one piece.
class SharedBuffer {
public:
    /// @pre `memory` is aligned to a line and has abi::buffer_bytes(lines); lines.valid()
    SharedBuffer(void* memory, abi::RingLines lines)
        : header_(static_cast<abi::BufferHeader*>(memory)), lines_(lines) {}

    /// Who sets the buffer up does this once, before anybody else has it.
    void initialise() {
        new (header_) abi::BufferHeader;
        header_->setup.store_relaxed(abi::buffer_setup(lines_));
    }

    [[nodiscard]] Ends client() const {
        return {{header_->client.out, header_->server.in, requests()},
                {header_->client.in, header_->server.out, replies()}};
    }
    [[nodiscard]] Ends server() const {
        return {{header_->server.out, header_->client.in, replies()},
                {header_->server.in, header_->client.out, requests()}};
    }

private:
    [[nodiscard]] abi::Item* line_at(Word offset) const {
        return reinterpret_cast<abi::Item*>(reinterpret_cast<std::byte*>(header_) + offset);
    }
    [[nodiscard]] ContiguousLines requests() const {
        return {line_at(abi::ring_offset), lines_.requests * abi::line_bytes};
    }
    [[nodiscard]] ContiguousLines replies() const {
        return {line_at(abi::replies_offset(lines_)), lines_.replies * abi::line_bytes};
    }

    abi::BufferHeader* header_;
    abi::RingLines lines_;
};

} // namespace rt
