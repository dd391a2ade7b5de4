// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// 7.5, Server::listen: connections come, to a net server that is played, and each gets a
/// conversation, which is the test's.
#include "labs/7-tcp-server/tests/host/program.hpp"

#include <algorithm>
#include <bit>

namespace {

using abi::Word;
using net::Error;
using tcpsrv::Connection;
using tcpsrv::most_connections;
using tcpsrv::Server;

constexpr uint16_t port = 80;

/// Handles of connections whose conversation has begun, in this order.
std::vector<Word> begun;
/// Conversations that have not ended.
std::vector<Connection*> open;

/// A conversation that the test ends.
rt::Task<> talk(rt::Frames /*frames*/, Server* server, Connection* connection) {
    const Word handle = connection->handle;
    expect("a connection has a packet", connection->packet != nullptr);
    expect("a connection is used by one conversation at a time",
           std::ranges::find(open, connection) == open.end());
    begun.push_back(handle);
    open.push_back(connection);
    while (std::ranges::find(open, connection) != open.end()) {
        co_await rt::sleep_until(test::now() + user::ticks_of(1));
    }
    const auto closed = co_await server->net.close(handle);
    static_cast<void>(closed);
    server->close(*connection);
}

void listen(Program& program, uint16_t to = port) {
    expect("there is a frame for the listener",
           program.spawn(program.server->listen(program.pool(), to, talk)));
    program.run();
}

/// The first conversations end.
void end(size_t count) { open.erase(open.begin(), open.begin() + static_cast<ptrdiff_t>(count)); }

/// More frames than there are connections.
constexpr unsigned many_frames = std::bit_ceil(most_connections + 8);

} // namespace

TEST_CASE("listen-asks: it listens to its port, with the server's backlog and patience") {
    alone([] {
        for (const uint16_t to : {uint16_t{7}, port, uint16_t{0xffff}}) {
            Program program;
            listen(program, to);
            if (!expect_equal("listeners", 1, program.net.listeners().size()))
                return;
            const played::Listener& listener = program.net.listener(to);
            expect_equal("port", to, listener.port);
            expect_equal("backlog", tcpsrv::backlog, listener.backlog);
            expect_equal("seconds in which a client may say nothing", tcpsrv::patience,
                         listener.patience);
            expect_equal("requests to accept a connection that wait", 1, listener.accepts);
            program.expect_good();
        }
        Program program;
        program.net.answer_to_listen = Error::port_in_use;
        listen(program);
        expect_equal("a port that is in use: frames that are still in use", 0, program.frames());
        program.expect_good();
    });
}

TEST_CASE("listen-each: each connection gets a conversation of its own, at once") {
    alone([] {
        Program program;
        listen(program);
        listen(program, port + 1);
        std::vector<Word> came;
        for (unsigned i = 0; i < 10; i++) {
            came.push_back(program.net.come(i % 3 == 0 ? port + 1 : port));
            program.run();
            if (!expect_equal("conversations that have begun", came.size(), begun.size()) ||
                !expect_equal("the handle that the last one has", came.back(), begun.back()))
                return;
        }
        end(5);
        program.pass(5);
        for (unsigned i = 0; i < 5; i++)
            came.push_back(program.net.come(port));
        program.run();
        expect_equal("conversations, with 5 that came at once", came.size(), begun.size());
        std::ranges::sort(came);
        std::ranges::sort(begun);
        expect("each connection that came has had its conversation, once", came == begun);
        program.expect_good();
    });
}

TEST_CASE("listen-full: with as many connections as there may be it accepts no more") {
    alone([] {
        Program program(many_frames);
        listen(program);
        constexpr unsigned more = 5;
        for (unsigned i = 0; i < most_connections + more; i++)
            program.net.come(port);
        program.pass(100);
        if (!expect_equal("conversations at a time", most_connections, begun.size()))
            return;
        expect_equal("connections that wait in the net server", more,
                     program.net.listener(port).queue.size());
        end(2);
        program.pass(100);
        expect_equal("conversations ever, when 2 have ended", most_connections + 2, begun.size());
        end(most_connections);
        program.pass(100);
        expect_equal("conversations ever, when all have ended", most_connections + more,
                     begun.size());
        program.expect_good();
    });
}

TEST_CASE("listen-ports: of two ports only one gives the last place away") {
    alone([] {
        Program program(many_frames);
        listen(program);
        listen(program, port + 1);
        for (unsigned i = 0; i < most_connections - 1; i++)
            program.net.come(port);
        program.pass(100);
        program.net.come(port);
        program.net.come(port + 1);
        program.pass(100);
        if (!expect_equal("conversations at a time, at both ports", most_connections, begun.size()))
            return;
        end(1);
        program.pass(100);
        expect_equal("conversations ever, when 1 has ended", most_connections + 1, begun.size());
        expect_equal("conversations at a time", most_connections, open.size());
        program.expect_good();
    });
}

TEST_CASE("listen-frame: a connection for which there is no frame waits for one") {
    alone([] {
        constexpr unsigned conversations = 3;
        Program program(conversations + 1);
        listen(program);
        std::vector<Word> came;
        for (unsigned i = 0; i < conversations + 2; i++)
            came.push_back(program.net.come(port));
        program.pass(100);
        if (!expect_equal("conversations for which there are frames", conversations, begun.size()))
            return;
        for (const Word handle : came)
            expect_equal("times that handle " + lab::shown(handle) + " was closed", 0,
                         program.net.stream(handle).closed);
        end(1);
        program.pass(100);
        expect_equal("conversations, when 1 has ended", conversations + 1, begun.size());
        end(1);
        program.pass(100);
        expect_equal("conversations, when 2 have ended", conversations + 2, begun.size());
        expect("each connection that came has had its conversation, in turn", came == begun);
        program.expect_good();
    });
}

TEST_CASE("listen-end: when the net server accepts no more it ends, and conversations go on") {
    alone([] {
        Program program;
        listen(program);
        program.net.come(port);
        program.run();
        program.net.listener(port).gone = true;
        program.net.look();
        program.run();
        expect_equal("requests to accept a connection", 2, program.net.listener(port).accepts);
        expect_equal("frames in use: the conversation's", 1, program.frames());
        expect_equal("conversations", 1, open.size());
        end(1);
        program.pass(5);
        expect_equal("frames in use, when it has ended", 0, program.frames());
        program.expect_good();
    });
}
