// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The TCP server as a program of which the test is the world: its executor, its clock, and a net
/// server that is played.
/// Read next: labs/7-tcp-server/tests/played/net_server.hpp.
#pragma once

#include "labs/7-tcp-server/tests/played/net_server.hpp"
#include "labs/lib/alone.hpp"
#include "runtime/tests/pair.hpp"
#include "user/tcpsrv/conversations.hpp"

#include <memory>

/// A program, and what it runs on. Made of parts that know where they are: it is never moved, and
/// ends with the test's process.
class Program {
public:
    static constexpr unsigned enough = 64;

    /// @param frames a power of two
    explicit Program(unsigned frames = enough) : here_(frames) {
        here_.executor.attach(client_, test::Side::vector);
        there_.executor.attach(net, test::Side::vector);
    }

    /// Until nobody has anything to do.
    void run() {
        constexpr unsigned too_long = 10'000;
        for (unsigned turn = 0; turn < too_long; turn++) {
            deadline_ = here_.executor.run_until_idle(std::exchange(here_.notified, 0)).deadline;
            there_.run();
            if (here_.notified == 0 && there_.notified == 0)
                return;
        }
        fail("the TCP server asks without end, though nothing new comes");
    }
    /// The same, and so much time passes meanwhile.
    void pass(abi::Word milliseconds) {
        const abi::Word end = test::clock_time + user::ticks_of(milliseconds);
        run();
        while (deadline_ != 0 && deadline_ <= end) {
            test::clock_time = std::max(test::clock_time, deadline_);
            run();
        }
        test::clock_time = end;
        run();
    }
    bool spawn(rt::Task<> task) { return process.spawn(std::move(task)); }

    /// Frames of its coroutines that are in use.
    [[nodiscard]] abi::Word frames() const { return here_.pool.used(); }
    [[nodiscard]] rt::FramePool& pool() { return here_.pool; }
    /// Nothing was asked that must not be.
    void expect_good() const {
        if (!net.wrong.empty())
            fail("it asks the net server for what it must not: " + net.wrong.front());
    }

private:
    test::Side here_;
    test::Side there_;
    Memory memory_{{256, 512}};
    ipc::Client client_{here_.executor, memory_.buffer.client(), there_.notify(), 1};
    abi::Word deadline_ = 0;

public:
    user::AsyncProcess process{here_.executor};
    played::NetServer net{there_.executor, memory_.buffer.server(), here_.notify()};
    std::unique_ptr<tcpsrv::Server> server =
        std::make_unique<tcpsrv::Server>(process, net::Net(client_));
};
