// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tasks with a peer: a client, a server, and both in one process.
/// Read next: park.cpp.
#include "labs/5-runtime/tests/process/party.hpp"

namespace party {

namespace {

struct Server {
    Word key;

    ipc::Message<1> operator()(const ipc::Request<1>& request) const {
        return ipc::Message{request.label(), changed(request.words[0], key)};
    }
};

rt::Task<> make_calls(rt::Frames /*frames*/, Party* self, ipc::Client* client, Word first) {
    for (Word i = first; i < first + self->task.count; i++) {
        const auto reply = co_await ipc::call<1>(*client, ipc::Message{i & 0xff, self->input[i]});
        self->output[i] = reply ? reply.words[0] : no_reply;
        self->task.taken.store_relaxed(self->task.taken.load_relaxed() + 1);
    }
}

rt::Task<> measure_calls(rt::Frames /*frames*/, Party* self, ipc::Client* client, Word* sum) {
    for (Word i = 0; i < self->task.count; i++) {
        const auto reply = co_await ipc::call<1>(*client, ipc::Message{0, i});
        *sum += reply ? reply.words[0] : no_reply;
    }
}

/// Its own executor is notified.
rt::Callback own_executor(Party& self) {
    return {[](void* executor) { static_cast<rt::Executor*>(executor)->note(vector); },
            &self.executor};
}

} // namespace

void call(Party& self) {
    ipc::Client client(self.executor, self.buffer.client(), self.notify(), 8);
    self.executor.attach(client, vector);
    for (Word i = 0; i < self.task.burst; i++)
        self.spawn(make_calls(self.pool, &self, &client, i * self.task.count));
    for (;;) {
        self.executor.run_until_idle(Word{1} << vector);
        if (!client.open())
            Party::fail(End::gave_up);
        if (self.pool.used() == 0)
            return;
        sel4::wait(self.own);
    }
}

void serve(Party& self) {
    ipc::Server<Server> server(self.executor, self.buffer.server(), self.notify(), 8,
                               {self.task.key});
    self.executor.attach(server, vector);
    while (self.task.stop.load_acquire() == 0) {
        self.executor.run_until_idle(Word{1} << vector);
        if (!server.open())
            Party::fail(End::gave_up);
        sel4::wait(self.own);
    }
}

void measure(Party& self) {
    ipc::Client client(self.executor, self.buffer.client(), own_executor(self), 8);
    ipc::Server<Server> server(self.executor, self.buffer.server(), own_executor(self), 8,
                               {self.task.key});
    self.executor.attach(client, vector);
    self.executor.attach(server, vector);
    Word sum = 0;
    for (Word i = 0; i < self.task.burst; i++)
        self.spawn(measure_calls(self.pool, &self, &client, &sum));
    while (self.pool.used() != 0) // one side may have notified the other at the end of a round
        self.executor.run_until_idle();
    Word expected = 0;
    for (Word i = 0; i < self.task.count; i++)
        expected += changed(i, self.task.key) * self.task.burst;
    if (sum != expected)
        Party::fail(End::bad_answer);
}

} // namespace party
