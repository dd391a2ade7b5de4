// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asynchronous system calls, ring and all written by hand: what the kernel does with a request.
/// @stage{6}
#include "runtime/buffer.hpp"
#include "runtime/long_message.hpp"
#include "runtime/status.hpp"
#include "user/tests/uintr.hpp"

#include <algorithm>

namespace {

constexpr abi::RingLines lines = {.requests = 32, .replies = 32};

/// A registration of the calling thread, and its ends of the rings.
class Calls {
public:
    explicit Calls(const Place& place = Place::current())
        : registration_(make(ObjectType::async_registration, abi::async_registration_bits)),
          notification_(make(ObjectType::notification)) {
        const CPtr frame = make(ObjectType::mega_page);
        header_ =
            reinterpret_cast<abi::BufferHeader*>(vspace.map_somewhere(frame, abi::mega_page_bits));
        expect_success("a frame", invoke(registration_, abi::AsyncAddFrame{}, frame), place);
        const Result result = invoke(
            registration_, abi::RegisterAsyncSyscall{lines.requests, lines.replies}, notification_);
        expect_success("registration", result, place);
        coroutines_ = result.words[0];
        const rt::Ends ends = rt::SharedBuffer(header_, lines).client();
        out_ = ends.out;
        in_ = ends.in;
    }

    /// Puts a request in.
    template <class I, class... Caps>
    void put(uint32_t id, CPtr object, const I& arguments, Caps... caps) {
        if (out_.stopped())
            expect("there is room", out_.refill() == rt::Ring::ready);
        const std::array<Word, 1 + sizeof...(Caps)> first{object, CPtr{caps}...};
        const auto rest = words_in(arguments);
        Word words[first.size() + rest.size()];
        std::ranges::copy(rest, std::ranges::copy(first, words).out);
        rt::put_message(
            out_, id,
            abi::ItemInfo::make(static_cast<Word>(I::label), std::size(words), sizeof...(Caps)),
            words);
    }

    /// Tells the kernel of what was put in, if it wants to be told.
    void submit() {
        if (rt::end_burst(out_, in_, false).notify)
            trap(abi::Syscall::uintr_wake_syscall_handler, 0, {});
    }

    /// The next reply must be this.
    void expect_reply(uint32_t id, Error error, std::initializer_list<Word> words = {},
                      const Place& place = Place::current()) {
        // With several harts the kernel may work on another one.
        if (!expect("there is a reply",
                    comes_true([&] { return !in_.stopped() || in_.refill() == rt::Ring::ready; }),
                    place))
            return;
        const Word header = rt::load_header(in_.line_at(0));
        const abi::ItemInfo info = rt::info_of(header);
        expect_equal("whose", id, static_cast<uint32_t>(header), place);
        expect_equal("error", error, static_cast<Error>(info.label()), place);
        expect_equal("length", words.size(), info.length(), place);
        unsigned at = 0;
        for (const Word word : words)
            expect_equal("word", word, rt::message_word(in_, at++).load_relaxed(), place);
        in_.advance_by(abi::lines_of(info.length()) * abi::line_bytes);
    }
    void expect_no_reply(const Place& place = Place::current()) {
        expect("no reply", in_.stopped() && in_.refill() == rt::Ring::blocked, place);
    }

    [[nodiscard]] CPtr notification() const { return notification_; }

private:
    CPtr registration_;
    CPtr notification_;
    abi::BufferHeader* header_ = nullptr;
    Word coroutines_ = 0;
    rt::Producer<> out_{header_->client.out, header_->server.in, {}};
    rt::Consumer<> in_{header_->client.in, header_->server.out, {}};
};

} // namespace

TEST("async: a call does what its trap does, without one") {
    Calls calls;
    const CPtr notification = make(ObjectType::notification);
    const CPtr slot = empty_slot();
    calls.put(1, own_cnode, abi::CNodeMint{slot, full_depth, notification, full_depth, 3, 77},
              own_cnode);
    calls.submit();
    calls.expect_reply(1, Error::none);
    calls.expect_no_reply();
    signal(slot);
    expect_equal("the badge", 77, poll(notification));
}
