// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The process: coroutines, an executor, and one end of a connection, or both.
/// Read next: roles.hpp.
#include "labs/4-rings/tests/process/party.hpp"
#include "labs/5-runtime/tests/process/roles.hpp"
#include "runtime/ipc.hpp"

namespace party {

namespace {

constexpr Word frame_bytes = 1024; // g++'s frames are large

alignas(64) constinit std::byte memory[64 * frame_bytes] = {};

/// An executor, and calls that are still to be made or answered.
struct World {
    explicit World(Party& party) : self(party) {}

    /// How the other side is notified.
    [[nodiscard]] rt::Callback notify() {
        return {[](void* world) { sel4::signal(static_cast<World*>(world)->self.peer); }, this};
    }
    /// Runs until all is done, and sleeps whenever nothing is left to be done.
    void run(rt::Connection& connection) {
        executor.attach(connection, 1);
        for (executor.run_until_idle(); done < self.task.count; executor.run_until_idle(2))
            sel4::wait(self.own);
    }

    Party& self;
    rt::FramePool pool{memory, frame_bytes};
    rt::Executor executor{pool};
    Word next = 0; ///< call that nobody makes yet
    Word done = 0;
};

rt::Task<> caller(rt::Frames /*frames*/, World* world, ipc::Client* client) {
    const Party& self = world->self;
    while (world->next < self.task.count) {
        const Word number = world->next++;
        const Word at = number % most_calls;
        const unsigned label = number % 8 == 7 ? wide : simple;
        const auto reply = co_await ipc::call<2>(
            *client, ipc::Message{label, self.input[at * 2], self.input[at * 2 + 1]});
        if (!reply || reply.label() != label)
            Party::fail(End::bad_answer);
        self.output[at] = reply.words[0] + (label == wide ? reply.words[1] : 0);
        world->done++;
    }
}

/// The answer to a request.
ipc::Message<2> answer_to(const Party& self, const ipc::Request<2>& request) {
    const Word first = request.words[0] ^ self.task.key;
    if (request.label() == wide)
        return ipc::Message{wide, first, request.words[1]};
    ipc::Message<2> message{simple, first + request.words[1], 0};
    message.info = abi::ItemInfo::make(simple, 1).word;
    return message;
}

/// Answers at once; `answered` is one more then.
struct AtOnce {
    const Party* self;
    Word* answered;

    ipc::Message<2> operator()(const ipc::Request<2>& request) const {
        ++*answered;
        return answer_to(*self, request);
    }
};

/// Lets others run before.
struct Later {
    const Party* self;
    Word* answered;

    rt::Task<ipc::Message<2>> operator()(rt::Frames /*frames*/, ipc::Request<2> request) const {
        for (Word i = 0; i < request.words[0] % 4; i++) {
            co_await rt::yield();
        }
        ++*answered;
        co_return answer_to(*self, request);
    }
};

void spawn_callers(World& world, ipc::Client& client) {
    for (Word i = 0; i < world.self.task.burst; i++) {
        if (!world.executor.spawn(caller(world.pool, &world, &client), 3))
            Party::fail(End::no_memory);
    }
}

void make_calls(Party& self) {
    World world(self);
    ipc::Client client(world.executor, self.ends, world.notify(), 8);
    spawn_callers(world, client);
    world.run(client);
}

template <class Handler>
void serve(Party& self) {
    World world(self);
    ipc::Server<Handler> server(world.executor, self.ends, world.notify(), 8,
                                Handler{&self, &world.done});
    world.run(server);
}

/// Client and server on one executor: each wakes the other by looking at it.
void be_both(Party& self) {
    constexpr rt::Callback quiet{[](void*) {}, nullptr};
    World world(self);
    Word answered = 0;
    ipc::Client client(world.executor, self.buffer.client(), quiet, 8);
    ipc::Server<AtOnce> server(world.executor, self.buffer.server(), quiet, 8,
                               AtOnce{&self, &answered});
    world.executor.attach(client, 1);
    world.executor.attach(server, 2);
    spawn_callers(world, client);
    while (world.done < self.task.count)
        world.executor.run_until_idle(2 | 4);
}

void perform(Party& self) {
    switch (self.task.role) {
    case Role::snoop:
        return snoop(self);
    case ask:
        return make_calls(self);
    case answer:
        return serve<AtOnce>(self);
    case answer_later:
        return serve<Later>(self);
    case both:
        return be_both(self);
    default:
        return Party::fail(End::bad_answer);
    }
}

} // namespace

} // namespace party

int main() {
    party::Party self = party::open([](party::Role role) { return role == party::ask; });
    party::perform(self);
    return 0;
}
