// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The two ends of a ring. Items are built and read in place; what is put in or taken counts for
/// the other side when it is published, once a burst.
///
///     head (published)     taken so far      tail (published)      put in so far     limit
///     |  taken, not told   |  to be read     |  built, not told    |  room           |
///
/// Each end walks through a run of lines with two pointers, the next line and where to stop: the
/// short path compares nothing else. It stops at the end of the run, of the ring, of the room, or
/// of what the caller allows; the long path finds out which.
/// The other side is hostile. Its counter is read once and believed if it is possible: it only
/// goes forward, and not past ours or a capacity away from it. Else the ring is *corrupt* for good.
/// Read next: runtime/status.hpp, runtime/long_message.hpp.
/// @stage{4}
#pragma once

#include "kernel/lib/todo.hpp"
#include "runtime/lines.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace rt {

// Your own helpers: begin
// Your own helpers: end

/// What the long path found.
enum class Ring : uint8_t {
    ready,   ///< there is a run of at least one line
    blocked, ///< no room, or nothing new
    corrupt, ///< the other side broke its counter
};

/// Can a counter have gone forward by so much, if `most` bytes are possible?
constexpr bool possible(Word forward, Word most) {
    return forward <= most && forward % abi::line_bytes == 0;
}

template <class Lines = ContiguousLines>
class Producer {
public:
    /// @pre both counters are 0: the buffer is new.
    Producer(abi::ProducerWords& own, abi::ConsumerWords& peer, Lines lines)
        : own_(&own), peer_(&peer), lines_(lines) {}

    /// Must the next line be asked for?
    [[nodiscard]] bool stopped() const { return line_ == stop_; }
    /// The next line, which is to be built now. @pre not stopped()
    abi::Item& next() { return *line_++; }

    /// Bytes that can be built in a row before stopped().
    [[nodiscard]] Word run() const { return distance(line_, stop_); }
    /// So many of them, to be built before anything is published. @pre at most run()
    Run take(Word bytes) {
        abi::Item* const first = std::exchange(line_, further(line_, bytes));
        return {first, line_};
    }
    /// The line was taken, but it and those behind it were not built.
    void give_back(abi::Item* line) { line_ = line; }

    /// Bytes put in, published or not.
    [[nodiscard]] Word tail() const { return reinterpret_cast<Word>(line_) + bias_; }
    [[nodiscard]] Word capacity() const { return lines_.capacity(); }

    /// The long path: looks for room, and for at most `most` bytes of it.
    Ring refill(Word most = ~Word{0});

    /// Bytes that are free, as far as is known without looking again.
    [[nodiscard]] Word room() const { return capacity() - (tail() - head_); }
    /// Might refill() find more? Costs a load.
    [[nodiscard]] bool news() const { return peer_->head.load_relaxed() != head_; }
    /// The line `index` behind the next one; it need not be in the run. @pre there is room
    [[nodiscard]] abi::Item& line_at(Word index) const {
        return *lines_.run(tail() + index * abi::line_bytes).first;
    }
    /// Lines in a row from that one on, before the ring begins anew.
    [[nodiscard]] Word lines_in_a_row(Word index) const {
        return lines_.run(tail() + index * abi::line_bytes).bytes() / abi::line_bytes;
    }
    /// So many bytes were built, wherever they lie. If that is not in this run, stopped() holds
    /// afterwards.
    void advance_by(Word bytes) {
        if (bytes <= run())
            line_ = further(line_, bytes);
        else
            stop_at(tail() + bytes);
    }

    /// stopped() holds until reopen(), which allows what is left of the run.
    void close() { stop_ = line_; }
    void reopen() { stop_ = limit_; }
    /// What is left of the run is not used.
    void discard() { stop_ = limit_ = line_; }

    /// Everything put in is there for the consumer: pairs with the acquire in Consumer::refill.
    void publish() { own_->tail.store_release(tail()); }

    [[nodiscard]] abi::ProducerWords& own() { return *own_; }
    [[nodiscard]] abi::ConsumerWords& peer() { return *peer_; }

private:
    void stop_at(Word tail) {
        line_ = stop_ = limit_ = lines_.run(tail).first;
        bias_ = tail - reinterpret_cast<Word>(line_);
    }

    abi::Item* line_ = nullptr;
    abi::Item* stop_ = nullptr;
    abi::Item* limit_ = nullptr; ///< end of the run
    Word bias_ = 0;              ///< tail - address of the line
    Word head_ = 0;              ///< the consumer's counter as last believed
    abi::ProducerWords* own_;
    abi::ConsumerWords* peer_;
    Lines lines_;
};

/// @lab{4.1} believe the peer's counter if it is possible; then a run of what is free
template <class Lines>
Ring Producer<Lines>::refill(Word most) {
    const Word tail = this->tail();
    // Pairs with the release in Consumer::publish: the lines were read before they are built anew.
    const Word freed = peer_->head.load_acquire() - head_;
    if (!possible(freed, tail - head_))
        return Ring::corrupt;
    head_ += freed;
    stop_at(tail);
    const Word bytes = std::min({lines_.run(tail).bytes(), room(), most});
    stop_ = limit_ = further(line_, bytes);
    return bytes == 0 ? Ring::blocked : Ring::ready;
}

template <class Lines = ContiguousLines>
class Consumer {
public:
    /// @pre both counters are 0: the buffer is new.
    Consumer(abi::ConsumerWords& own, abi::ProducerWords& peer, Lines lines)
        : own_(&own), peer_(&peer), lines_(lines) {}

    /// Must the next line be asked for?
    [[nodiscard]] bool stopped() const { return line_ == stop_; }
    /// Bytes that can be read in a row before stopped().
    [[nodiscard]] Word run() const { return distance(line_, stop_); }
    /// So many of them, to be read before anything is published. @pre at most run()
    Run take(Word bytes) {
        abi::Item* const first = std::exchange(line_, further(line_, bytes));
        return {first, line_};
    }
    /// The line was taken, but it and those behind it were not read.
    void give_back(abi::Item* line) { line_ = line; }

    /// Bytes taken, published or not.
    [[nodiscard]] Word head() const { return reinterpret_cast<Word>(line_) + bias_; }
    [[nodiscard]] Word capacity() const { return lines_.capacity(); }

    /// The long path: looks for new lines. @pre stopped()
    Ring refill();

    /// Is there anything that was not taken? The answer may be wrong if the ring is corrupt.
    [[nodiscard]] bool news() const { return peer_->tail.load_relaxed() != head(); }

    /// Bytes that are known to be there, in this run and behind it.
    [[nodiscard]] Word available() const { return tail_ - head(); }
    /// The line `index` behind the next one; it need not be in the run. @pre it is available
    [[nodiscard]] abi::Item& line_at(Word index) const {
        return *lines_.run(head() + index * abi::line_bytes).first;
    }
    /// Lines in a row from that one on, before the ring begins anew.
    [[nodiscard]] Word lines_in_a_row(Word index) const {
        return lines_.run(head() + index * abi::line_bytes).bytes() / abi::line_bytes;
    }
    /// So many bytes were read, wherever they lie. @pre they are available
    void advance_by(Word bytes) {
        if (bytes <= run())
            line_ = further(line_, bytes);
        else
            start_run(head() + bytes);
    }

    /// What was taken can be built anew: pairs with the acquire in Producer::refill.
    void publish() { own_->head.store_release(head()); }

    [[nodiscard]] abi::ConsumerWords& own() { return *own_; }
    [[nodiscard]] abi::ProducerWords& peer() { return *peer_; }

private:
    void start_run(Word head) {
        const Run run = lines_.run(head);
        line_ = run.first;
        end_ = run.last;
        stop_ = std::min(further(line_, tail_ - head), end_);
        bias_ = head - reinterpret_cast<Word>(line_);
    }

    abi::Item* line_ = nullptr;
    abi::Item* stop_ = nullptr; ///< end of what was seen, or of the run
    abi::Item* end_ = nullptr;  ///< of the run
    Word bias_ = 0;             ///< head - address of the line
    Word tail_ = 0;             ///< the producer's counter as last believed
    abi::ConsumerWords* own_;
    abi::ProducerWords* peer_;
    Lines lines_;
};

/// @lab{4.2} the rest of what was seen; else what is new, if the peer's counter is possible
template <class Lines>
[[gnu::always_inline]] inline Ring Consumer<Lines>::refill() {
    if (line_ == end_) {
        start_run(head());
        if (!stopped())
            return Ring::ready;
    }
    // All that was seen is taken. What is needed is read before the fence, not again behind it.
    const Word seen = tail_;
    abi::Item* const line = line_;
    abi::Item* const end = end_;
    const Word fresh = peer_->tail.load_relaxed() - seen;
    if (fresh == 0)
        return Ring::blocked;
    if (!possible(fresh, lines_.capacity()))
        return Ring::corrupt;
    fence_acquire(); // pairs with the release in Producer::publish: the lines are there
    tail_ = seen + fresh;
    stop_ = std::min(further(line, fresh), end);
    return Ring::ready;
}

} // namespace rt
