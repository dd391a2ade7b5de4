// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Plays scripts of IPC and prints what their threads saw. One run proves nothing but that every
/// script comes to its end; fastpath_check.py compares the runs of several kernels. With the word
/// `transcript` in the machine's command line every entry is printed, else one line a script.
/// @stage{none}
#include "user/tests/fastpath.hpp"

#include "user/lib/boot_info.hpp"
#include "user/tests/fault_sel4.hpp"

namespace {

constexpr unsigned scripts = 24;
constexpr unsigned most_actors = 5;
constexpr Word most_pushes = 2000;
constexpr Word test_as_actor = 99;

constinit Transcript transcript;

struct Script {
    Props props;
    Actor actors[most_actors];
    unsigned count = 0;
    Dice dice;

    explicit Script(Word seed) : dice(seed) {}

    /// Threads above the test, some as important as others.
    bool create(Word number) {
        props.create(number);
        // A thread that waits tells where.
        Puppet puppet;
        if (!puppet.create())
            return false;
        puppet.start(Syscall::receive, props.notification);
        props.syscall_pc = puppet.registers().pc;
        expect_success("it is not needed any more", tcb_suspend(puppet.tcb()));
        count = 2 + static_cast<unsigned>(dice.below(most_actors - 1));
        for (unsigned i = 0; i < count; i++)
            if (!actors[i].create(i, 201 + dice.below(3), props, dice.next(), transcript))
                return false;
        return true;
    }
    [[nodiscard]] bool finished() const {
        for (unsigned i = 0; i < count; i++)
            if (!actors[i].finished())
                return false;
        return true;
    }
    /// All wait: the test takes a hand.
    void push();
};

/// The test polls with words of 0; the first of a fault is an address.
void note(Word what, const Message& message) {
    Word hash = what;
    for (const Word word : {message.words[1], message.words[2], message.words[3]})
        hash = mixed(hash, word);
    transcript.add({test_as_actor, what, message.badge, message.info.word, hash});
}

void Script::push() {
    const Word what = dice.below(8);
    const CPtr endpoint = props.endpoints[dice.below(2)];
    const Message message{.info = MessageInfo::make(dice.below(1000), dice.below(5)),
                          .words = {dice.next(), dice.next()}};
    if (what < 2)
        note(what, poll_endpoint(endpoint));
    else if (what == 2)
        reply(message);
    else if (what == 3)
        non_blocking_send(endpoint, message);
    else if (what == 4)
        signal(props.notification);
    else if (Actor& actor = actors[dice.below(count)]; !actor.finished())
        actor.skip();
}

void print(Word number) {
    if (std::string_view(user::boot_arguments()).contains("transcript")) {
        using console::Hex;
        for (const Transcript::Entry& entry : transcript.entries())
            println("transcript ", number, ": thread ", entry.actor, " step ", entry.step, " a0 ",
                    Hex{entry.a0}, " a1 ", Hex{entry.a1}, " all ", Hex{entry.hash});
    }
    println("transcript ", number, ": ", transcript.entries().size(), " entries, hash ",
            console::Hex{transcript.hash()});
}

/// A script from its beginning to its end.
void play(Word number) {
    Script script(number + 1);
    transcript.clear();
    if (!script.create(number))
        return;
    for (unsigned i = 0; i < script.count; i++)
        script.actors[i].start();
    for (Word pushes = 0; !script.finished() && pushes < most_pushes; pushes++)
        script.push();
    expect("the script came to its end", script.finished());
    expect("nothing was left out", transcript.entries().size() < Transcript::most);
    print(number);
}

// Each a test, because a test has memory for a few threads only.
template <Word first>
void play_some() {
    for (Word number = first; number < first + scripts / 4; number++)
        play(number);
}

} // namespace

TEST("fastpath: scripts, first quarter") { play_some<0>(); }
TEST("fastpath: scripts, second quarter") { play_some<scripts / 4>(); }
TEST("fastpath: scripts, third quarter") { play_some<scripts / 2>(); }
TEST("fastpath: scripts, last quarter") { play_some<scripts / 4 * 3>(); }

TEST("fastpath: a signal with a capability that cannot be looked up is a fault") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    const CPtr notification = make(ObjectType::notification);
    constexpr CPtr far = Word{1} << 40;
    puppet.start(Syscall::send, notification, request(0, {}, std::array{far}));
    handler.expect(abi::Fault::capability,
                   {puppet.registers().pc, far, 0, guard_mismatch_fault, 64, 0, root_guard_bits});
    expect_equal("nothing was signalled", 0, poll(notification));
}

TEST("fastpath: a call whose receiver is less important waits for its turn") {
    const CPtr endpoint = make_endpoint();
    Puppet caller;
    Puppet low;
    Puppet middle;
    if (!caller.create(220) || !low.create(210) || !middle.create(215))
        return;
    low.start(Syscall::receive, endpoint);
    // The middle one is ready when the caller stops: it runs before the receiver.
    const CPtr other = make_endpoint();
    middle.start(Syscall::receive, other);
    tcb_set_priority(low.tcb(), 100);
    caller.start(Syscall::call, endpoint, request(1));
    expect("the receiver has the message, but does not run", !low.done() && !caller.done());
    tcb_set_priority(low.tcb(), 210);
    expect_equal("now it does", info_word(1, 0), low.info().word);
    low.start(Syscall::reply_receive, endpoint, request(2));
    expect_equal("answer", info_word(2, 0), caller.info().word);
}
