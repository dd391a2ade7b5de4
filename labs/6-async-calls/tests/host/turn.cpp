// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 6.4: turns. The test plays the coroutines, and the short path: a request is a line with
/// its number; *long* ones need a coroutine, the others are served where they are.
#include "kernel/sched/hart.hpp"
#include "labs/6-async-calls/tests/host/setting.hpp"

namespace {

constexpr uint32_t is_long = 1;

std::string story;          ///< which coroutine did what
unsigned served_short = 0;  ///< requests
Word done_long = 0;         ///< the last long request that a coroutine has taken
Word found_long = 0;        ///< the one that the short path stopped at
unsigned preempted[4] = {}; ///< how often the call of each coroutine still is
bool ends_turn = true;      ///< after each turn something else comes first
int closes = -1;            ///< the coroutine whose call ends the registration

/// The short path goes as far as a long request that no coroutine has taken.
Word play_pages(const rt::Run& requests, abi::Item*) {
    Word bytes = 0;
    for (const abi::Item* line = requests.first; line != requests.last; line++) {
        const bool needs_coroutine = line->info.load_relaxed() == is_long;
        if (needs_coroutine && line->id.load_relaxed() > done_long) {
            found_long = line->id.load_relaxed();
            break;
        }
        served_short += needs_coroutine ? 0 : 1;
        bytes += abi::line_bytes;
    }
    return bytes;
}

async::HandlerList& play_step(Registration& registration, unsigned number) {
    static bool has_call[4] = {};
    const std::string name(1, static_cast<char>('A' + number));
    if (ends_turn)
        this_hart().action = Hart::Action::candidate;
    if (has_call[number]) {
        story += " " + name + " goes on";
    } else if (found_long > done_long) {
        done_long = found_long;
        story += " " + name + " takes " + std::to_string(done_long);
    } else {
        story += " " + name + " is woken for nothing";
    }
    if (closes == static_cast<int>(number))
        registration.close();
    has_call[number] = preempted[number] > 0;
    if (!has_call[number])
        return registration.request().list;
    preempted[number]--;
    return registration.next_turn().list;
}

struct Turns : Setting {
    Word end = 0;

    Turns() {
        script.pages = play_pages;
        step = play_step;
    }
    /// Requests, numbered from 1: 'l' is a long one.
    void put(const std::string& kinds) {
        for (const char kind : kinds) {
            put_header(end, static_cast<uint32_t>(end + 1), {kind == 'l' ? is_long : 0});
            end++;
        }
        publish(end);
    }
    /// What the coroutines do when the registration is served until something comes first.
    void serve(const std::string& doing, const std::string& steps) {
        story.clear();
        this_hart().action = Hart::Action::resume;
        static_cast<void>(registration.serve());
        expect_equal(doing + ": what coroutines A, B, C and D do", steps, story);
    }
};

} // namespace

TEST_CASE("turn-requests: each request that needs a coroutine gets one, in the ring's order") {
    alone([] {
        Turns at;
        at.put("slsslls");
        at.serve("three long requests among short ones", " A takes 2 B takes 5 C takes 6");
        expect_equal("short requests that are served", 4, served_short);
        expect_equal("requests that are taken from the ring", 7, at.taken());
        at.put("ll");
        at.serve("two more", " D takes 8 A takes 9");
    });
}

TEST_CASE("turn-preempted: preempted calls go on before requests, in their order") {
    alone([] {
        Turns at;
        preempted[0] = preempted[1] = preempted[2] = 1;
        at.put("lll");
        at.serve("three calls that are preempted", " A takes 1 B takes 2 C takes 3");
        at.put("l");
        at.serve("the turn after that, with one more request",
                 " A goes on B goes on C goes on D takes 4");
        at.put("l");
        at.serve("the turn after that", " A takes 5");
    });
}

TEST_CASE("turn-once: a call that is preempted again waits for the next turn") {
    alone([] {
        Turns at;
        preempted[0] = 3;
        preempted[1] = 2;
        at.put("ll");
        at.serve("two calls that are preempted", " A takes 1 B takes 2");
        at.serve("the second turn", " A goes on B goes on");
        at.serve("the third turn", " A goes on B goes on");
        at.serve("the fourth turn", " A goes on");
    });
}

TEST_CASE("turn-few: a request waits in the ring if no coroutine does, and is not lost") {
    alone([] {
        Turns at;
        for (unsigned& times : preempted)
            times = 1;
        preempted[1] = 2;
        at.put("llllls");
        at.serve("five long requests, four coroutines", " A takes 1 B takes 2 C takes 3 D takes 4");
        expect_equal("requests taken from the ring, of which the fifth waits", 4, at.taken());
        at.serve("the turn after that", " A goes on B goes on C goes on D goes on A takes 5");
        expect_equal("requests taken from the ring", 6, at.taken());
    });
}

TEST_CASE("turn-interrupt: if something waits, one call goes on; the others are first next time") {
    alone([] {
        Turns at;
        preempted[0] = preempted[1] = preempted[2] = 3;
        at.put("lll");
        at.serve("three calls that are preempted", " A takes 1 B takes 2 C takes 3");
        host::interrupts = {.always = true};
        at.put("l");
        at.serve("a turn with an interrupt pending", " A goes on");
        at.serve("the next one", " B goes on");
        at.serve("the next one", " C goes on");
        at.serve("the next one", " A goes on");
        host::interrupts = {};
        at.serve("without an interrupt", " B goes on C goes on A goes on D takes 4");
        host::interrupts = {.always = true};
        at.put("s");
        at.serve("with one again, and two calls", " B goes on");
        expect_equal("short requests served before all calls have gone on", 0, served_short);
        at.serve("with one, and the last call", " C goes on");
        expect_equal("short requests served behind the last call", 1, served_short);
    });
}

TEST_CASE("turn-sixteen: a turn serves 16 requests; each turn has its own") {
    alone([] {
        Turns at;
        at.put(std::string(30, 's'));
        host::interrupts = {.at = 0};
        at.serve("30 short requests, and an interrupt in the first turn", "");
        expect_equal("requests served in the first turn", 16, served_short);
        at.serve("the second turn", "");
        expect_equal("requests served in both turns", 30, served_short);
    });
}

TEST_CASE("turn-closed: a call that ends the registration is the last one") {
    alone([] {
        Turns at;
        preempted[0] = preempted[1] = 2;
        at.put("ll");
        at.serve("two calls that are preempted", " A takes 1 B takes 2");
        at.put("l");
        closes = 0;
        at.serve("the first of them ends the registration", " A goes on");
        expect("the registration is closed", at.registration.closed());
    });
}

TEST_CASE("turn-random: requests and preemptions by chance: in order, and none is lost") {
    alone([] {
        Turns at;
        Draw draw;
        ends_turn = false;
        Word longs = 0;
        for (unsigned round = 0; round < 300; round++) {
            std::string kinds(1 + draw.below(20), 's');
            for (char& kind : kinds)
                kind = draw.below(3) == 0 ? 'l' : 's';
            for (unsigned& times : preempted)
                times = static_cast<unsigned>(draw.below(3));
            longs += static_cast<Word>(std::ranges::count(kinds, 'l'));
            at.put(kinds);
            story.clear();
            for (unsigned i = 0; i < 100 && at.taken() != at.end; i++)
                static_cast<void>(at.registration.serve());
            if (!expect_equal("requests taken in round " + lab::shown(round), at.end, at.taken()))
                return;
            expect("no coroutine is woken for nothing", story.find("nothing") == story.npos);
        }
        expect_equal("short requests served", at.end - longs, served_short);
    });
}
