// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The loader that a board starts with, behind its firmware: takes a program over the serial line,
/// into memory, and goes there. It knows of no device: the console is the firmware's. It believes
/// the line nothing and the grader all: whoever holds the line owns the board.
///
///     firmware ──> loader <── frames ── grader
///                    └──> program
///
/// The board is reset before each program, for one that runs could say that it is the loader.
///
/// Always holds: the loader's own memory stays as it is, also for the program, whose device tree
/// says that it is not free.
/// Read next: frame.hpp.
#include "platform/loader/frame.hpp"

extern "C" {
extern const char image_start[];
extern const char bss_end[];
/// Where harts are sent that come in later.
extern uint64_t booted;
[[noreturn]] void load(uint64_t hart, const void* device_tree);
}

namespace {

using namespace std::string_view_literals;
using loader::Receiver;

// Calls of SBI's first version: its console is the only one that OpenSBI 1.1 has.
constexpr uint64_t set_timer = 0;
constexpr uint64_t put_char = 1;
constexpr uint64_t get_char = 2;
constexpr uint64_t hart_state_management = 0x48534d;

constexpr uint64_t most_harts = 8;

int64_t call_firmware(uint64_t extension, uint64_t first, uint64_t second = 0) {
    constexpr uint64_t start = 0; // of hart state management; others have no functions
    register uint64_t a0 asm("a0") = first;
    register uint64_t a1 asm("a1") = second;
    register uint64_t a2 asm("a2") = 0;
    register uint64_t a6 asm("a6") = start;
    register uint64_t a7 asm("a7") = extension;
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return static_cast<int64_t>(a0);
}

uint64_t now() {
    uint64_t counts = 0;
    asm volatile("rdtime %0" : "=r"(counts));
    return counts;
}

/// Sleeps for so many counts of the time.
void doze(uint64_t counts) {
    constexpr uint64_t timer_interrupt = 1 << 5; // in sie
    call_firmware(set_timer, now() + counts);
    asm volatile("csrs sie, %0; wfi; csrc sie, %0" : : "r"(timer_interrupt) : "memory");
}

void pause(uint64_t counts) {
    for (const uint64_t begin = now(); now() - begin < counts;) {
    }
}

/// Between two looks there is less time than it takes to send the 16 bytes that a UART keeps; but
/// an emulator that is asked without a pause never comes to receive any. Who says nothing for long
/// is listened to less often: what gets lost when he begins he says again.
uint8_t next_byte() {
    constexpr uint64_t between = 50;
    constexpr unsigned short_time = 500;
    constexpr unsigned long_time = 5000;
    for (unsigned i = 0;; i++) {
        const int64_t byte = call_firmware(get_char, 0);
        if (byte >= 0)
            return static_cast<uint8_t>(byte);
        if (i < short_time)
            pause(between);
        else
            doze(i < long_time ? 100 : 10'000);
    }
}

/// One line to the grader.
class Line {
public:
    explicit Line(std::string_view word) {
        write("@rel4 "sv);
        say(word);
    }

    void end() {
        const uint32_t sum = crc_.value();
        write(" "sv);
        for (int shift = 28; shift >= 0; shift -= 4)
            write({&digits[sum >> shift & 15], 1});
        write("\n"sv);
    }

    Line& number(uint64_t number) {
        say(" "sv);
        int shift = 60;
        while (shift > 0 && number >> shift == 0)
            shift -= 4;
        for (; shift >= 0; shift -= 4)
            say({&digits[number >> shift & 15], 1});
        return *this;
    }
    Line& bytes(const uint8_t* from, size_t size) {
        say(" "sv);
        for (size_t i = 0; i < size; i++) {
            say({&digits[from[i] >> 4], 1});
            say({&digits[from[i] & 15], 1});
        }
        return *this;
    }

private:
    static constexpr char digits[] = "0123456789abcdef";

    static void write(std::string_view text) {
        for (const char letter : text)
            call_firmware(put_char, static_cast<uint8_t>(letter));
    }
    void say(std::string_view text) {
        for (const char letter : text)
            crc_.add(static_cast<uint8_t>(letter));
        write(text);
    }

    loader::Crc crc_;
};

/// Too large for the stack.
constinit Receiver receiver;

uint64_t address_of(const void* object) { return reinterpret_cast<uint64_t>(object); }

class Loader {
public:
    Loader(uint64_t hart, const void* device_tree) : hart_(hart), device_tree_(device_tree) {}

    [[noreturn]] void run() {
        greet();
        for (;;) {
            switch (receiver.take(next_byte())) {
            case Receiver::State::unfinished:
                break;
            case Receiver::State::broken:
                Line("again"sv).end();
                break;
            case Receiver::State::whole:
                serve();
                break;
            }
        }
    }

private:
    void greet() const {
        const auto* const tree = static_cast<const uint8_t*>(device_tree_);
        uint64_t size = 0; // the second word of a device tree, big-endian
        for (int i = 4; i < 8; i++)
            size = size << 8 | tree[i];
        Line("ready"sv)
            .number(loader::version)
            .number(address_of(tree))
            .number(size)
            .number(address_of(image_start))
            .number(address_of(bss_end))
            .end();
    }

    void serve() {
        switch (receiver.kind()) {
        case loader::Kind::hello:
            greet();
            return;
        case loader::Kind::write:
            if (write())
                return;
            break;
        case loader::Kind::read:
            if (read())
                return;
            break;
        case loader::Kind::boot:
            if (receiver.data_size() == sizeof(uint64_t))
                boot();
            break;
        }
        Line("refused"sv).number(receiver.number()).end();
    }

    bool write() {
        const uint64_t size = receiver.data_size();
        const uint64_t begin = receiver.address();
        if (begin + size < begin ||
            (begin < address_of(bss_end) && begin + size > address_of(image_start)))
            return false;
        auto* const to = reinterpret_cast<volatile uint8_t*>(begin);
        for (size_t i = 0; i < size; i++)
            to[i] = receiver.data()[i];
        Line("done"sv).number(receiver.number()).end();
        return true;
    }

    bool read() {
        const uint64_t size =
            receiver.data_size() == 4 ? loader::number_at(receiver.data(), 4) : ~uint64_t{0};
        if (size > loader::longest_read)
            return false;
        const auto* const from = reinterpret_cast<const uint8_t*>(receiver.address());
        Line("data"sv).number(receiver.number()).bytes(from, size).end();
        return true;
    }

    [[noreturn]] void boot() {
        Line("done"sv).number(receiver.number()).end();
        booted = receiver.address();
        register uint64_t a0 asm("a0") = hart_;
        register uint64_t a1 asm("a1") = loader::number_at(receiver.data(), sizeof(uint64_t));
        // What was written are instructions now, for this hart; others are started by the program.
        asm volatile("fence rw, rw; fence.i; jr %0"
                     :
                     : "r"(receiver.address()), "r"(a0), "r"(a1)
                     : "memory");
        __builtin_unreachable();
    }

    uint64_t hart_;
    const void* device_tree_;
};

} // namespace

void load(uint64_t hart, const void* device_tree) {
    for (uint64_t other = 0; other < most_harts; other++) { // it refuses those that there are not
        if (other != hart)
            call_firmware(hart_state_management, other, address_of(image_start));
    }
    Loader(hart, device_tree).run();
}
