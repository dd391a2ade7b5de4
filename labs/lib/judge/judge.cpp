// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Processes are made once and used again by every test: their objects are taken back at the end of
/// each, but not the addresses where the judge sees them.
/// Read next: judge.hpp.
#include "labs/lib/judge/judge.hpp"

#include "kernel/abi/user_interrupt.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/process.hpp"

extern "C" const uint8_t party_start[];
extern "C" const uint8_t party_end[];

namespace judge {

namespace {

using abi::ObjectType;
using party::data_pages;
using party::End;

constexpr Word priority = 200; ///< as tests have, so that they and processes take turns
constexpr Word read_only = abi::Rights::read;

constinit user::Process processes[2] = {};
constinit user::FaultWatch watch = {};

constinit bool tried_to_break_out = false;
constinit bool shut_in = false;

constexpr const char* names[] = {"the process of the client", "the process of the server"};

/// Time that all processes of a test may take.
Word patience() { return user::ticks_for(150); }

bool create(unsigned which) {
    const user::Elf elf({party_start, party_end});
    return processes[which].create(elf, "party",
                                   {.priority = priority, .watch = &watch, .badge = 1U + which});
}

/// The nonce, or what lies nearest to it if there is none: the root task's boot info.
Word address_of_secret() {
    const std::string_view arguments = user::boot_arguments();
    const size_t at = arguments.find("nonce=");
    if (at == arguments.npos)
        return reinterpret_cast<Word>(&user::boot_info());
    return user::round_up(reinterpret_cast<Word>(arguments.data() + at), sizeof(Word));
}

const abi::UserInterruptInfo& user_interrupts() {
    return *reinterpret_cast<const abi::UserInterruptInfo*>(
        user::boot_record(abi::extra_user_interrupts).data());
}

const char* state_text(Word state, const char* rest, const char* waits) {
    return state == 0 ? rest : waits;
}

/// Where a ring stands.
void tell_ring(const Place& place, const char* name, const abi::ProducerWords& out,
               const abi::ConsumerWords& in) {
    const Word tail = out.tail.load_relaxed();
    const Word head = in.head.load_relaxed();
    if (tail == 0 && head == 0)
        return;
    test::fail(place, name, ": tail ", tail, " (producer ",
               state_text(out.state.load_relaxed(), "flowing", "waiting"), "), head ", head,
               " (consumer ", state_text(in.state.load_relaxed(), "running", "armed"), ")");
}

} // namespace

bool prepare() {
    if (!watch.create(user::allocator, user::vspace) || !create(0) || !create(1))
        return false;
    processes[0].destroy();
    processes[1].destroy();
    return true;
}

World::World(const Place& place) : place_(place), start_time_(machine::time()) {
    buffer_frame_ = new_frame();
    heard_ = test::allocator.make(ObjectType::notification);
    header_ = reinterpret_cast<abi::BufferHeader*>(test::vspace.map_somewhere(buffer_frame_));
    requests_ = reinterpret_cast<abi::Item*>(reinterpret_cast<Word>(header_) + abi::ring_offset);
    header_->setup.store_relaxed(abi::buffer_setup(party::ring_lines));
    make_side(sides_[0], 0);
    make_side(sides_[1], 1);
    user::Event event;
    while (watch.poll(event)) {
    }
}

World::~World() { stop(); }

void World::stop() {
    for (unsigned which = 0; which < 2; which++) {
        if (sides_[which].started)
            processes[which].destroy();
        sides_[which].started = false;
    }
}

CPtr World::new_frame() { return test::allocator.make(ObjectType::page); }

void World::make_side(Side& side, unsigned which) {
    Frames& frames = frames_[which];
    frames.task = new_frame();
    side.task = reinterpret_cast<Task*>(test::vspace.map_somewhere(frames.task));
    side.own = test::allocator.make(ObjectType::notification);
    const Word data = test::vspace.reserve(2 * data_pages * user::page_size);
    for (unsigned i = 0; i < 2 * data_pages; i++) {
        CPtr& frame = i < data_pages ? frames.input[i] : frames.output[i - data_pages];
        frame = new_frame();
        test::vspace.map(frame, data + i * user::page_size);
    }
    side.input = reinterpret_cast<Word*>(data);
    side.output = side.input + party::data_words;
}

bool World::grant_all(unsigned which) {
    user::Process& process = processes[which];
    const Frames& frames = frames_[which];
    bool granted = process.grant("task0", frames.task) && process.grant("buffer0", buffer_frame_) &&
                   process.grant("own", sides_[which].own, rules.rights_to_own) &&
                   (!rules.user_interrupts || process.grant("uintr", user_interrupts().control)) &&
                   process.grant("peer", heard_, abi::Rights::write, Word{1} << which);
    for (unsigned i = 0; i < data_pages; i++) {
        const char input[] = {'i', 'n', 'p', 'u', 't', static_cast<char>('0' + i), '\0'};
        const char output[] = {'o', 'u', 't', 'p', 'u', 't', static_cast<char>('0' + i), '\0'};
        granted = granted && process.grant(input, frames.input[i], read_only) &&
                  process.grant(output, frames.output[i]);
    }
    return granted;
}

bool World::is_shut_in() {
    const Word secret = address_of_secret();
    if (!launch(1, {.role = Role{}, .key = secret}))
        return false;
    user::Event event;
    while (!processes[1].exited() && !watch.poll(event))
        sel4::yield();
    if (event.fault != abi::Fault::none)
        return event.fault == abi::Fault::vm && event.detail == secret;
    return processes[1].exit_code() == static_cast<unsigned>(End::done) &&
           sides_[1].output[0] != *reinterpret_cast<const Word*>(secret);
}

bool World::start(unsigned which, const Orders& orders) {
    if (!tried_to_break_out) {
        tried_to_break_out = true;
        shut_in = World(place_).is_shut_in();
        start_time_ = machine::time();
    }
    return test::expect("a process cannot read what only the judge may know", shut_in, place_) &&
           launch(which, orders);
}

bool World::launch(unsigned which, const Orders& orders) {
    Side& side = sides_[which];
    Task& task = *side.task;
    task.role = orders.role;
    task.count = orders.count;
    task.burst = orders.burst;
    task.key = orders.key;
    task.hart = orders.hart;
    side.started = create(which);
    if (!test::expect("a process can be made", side.started && grant_all(which), place_))
        return false;
    processes[which].start();
    return true;
}

void World::pass_notifications_on() {
    const Word badges = sel4::poll(heard_);
    for (unsigned which = 0; which < 2; which++) {
        if ((badges >> which & 1) == 0)
            continue;
        sides_[which].notifications++;
        if (sides_[1 - which].started)
            sel4::signal(sides_[1 - which].own);
    }
}

bool World::look_on(const char* what) {
    sel4::yield();
    pass_notifications_on();
    user::Event event;
    if (watch.poll(event)) {
        test::fail(place_, names[event.badge == 2], " was stopped by ", user::text(event.fault),
                   ", detail ", console::Hex{event.detail}, ", pc ", console::Hex{event.pc},
                   ": beside the buffer nothing is mapped");
        return false;
    }
    for (unsigned which = 0; which < 2; which++) {
        if (!check_end(which))
            return false;
    }
    if (machine::time() - start_time_ <= patience())
        return true;
    tell_hang(what);
    return false;
}

/// False if the process has ended as it should not.
bool World::check_end(unsigned which) {
    Side& side = sides_[which];
    if (!side.started || side.ended || !processes[which].exited())
        return true;
    side.ended = true;
    const Word code = processes[which].exit_code();
    const End end{code};
    if (end == End::done)
        return true;
    if (end == End::hole) {
        const Word exercise = side.task->hole.load_relaxed();
        test::fail(place_, names[which], " came to exercise ", exercise / 10, ".", exercise % 10,
                   ", which is not done yet");
        return false;
    }
    side.gave_up = end == End::gave_up;
    if (side.gave_up && side.may_give_up)
        return true;
    if (code < party::ends && rules.endings[code] != nullptr)
        test::fail(place_, names[which], rules.endings[code]);
    else
        test::fail(place_, names[which], " ended with code ", code);
    tell_ring(place_, "requests", header_->client.out, header_->server.in);
    tell_ring(place_, "replies", header_->server.out, header_->client.in);
    return false;
}

bool World::finish() {
    return until("the end of the processes", [&] {
        return (!sides_[0].started || sides_[0].ended) && (!sides_[1].started || sides_[1].ended);
    });
}

void World::tell_hang(const char* what) {
    bool goes_on = false;
    for (unsigned which = 0; which < 2; which++) {
        if (!sides_[which].started || sides_[which].ended)
            continue;
        goes_on = true;
        test::fail(place_, names[which], " goes on or sleeps, and the judge waits in vain for ",
                   what);
    }
    if (!goes_on)
        test::fail(place_, "the processes have ended, and the judge waits in vain for ", what);
    tell_ring(place_, "requests", header_->client.out, header_->server.in);
    tell_ring(place_, "replies", header_->server.out, header_->client.in);
}

} // namespace judge
