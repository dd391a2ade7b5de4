// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How long an interrupt can be kept waiting. The kernel runs with interrupts off, so the longest
/// operations are made while an alarm comes somewhere in the middle; a thread of higher priority
/// takes it and notes how late it is. All of the way to that thread is in the figure.
///
///     this thread   | set alarm | long operation        ...  |
///     alarm                           ^ at a time that moves on from one round to the next
///     the watcher                         | late by ...
///
/// @stage{none}
#include "user/bench/alarm.hpp"
#include "user/bench/deep_ipc.hpp"
#include "user/bench/sync.hpp"

namespace bench {

namespace {

/// Where alarms fall: this many equal distances apart over the time that an operation takes.
constexpr unsigned rounds = 96;

constinit Alarm alarm;
constinit CPtr alarm_notification = 0;
constinit CPtr seen_notification = 0; ///< the watcher has seen the alarm
constinit volatile Word due = 0;
constinit volatile Word late = 0;

void watch(Word) {
    for (;;) {
        sel4::wait(alarm_notification);
        late = alarm.now() - due;
        alarm.acknowledge();
        sel4::signal(seen_notification);
    }
}

/// What an operation works on.
struct World {
    static constexpr unsigned memory_bits = 21;
    static constexpr Word objects = 256;
    static constexpr unsigned cnode_bits = 12;

    CPtr memory = 0;
    CPtr slots = 0;
    CPtr cnode = 0;
    CPtr endpoint = 0;
    CPtr notification = 0;
    DeepIpc* deep_ipc = nullptr;
};

void make_many(const World& world, abi::ObjectType type) {
    sel4::untyped_retype(world.memory, type, 0, world.slots, World::objects);
}

/// One long operation, with what has to be done before and after it.
struct Operation {
    const char* name;
    void (*prepare)(const World&);
    void (*run)(const World&);
    void (*clean_up)(const World&);
};

void nothing(const World&) {}
void revoke(const World& world) { sel4::cap_revoke(world.memory); }
void make_pages(const World& world) { make_many(world, abi::ObjectType::page); }
void make_threads(const World& world) { make_many(world, abi::ObjectType::tcb); }
void make_notifications(const World& world) { make_many(world, abi::ObjectType::notification); }
void make_large_page(const World& world) {
    sel4::untyped_retype(world.memory, abi::ObjectType::mega_page, 0, world.slots);
}

/// A CNode all of whose slots hold a copy of one capability.
void fill_cnode(const World& world) {
    sel4::untyped_retype(world.memory, abi::ObjectType::cnode, World::cnode_bits, world.cnode);
    for (Word slot = 0; slot < Word{1} << World::cnode_bits; slot++)
        sel4::invoke(world.cnode,
                     abi::CNodeCopy{slot, World::cnode_bits, world.notification, sel4::full_depth,
                                    abi::all_rights},
                     sel4::own_cnode);
}
void delete_cnode(const World& world) { sel4::cap_delete(world.cnode); }

/// An endpoint, and threads that wait at it: they have no stack, for they need none in serve().
void wait_at_endpoint(const World& world) {
    static volatile Word arrival;
    constexpr abi::TcbConfigure spaces{};
    sel4::untyped_retype(world.memory, abi::ObjectType::endpoint, 0, world.endpoint);
    make_threads(world);
    for (CPtr thread = world.slots; thread < world.slots + World::objects; thread++) {
        abi::UserContext registers = {};
        registers.pc = reinterpret_cast<Word>(&serve);
        registers.a0 = world.endpoint;
        registers.a1 = reinterpret_cast<Word>(&arrival);
        sel4::invoke(thread, spaces, sel4::own_cnode, CPtr{abi::root_vspace}, CPtr{0});
        sel4::tcb_set_priority(thread, own_priority);
        sel4::tcb_write_registers(thread, registers, true);
        sel4::yield();
    }
}
void delete_endpoint(const World& world) { sel4::cap_delete(world.endpoint); }

void start_deep_ipc(const World& world) { world.deep_ipc->start(own_priority - 1); }
void let_it_run(const World&) {
    // Other threads run as soon as this one waits for the watcher.
}
void stop_deep_ipc(const World& world) { world.deep_ipc->stop(); }

constexpr Operation operations[] = {
    {"256 pages", nothing, make_pages, revoke},
    {"256 threads", nothing, make_threads, revoke},
    {"256 notifications", nothing, make_notifications, revoke},
    {"a page of 2 MiB", nothing, make_large_page, revoke},
    {"revoke 256 pages", make_pages, revoke, nothing},
    {"revoke 256 threads", make_threads, revoke, nothing},
    {"delete a CNode of 4096 slots", fill_cnode, delete_cnode, revoke},
    {"delete an endpoint with 256 waiting threads", wait_at_endpoint, delete_endpoint, revoke},
    {"IPC through CSpaces of 64 levels", start_deep_ipc, let_it_run, stop_deep_ipc},
};

Word length_of(const Operation& operation, const World& world) {
    operation.prepare(world);
    const Word start = alarm.now();
    operation.run(world);
    const Word length = alarm.now() - start;
    operation.clean_up(world);
    return length;
}

/// The longest delay in this operation. Preparing a CNode takes long: then there are fewer rounds.
Word longest_delay(const Operation& operation, const World& world) {
    constexpr Word length_of_ipc = 400'000; // many messages
    const bool ipc = operation.run == let_it_run;
    const Word length = ipc ? length_of_ipc : length_of(operation, world);
    const unsigned count = operation.prepare == fill_cnode ? rounds / 8 : rounds;
    Word longest = 0;
    for (unsigned i = 0; i < count; i++) {
        operation.prepare(world);
        late = 0;
        due = alarm.now() + length * (i + 1) / (count + 1);
        alarm.set(due);
        operation.run(world);
        sel4::wait(seen_notification);
        longest = late > longest ? late : longest;
        operation.clean_up(world);
    }
    println("# ", operation.name, ": ", length, " instructions, interrupts late by up to ",
            longest);
    return longest;
}

} // namespace

void measure_interrupts() {
    static constinit Samples samples = {};
    World world;
    world.memory = user::allocator.make(abi::ObjectType::untyped, World::memory_bits);
    world.slots = user::allocator.slot(World::objects);
    world.cnode = user::allocator.slot();
    world.endpoint = user::allocator.slot();
    world.notification = user::allocator.make(abi::ObjectType::notification);
    alarm_notification = user::allocator.make(abi::ObjectType::notification);
    seen_notification = user::allocator.make(abi::ObjectType::notification);
    user::Thread watcher;
    DeepIpc deep_ipc;
    world.deep_ipc = &deep_ipc;
    if (world.memory == 0 || !alarm.create(alarm_notification) || !deep_ipc.create() ||
        !watcher.create(user::allocator, user::vspace, server_priority))
        return complain("kernel.irqs_off", "no alarm clock");
    watcher.start(watch);
    for (const Operation& operation : operations)
        samples.add(longest_delay(operation, world));
    Samples longest;
    longest.add(samples.greatest());
    report("kernel.irqs_off", longest);
}

} // namespace bench
