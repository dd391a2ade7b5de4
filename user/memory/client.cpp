// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client of the memory server, to be tested: few and many coroutines use pages, and what the
/// server has to refuse. Read next: memory.hpp.
/// @stage{6}
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/memory/memory.hpp"

namespace {

using abi::Word;
using memory::Error;

constexpr unsigned pairs = 100;
alignas(64) constinit std::byte frames_memory[128 * user::frame_bytes] = {};

bool refuses(user::Caller& caller, const char* what, Word label, Word address, Error expected) {
    const auto reply = user::ask(caller, ipc::Message(label, address, 0));
    const bool good = reply && reply.label() == static_cast<Word>(expected);
    if (!good)
        println("memory: ", what, ": answered ", reply.label(), ": FAILED");
    return good;
}

bool check_errors(user::Caller& caller, Word area) {
    const Word own_code = reinterpret_cast<Word>(&frames_memory) & ~Word{4095};
    constexpr Word kernel = ~Word{0} << 38;
    bool good = refuses(caller, "a strange request", 77, area, Error::unknown_request);
    good &= refuses(caller, "not aligned", memory::map, area + 8, Error::bad_address);
    good &= refuses(caller, "in use", memory::map, own_code, Error::bad_address);
    good &= refuses(caller, "the kernel's", memory::map, kernel, Error::bad_address);
    good &= refuses(caller, "no address", memory::map, ~Word{0}, Error::bad_address);
    good &= refuses(caller, "not the server's", memory::unmap, own_code, Error::not_mapped);
    good &= refuses(caller, "nowhere", memory::unmap, ~Word{0}, Error::not_mapped);
    for (Word i = 0; i < memory::most_pages; i++)
        good &= refuses(caller, "all pages", memory::map, area + i * 4096, Error::none);
    const Word behind = area + Word{memory::most_pages} * 4096;
    good &= refuses(caller, "one more", memory::map, behind, Error::no_memory);
    for (Word i = 0; i < memory::most_pages; i++)
        good &= refuses(caller, "back", memory::unmap, area + i * 4096, Error::none);
    good &= refuses(caller, "twice", memory::unmap, area, Error::not_mapped);
    return good;
}

/// Of the server, so far.
Word traps(user::Caller& caller) {
    return user::ask(caller, ipc::Message(memory::count, 0, 0)).words[0];
}

bool check(user::Caller& caller, unsigned concurrency, Word area) {
    memory::Outcome outcome;
    const Word before = traps(caller);
    for (unsigned i = 0; i < concurrency; i++) {
        outcome.left++;
        if (!caller.spawn(memory::use_page(caller.pool(), caller.link(), area + i * Word{4096},
                                           pairs, &outcome)))
            return false;
    }
    const Word start = machine::time();
    caller.run([&] { return outcome.left == 0; });
    const Word time = user::nanoseconds(machine::time() - start);
    const Word taken = traps(caller) - before;
    const bool good =
        outcome.pairs == Word{concurrency} * pairs && outcome.failed == 0 && outcome.strange == 0;
    println("memory: ", concurrency, " at a time: ", outcome.pairs, " pages mapped and unmapped, ",
            outcome.failed, " failed, ", outcome.strange, " strange, ", taken,
            " traps of the server, ", time / (2 * outcome.pairs), " ns each",
            good ? "" : ": FAILED");
    return good;
}

} // namespace

int main() {
    user::Caller caller(frames_memory, memory::service, true);
    const Word area = user::vspace.reserve((memory::most_pages + 1) * Word{4096}, Word{1} << 21);
    bool good = caller.connected() && area != 0 && check_errors(caller, area);
    for (const unsigned concurrency : {1U, 8U, 64U})
        good = good && check(caller, concurrency, area);
    return good ? 0 : 1;
}
