// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The conversation with a loader, over a pseudo-terminal on whose other end a loader is played: by
/// the board's own Receiver, on a memory of this process, over lines that garble bytes by counting.
#include "autograder/board/link.hpp"
#include "autograder/source/scratch.hpp"

#include <array>
#include <atomic>
#include <doctest/doctest.h>
#include <poll.h>
#include <pty.h>
#include <thread>

using namespace grade;
using namespace std::chrono_literals;

namespace {

struct Terminal {
    Terminal() {
        int ours = -1;
        int theirs = -1;
        std::array<char, 64> text{};
        REQUIRE(::openpty(&ours, &theirs, text.data(), nullptr, nullptr) == 0);
        board = Descriptor(ours);
        kept = Descriptor(theirs); // else the board would read an error whenever nobody listens
        name = text.data();
    }

    Descriptor board, kept;
    std::string name;
};

/// A loader with 64 KiB at 0x1000, in a thread.
class PlayedLoader {
public:
    /// @param noise one of so many bytes is garbled, in both directions; 0: none
    PlayedLoader(int line, unsigned noise)
        : line_(line), noise_(noise), thread_([this] { run(); }) {}
    PlayedLoader(const PlayedLoader&) = delete;
    PlayedLoader& operator=(const PlayedLoader&) = delete;
    ~PlayedLoader() {
        done_ = true;
        thread_.join();
    }

    static constexpr std::uint64_t base = 0x1000;
    Bytes memory = Bytes(65536);
    std::atomic<std::uint64_t> entry = 0;

private:
    [[nodiscard]] std::uint8_t arriving(std::uint8_t byte) {
        ++count_;
        return noise_ != 0 && count_ % noise_ == 0 ? byte ^ 0x10 : byte;
    }

    void say(std::string text) {
        text = fmt::format("@rel4 {} {:x}\n", text, loader::crc(text));
        for (char& letter : text) {
            letter = static_cast<char>(arriving(static_cast<std::uint8_t>(letter)));
        }
        REQUIRE(::write(line_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }

    void run() {
        while (!done_) {
            pollfd ready{.fd = line_, .events = POLLIN, .revents = 0};
            std::array<std::uint8_t, 512> bytes{};
            if (::poll(&ready, 1, 20) <= 0) {
                continue;
            }
            const ssize_t count = ::read(line_, bytes.data(), bytes.size());
            for (ssize_t i = 0; i < count; ++i) {
                take(bytes[static_cast<std::size_t>(i)]);
            }
        }
    }

    void take(std::uint8_t byte) {
        // A whole byte of noise may be lost, too.
        if (noise_ != 0 && ++count_ % (3 * noise_) == 0) {
            return;
        }
        const auto state = receiver_.take(arriving(byte));
        if (state == loader::Receiver::State::broken) {
            say("again");
        } else if (state == loader::Receiver::State::whole) {
            serve();
        }
    }

    void serve() {
        const std::uint32_t number = receiver_.number();
        const std::uint64_t offset = receiver_.address() - base;
        const std::size_t size = receiver_.data_size();
        switch (receiver_.kind()) {
        case loader::Kind::hello:
            say(fmt::format("ready {:x} 2000 40 100000 101000", loader::version));
            return;
        case loader::Kind::write:
            if (offset > memory.size() - size) {
                say(fmt::format("refused {:x}", number));
                return;
            }
            std::copy_n(receiver_.data(), size,
                        memory.begin() + static_cast<std::ptrdiff_t>(offset));
            say(fmt::format("done {:x}", number));
            return;
        case loader::Kind::read: {
            std::string digits;
            for (std::size_t i = 0; i < loader::number_at(receiver_.data(), 4); ++i) {
                digits += fmt::format("{:02x}", memory[offset + i]);
            }
            say(fmt::format("data {:x} {}", number, digits));
            return;
        }
        case loader::Kind::boot:
            entry = receiver_.address();
            say(fmt::format("done {:x}", number));
            return;
        }
    }

    int line_;
    unsigned noise_;
    unsigned count_ = 0;
    loader::Receiver receiver_;
    std::atomic<bool> done_ = false;
    std::thread thread_;
};

Bytes pattern(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) { // with many bytes that frames escape
        bytes[i] = i % 3 == 0 ? loader::flag : static_cast<std::uint8_t>(i * 7);
    }
    return bytes;
}

SerialLine line_of(const Terminal& terminal) {
    auto line = SerialLine::take(terminal.name, 115200);
    REQUIRE(line);
    return std::move(*line);
}

} // namespace

TEST_CASE("link: what is written is there, and is read back") {
    const Terminal terminal;
    PlayedLoader board(terminal.board.number(), 0);
    SerialLine line = line_of(terminal);
    Link link(line);
    const Greeting greeting = link.greet(in(10s));
    CHECK(greeting.tree == 0x2000);
    CHECK(greeting.tree_size == 0x40);
    CHECK(greeting.begin == 0x100000);
    const Bytes bytes = pattern(10'000); // three frames
    link.write(PlayedLoader::base + 5, bytes);
    CHECK(Bytes(board.memory.begin() + 5, board.memory.begin() + 10'005) == bytes);
    CHECK(link.read(PlayedLoader::base + 5, bytes.size()) == bytes);
    CHECK(link.repeated() == 0);
    link.boot(0x1234, 0x2000);
    CHECK(board.entry == 0x1234);
}

TEST_CASE("link: a line that garbles bytes costs repetitions, not a byte of what is written") {
    const Terminal terminal;
    PlayedLoader board(terminal.board.number(), 20011);
    SerialLine line = line_of(terminal);
    Link link(line, 50ms);
    static_cast<void>(link.greet(in(10s)));
    const Bytes bytes = pattern(40'000);
    link.write(PlayedLoader::base, bytes);
    CHECK(Bytes(board.memory.begin(), board.memory.begin() + 40'000) == bytes);
    CHECK(link.read(PlayedLoader::base, 4'000) == Bytes(bytes.begin(), bytes.begin() + 4'000));
    CHECK(link.repeated() > 0);
}

TEST_CASE("link: an address that the loader refuses is an error, and is not tried again") {
    const Terminal terminal;
    const PlayedLoader board(terminal.board.number(), 0);
    SerialLine line = line_of(terminal);
    Link link(line);
    CHECK_THROWS_WITH_AS(link.write(0x900000, pattern(4)), "the loader refuses address 0x900000",
                         BoardError);
}

TEST_CASE("link: where nobody answers there is no loader") {
    const Terminal terminal;
    SerialLine line = line_of(terminal);
    Link link(line, 5ms);
    CHECK_THROWS_WITH_AS(static_cast<void>(link.greet(in(20ms))), "no loader answers on the line",
                         BoardError);
    CHECK_THROWS_WITH_AS(link.boot(0, 0), "the loader does not answer", BoardError);
}

TEST_CASE("serial line: who has it has it alone, and gives it back") {
    const Terminal terminal;
    {
        const SerialLine line = line_of(terminal);
        CHECK_FALSE(SerialLine::take(terminal.name, 115200));
    }
    CHECK(SerialLine::take(terminal.name, 115200));
}

TEST_CASE("serial line: what is none is said in one sentence") {
    const Scratch scratch;
    CHECK_THROWS_WITH_AS(static_cast<void>(SerialLine::take(scratch.path() / "no", 115200)),
                         doctest::Contains("no cannot be opened: No such file"), EnvironmentError);
    const Terminal terminal;
    CHECK_THROWS_WITH_AS(static_cast<void>(SerialLine::take(terminal.name, 31)),
                         doctest::Contains("no serial line has 31 baud"), EnvironmentError);
}

TEST_CASE("serial line: lines come whole, long ones in pieces") {
    const Terminal terminal;
    SerialLine line = line_of(terminal);
    const std::string text = "one\r\n" + std::string(5000, 'x') + "\ntw";
    REQUIRE(::write(terminal.board.number(), text.data(), text.size()) ==
            static_cast<ssize_t>(text.size()));
    CHECK(line.read_line(in(5s)) == "one");
    CHECK(line.read_line(in(5s)) == std::string(4096, 'x'));
    CHECK(line.read_line(in(5s)) == std::string(904, 'x'));
    CHECK_FALSE(line.read_line(in(10ms)));
    REQUIRE(::write(terminal.board.number(), "o\n", 2) == 2);
    CHECK(line.read_line(in(5s)) == "two");
}
