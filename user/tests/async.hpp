// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asynchronous system calls for tests, ring and all written by hand:
///
///     Calls calls;                                  // a registration of the calling thread
///     calls.put(1, frame, abi::PageUnmap{});
///     calls.submit();
///     calls.expect_reply(1, Error::none);
///
/// The buffer lies in frames of 4 KiB. A thread that is not the test's own makes its Calls with
/// `.open = false` in the test, because the allocator is the test's, and opens it itself.
/// Read next: async_calls.cpp, kernel/abi/ring.hpp.
/// @stage{6}
#pragma once

#include "runtime/buffer.hpp"
#include "runtime/long_message.hpp"
#include "runtime/status.hpp"
#include "user/tests/uintr.hpp"

#include <algorithm>

/// Tells the kernel to look at the calling thread's requests.
inline void wake_handler() { trap(abi::Syscall::uintr_wake_syscall_handler, 0, {}); }

/// What came back from a call.
struct Reply {
    static constexpr unsigned most_words = 40;
    uint32_t id = 0;
    Error error = Error::none;
    Word length = 0;
    Word words[most_words] = {};
};

/// A registration, its buffer, and the client's ends of the rings.
class Calls {
public:
    struct Options {
        abi::RingLines lines = {.requests = 32, .replies = 32};
        unsigned bits = abi::async_registration_bits;
        bool open = true;
        CPtr memory = 0; ///< an untyped that all objects are made of; else they are the test's
    };

    Calls() : Calls(Options{}) {}
    explicit Calls(const Options& options, const Place& place = Place::current())
        : lines_(options.lines), memory_(options.memory),
          registration_(object(ObjectType::async_registration, options.bits, place)),
          notification_(object(ObjectType::notification, 0, place)),
          signal_(badged(notification_, 1, abi::all_rights, place)),
          pages_(static_cast<unsigned>(user::round_up(abi::buffer_bytes(lines_), page) / page)),
          frames_(empty_slot(pages_)) {
        const Word start = vspace.reserve(pages_ * page);
        header_ = reinterpret_cast<abi::BufferHeader*>(start);
        for (unsigned i = 0; i < pages_; i++) {
            expect_success("the frame moves to its slot",
                           cap_move(object(ObjectType::page, 0, place), frames_ + i), place);
            expect_success("a page", vspace.map(frames_ + i, start + i * page), place);
            expect_success("a frame", invoke(registration_, abi::AsyncAddFrame{}, frames_ + i),
                           place);
        }
        const rt::Ends ends = rt::SharedBuffer(header_, lines_).client();
        out_ = ends.out;
        in_ = ends.in;
        if (options.open)
            open(place);
    }

    /// Registers the calling thread.
    Result register_thread() {
        const Result result = invoke(registration_, arguments(), signal_);
        coroutines_ = result.words[0];
        return result;
    }
    void open(const Place& place = Place::current()) {
        expect_success("registration", register_thread(), place);
    }
    [[nodiscard]] abi::RegisterAsyncSyscall arguments() const {
        return {lines_.requests, lines_.replies};
    }

    /// Is there room for one more request of one line?
    [[nodiscard]] bool room() { return !out_.stopped() || out_.refill() == rt::Ring::ready; }

    /// Puts a request in: `words` begin with the object and the capabilities. The label of `info`
    /// is this build's.
    void put_words(uint32_t id, abi::ItemInfo info, std::span<const Word> words,
                   const Place& place = Place::current()) {
        const Word bytes = abi::lines_of(static_cast<unsigned>(words.size())) * abi::line_bytes;
        if (out_.stopped() || out_.room() < bytes)
            static_cast<void>(out_.refill());
        if (expect("there is room for a request", out_.room() >= bytes, place))
            rt::put_message(out_, id,
                            abi::ItemInfo::make(abi::label_in_items(info.label()), info.length(),
                                                info.extra_caps()),
                            words);
    }
    template <class I, class... Caps>
    void put(uint32_t id, CPtr object, const I& arguments, Caps... caps) {
        const std::array<Word, 1 + sizeof...(Caps)> first{object, CPtr{caps}...};
        const auto rest = words_in(arguments);
        Word words[first.size() + rest.size()];
        std::ranges::copy(rest, std::ranges::copy(first, words).out);
        put_words(
            id, abi::ItemInfo::make(static_cast<Word>(I::label), std::size(words), sizeof...(Caps)),
            words);
    }

    /// Publishes what was put in. Must the kernel be told?
    [[nodiscard]] bool publish() { return rt::end_burst(out_, in_, false).notify; }
    /// Publishes, and tells the kernel if it wants to be told.
    void submit() {
        if (publish())
            wake_handler();
    }

    /// Is there a reply that was not taken?
    [[nodiscard]] bool has_reply() { return !in_.stopped() || in_.refill() == rt::Ring::ready; }
    /// Takes one. @pre there is one
    Reply take_reply() {
        const Word header = rt::load_header(in_.line_at(0));
        const abi::ItemInfo info = rt::info_of(header);
        Reply reply{.id = static_cast<uint32_t>(header),
                    .error = static_cast<Error>(info.label()),
                    .length = info.length()};
        rt::copy_words(in_, 0, std::min(info.length(), Reply::most_words), reply.words);
        in_.advance_by(abi::lines_of(info.length()) * abi::line_bytes);
        return reply;
    }
    /// Waits for a reply: with several harts the kernel may work on another one.
    Reply reply(const Place& place = Place::current()) {
        const bool came =
            expect("there is a reply", comes_true([&] { return has_reply(); }), place);
        return came ? take_reply() : Reply{};
    }
    /// The next reply must be this.
    Reply expect_reply(uint32_t id, Error error, std::initializer_list<Word> words = {},
                       const Place& place = Place::current()) {
        const Reply got = reply(place);
        expect_equal("whose", id, got.id, place);
        expect_equal("error", error, got.error, place);
        expect_equal("length", words.size(), got.length, place);
        unsigned at = 0;
        for (const Word word : words)
            expect_equal("word", word, got.words[at++], place);
        return got;
    }
    void expect_no_reply(const Place& place = Place::current()) {
        expect("no reply", !has_reply(), place);
    }

    /// One call from request to reply.
    template <class I, class... Caps>
    Reply call(CPtr object, const I& arguments, Caps... caps) {
        put(7, object, arguments, caps...);
        submit();
        return reply();
    }

    /// The kernel has ended it, and has signalled that.
    void expect_closed(const Place& place = Place::current()) {
        expect("it is told of the end", comes_true([&] { return poll(notification_) != 0; }),
               place);
        expect_error("what was closed stays closed", Error::illegal_operation, register_thread(),
                     {}, place);
    }

    [[nodiscard]] CPtr registration() const { return registration_; }
    [[nodiscard]] CPtr notification() const { return notification_; }
    [[nodiscard]] CPtr signal() const { return signal_; }
    [[nodiscard]] CPtr frame(unsigned index = 0) const { return frames_ + index; }
    [[nodiscard]] unsigned pages() const { return pages_; }
    [[nodiscard]] Word coroutines() const { return coroutines_; }
    [[nodiscard]] abi::BufferHeader& header() const { return *header_; }
    /// All lines of both rings.
    [[nodiscard]] abi::Item* items() const { return reinterpret_cast<abi::Item*>(header_ + 1); }
    [[nodiscard]] rt::Producer<>& out() { return out_; }
    [[nodiscard]] rt::Consumer<>& in() { return in_; }

private:
    static constexpr Word page = user::page_size;

    CPtr object(ObjectType type, unsigned bits, const Place& place) const {
        if (memory_ == 0)
            return make(type, bits, place);
        const CPtr slot = empty_slot();
        expect_success("an object", untyped_retype(memory_, type, bits, slot), place);
        return slot;
    }

    abi::RingLines lines_;
    CPtr memory_;
    CPtr registration_;
    CPtr notification_;
    CPtr signal_; ///< with a badge
    unsigned pages_;
    CPtr frames_;
    inline static abi::BufferHeader nowhere = {}; ///< until there is one
    abi::BufferHeader* header_ = &nowhere;
    Word coroutines_ = 0;
    rt::Producer<> out_{header_->client.out, header_->server.in, {}};
    rt::Consumer<> in_{header_->client.in, header_->server.out, {}};
};
