// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Random, but near what is sensible: most calls are a shape with one thing wrong or none.
/// @stage{none}
#include "user/fuzz/caller.hpp"

#include "user/lib/machine.hpp"
#include "user/lib/objects.hpp"

#include <bit>

namespace fuzz {

namespace {

constexpr unsigned most_words = 12;

struct Message {
    Word words[most_words];
    Word length;
    Word caps[abi::message_extra_caps];
    Word cap_count;
};

constexpr Word interesting[] = {0,
                                1,
                                2,
                                3,
                                7,
                                64,
                                120,
                                255,
                                256,
                                4095,
                                4096,
                                abi::user_top,
                                abi::user_top - 1,
                                Word{1} << 32,
                                Word{1} << 38,
                                Word{1} << 63,
                                ~Word{0},
                                0xffff'ffc0'8020'0000,
                                0xffff'ffc0'0000'0000,
                                0x8020'0000};

Word anything(Random& random) {
    switch (random.below(4)) {
    case 0:
        return random.next();
    case 1:
        return Word{1} << random.below(64);
    case 2:
        return random.below(slots);
    default:
        return interesting[random.below(std::size(interesting))];
    }
}

/// Addresses of which some lie in one page table, and some are those of the program.
Word address(Random& random) {
    constexpr Word program = 0x10000;
    if (random.one_in(8))
        return program + random.below(64) * 4096;
    const Word page = fuzz_addresses + (random.below(16) << 12);
    if (!random.one_in(3))
        return page;
    return page + (random.below(3) << 21) + (random.below(2) << 30);
}

/// A slot with this kind of capability, if one is found soon. The CSpace itself and the address
/// space are what most operations succeed with.
Word slot_with(State& state, Kind kind) {
    Word slot = 0;
    if (kind == Kind::cnode && !state.random.one_in(4))
        return first_cnode + state.random.below(cnode_copies);
    if (kind == Kind::table && state.random.one_in(2))
        return home_table;
    for (unsigned i = 0; i < 64; i++) {
        slot = state.random.below(slots);
        if (state.kinds[slot] == kind)
            return slot;
    }
    return slot;
}

/// One that seems full, or empty; now and then any.
Word some_slot(State& state, bool empty) {
    Random& random = state.random;
    if (random.one_in(8))
        return random.below(slots);
    if (empty)
        return slot_with(state, Kind::none);
    return slot_with(state, static_cast<Kind>(1 + random.below(kinds - 1)));
}

Word object_type(Random& random) {
    if (random.one_in(8))
        return static_cast<Word>(random.one_in(2) ? abi::ObjectType::sender_table
                                                  : abi::ObjectType::async_registration);
    return random.one_in(16) ? random.below(12) : random.below(abi::object_types);
}

Word word_for(State& state, char letter) {
    Random& random = state.random;
    if (random.one_in(24))
        return anything(random);
    switch (letter) {
    case 's':
        return some_slot(state, false);
    case 'e':
        return some_slot(state, true);
    case 'd':
        return random.one_in(16) ? random.below(66) : 64;
    case '0':
        return 0;
    case 't':
        return object_type(random);
    case 'z':
        return random.below(4) * 3 + random.below(8);
    case 'n':
        return random.one_in(16) ? random.below(slots + 2) : 1 + random.below(4);
    case 'r':
        return random.below(16);
    case 'b':
        return random.one_in(2) ? abi::cnode_data(0, 64 - cspace_bits) : random.below(64);
    case 'v':
        return address(random);
    case 'p':
        return random.below(greatest_priority + 4);
    case 'f':
        return random.below(16);
    case 'h':
        return random.below(5);
    case 'l':
        return Word{1} << random.below(7);
    case 'k':
        return random.below(34);
    default:
        return anything(random);
    }
}

Message message_for(State& state, const Shape& shape) {
    Message message = {};
    for (const char* letter = shape.words; *letter != '\0'; letter++)
        message.words[message.length++] = word_for(state, *letter);
    for (const char* letter = shape.caps; *letter != '\0'; letter++)
        message.caps[message.cap_count++] =
            state.random.one_in(24) ? anything(state.random) : slot_with(state, kind_of(*letter));
    if (shape.label == abi::Label::tcb_write_registers && !state.random.one_in(4))
        message.length = abi::user_context_words + 2;
    if (state.random.one_in(32))
        message.length = state.random.below(128);
    if (state.random.one_in(32))
        message.cap_count = state.random.below(4);
    return message;
}

/// Of an entry of a sender table.
Word sender_index(Random& random) { return random.one_in(8) ? anything(random) : random.below(4); }

/// Numbers of system calls, the common ones more often. Debug calls that stop the machine or write
/// are left out.
abi::Syscall number_for(Random& random) {
    const Word choice = random.below(64);
    if (choice < 44)
        return abi::Syscall::call;
    if (choice < 50)
        return abi::Syscall::send;
    if (choice < 54)
        return abi::Syscall::non_blocking_send;
    if (choice < 58)
        return abi::Syscall::non_blocking_receive;
    if (choice < 60)
        return abi::Syscall::reply_receive;
    if (choice < 61)
        return abi::Syscall::receive;
    if (choice < 62)
        return abi::Syscall::reply;
    if (choice < 63)
        return random.one_in(2) ? abi::Syscall::uintr_park : abi::Syscall::yield;
    if (!random.one_in(4))
        return abi::Syscall::yield;
    const auto wild = static_cast<int64_t>(anything(random));
    if (wild >= -16 && wild <= -9)
        return abi::Syscall::debug_cap_identify;
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): unknown ones are wanted.
    return static_cast<abi::Syscall>(wild);
}

/// Remembers what a successful invocation did to the CSpace, as far as it is plain.
void learn(State& state, const Shape& shape, const Message& message) {
    const Word* words = message.words;
    switch (shape.label) {
    case abi::Label::untyped_retype:
        for (Word i = 0; i < words[5] && words[4] + i < slots; i++)
            state.kinds[words[4] + i] = kind_of(static_cast<abi::ObjectType>(words[0]));
        break;
    case abi::Label::cnode_copy:
    case abi::Label::cnode_mint:
        if (words[0] < slots && words[2] < slots)
            state.kinds[words[0]] = state.kinds[words[2]];
        break;
    case abi::Label::cnode_move:
    case abi::Label::cnode_mutate:
        if (words[0] < slots && words[2] < slots) {
            state.kinds[words[0]] = state.kinds[words[2]];
            state.kinds[words[2]] = Kind::none;
        }
        break;
    case abi::Label::cnode_delete:
        if (words[0] < slots)
            state.kinds[words[0]] = Kind::none;
        break;
    case abi::Label::asid_control_make_pool:
        if (words[0] < slots)
            state.kinds[words[0]] = Kind::asid_pool;
        break;
    default:
        break;
    }
}

void put_in_buffer(State& state, const Message& message) {
    for (unsigned i = abi::message_registers; i < most_words; i++)
        state.buffer.message[i] = message.words[i];
    for (unsigned i = 0; i < abi::message_extra_caps; i++)
        state.buffer.caps_or_badges[i] = message.caps[i];
    state.buffer.receive_cnode = slot_with(state, Kind::cnode);
    state.buffer.receive_index = some_slot(state, true);
    state.buffer.receive_depth = 64;
}

void call_once(State& state) {
    Random& random = state.random;
    const unsigned index = static_cast<unsigned>(random.below(shape_count));
    const Shape& shape = shapes[index];
    const Message message = message_for(state, shape);
    Kind object_kind = shape.object;
    if (static_cast<Word>(shape.label) == 0 && random.one_in(2))
        object_kind = Kind::endpoint;
    CPtr object = random.one_in(32) ? anything(random) : slot_with(state, object_kind);
    const Word label = random.one_in(32) ? random.below(48) : static_cast<Word>(shape.label);
    abi::MessageInfo info = abi::MessageInfo::make(label, message.length, message.cap_count);
    const abi::Syscall number = number_for(random);
    if (number == abi::Syscall::uintr_park && !random.one_in(8)) {
        object = sender_index(random);
        info.word = random.one_in(8) ? 0 : machine::time() + random.below(1000); // the deadline
    }
    put_in_buffer(state, message);
    state.calls++;
    state.last_number = static_cast<Word>(number);
    state.last_object = object;
    state.last_info = info.word;
    state.shapes[index].calls++;
    if (number == abi::Syscall::uintr_park) {
        sel4::uintr_park(object, info.word);
        return;
    }
    const sel4::Message answer = sel4::trap(
        number, object,
        {.info = info,
         .words = {message.words[0], message.words[1], message.words[2], message.words[3]}});
    if (number != abi::Syscall::call || answer.info.label() != 0)
        return;
    state.shapes[index].successes++;
    learn(state, shape, message);
}

/// Uses an instruction of user interrupts, or writes a register of theirs.
void use_interrupts(State& state) {
    Random& random = state.random;
    const Word value =
        random.one_in(2) ? reinterpret_cast<Word>(&rt::rt_entry_that_notes) : anything(random);
    switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
        return rt::send(sender_index(random));
    case 3:
        return static_cast<void>(rt::take_pending());
    case 4:
        return rt::put_pending(random.one_in(4) ? anything(random) : 1);
    case 5:
        asm volatile("csrw 0x005, %0" : : "r"(value) : "memory"); // utvec
        return;
    case 6:
        asm volatile("csrw 0x004, %0" : : "r"(random.below(2)) : "memory"); // uie
        return;
    default:
        asm volatile("csrw 0x040, %0\ncsrw 0x000, %1" // uscratch, ustatus
                     :
                     : "r"(&state.interrupted), "r"(random.below(2))
                     : "memory");
    }
}

/// Writes to memory that may be mapped. If it is, it must be nothing but the fuzzers' pages.
void touch(State& state) {
    const Word where = address(state.random) + state.random.below(512) * sizeof(Word);
    *reinterpret_cast<volatile Word*>(where) = anything(state.random);
}

} // namespace

void run(State& state) {
    for (;;) {
        if (state.random.one_in(16))
            touch(state);
        else if (state.random.one_in(8))
            use_interrupts(state);
        else
            call_once(state);
    }
}

} // namespace fuzz
