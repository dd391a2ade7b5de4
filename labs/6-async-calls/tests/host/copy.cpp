// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 6.6: a request is copied out of the ring. The client is the test, which writes lines by
/// hand; no request is of the kind that has a short path.
#include "labs/6-async-calls/tests/host/elsewhere.hpp"

#include <utility>

namespace {

struct Requests : Setting {
    Word end = 0; ///< lines that were put in
    async::Call call = {};

    Requests() : Setting(1) {
        script.pages = [](const rt::Run&, abi::Item*) { return Word{0}; };
        step = [](Registration& from, unsigned) -> async::HandlerList& {
            if (++asked > 1000) {
                fail("the same request is found again and again: not taken, nor cut off");
                _exit(1);
            }
            async::Call found = {};
            if (from.take(found)) {
                last = found;
                taken_calls++;
            }
            return from.request().list;
        };
    }
    /// A request with these words: object, capabilities, message.
    void put(uint32_t id, abi::ItemInfo info, const std::vector<Word>& words) {
        put_header(end, id, info);
        for (Word i = 0; i < words.size(); i++) {
            const Word place = 1 + i; // behind the header, in lines of eight words
            request_word(end + place / 8, place % 8) = words[i];
        }
        end += abi::lines_of(info.length());
        publish(end);
    }
    /// Each word of a message is another one.
    static std::vector<Word> some(Word count, Word first = 1000) {
        std::vector<Word> words(count);
        for (Word i = 0; i < count; i++)
            words[i] = first + i;
        return words;
    }
    /// One request can be taken, and no other one.
    bool take(const std::string& doing) {
        static_cast<void>(serve());
        call = last;
        expect(doing + ": the registration stays open", !registration.closed());
        return expect_equal(doing + ": requests taken", 1, taken_calls);
    }
    /// How many are taken.
    unsigned serve() {
        taken_calls = asked = 0;
        static_cast<void>(registration.serve());
        return taken_calls;
    }
    [[nodiscard]] static const async::Call& last_call() { return last; }
    /// The call is the request that was made of these.
    void check(const std::string& doing, uint32_t id, Word caps, const std::vector<Word>& words) {
        expect_equal(doing + ": id", id, call.id);
        expect_equal(doing + ": number of extra capabilities", caps, call.extra_caps);
        expect_equal(doing + ": message words", words.size() - 1 - caps, call.length);
        expect_equal(doing + ": object", words[0], call.object);
        for (Word i = 0; i < caps; i++)
            expect_equal(doing + ": extra capability " + lab::shown(i), words[1 + i],
                         call.buffer.caps_or_badges[i]);
        for (Word i = 1 + caps; i < words.size() && i - 1 - caps < abi::message_words; i++)
            expect_equal(doing + ": message word " + lab::shown(i - 1 - caps), words[i],
                         call.buffer.message[i - 1 - caps]);
        const abi::IpcBuffer& buffer = call.buffer;
        const Word others = buffer.tag | buffer.user_data | buffer.receive_cnode |
                            buffer.receive_index | buffer.receive_depth;
        expect(doing + ": nothing goes beside the message words and extra capabilities",
               others == 0);
    }

private:
    static inline async::Call last = {};
    static inline unsigned taken_calls = 0;
    static inline unsigned asked = 0; ///< how often a coroutine went on
};

constexpr Word label = static_cast<Word>(abi::Label::page_get_address);

abi::ItemInfo info_of(Word length, Word caps = 0) {
    return abi::ItemInfo::make(abi::label_in_items(label), length, caps);
}

/// How often each byte of the header at `watched` is loaded.
uintptr_t watched = 0;
Word loads[abi::line_bytes / abi::raw_line_words] = {};

void count_loads(uintptr_t address, size_t bytes) {
    for (Word i = 0; i < std::size(loads); i++)
        loads[i] += watched + i - address < bytes ? 1 : 0;
}

/// One of the two requests that the owner writes into the same three lines: a header, and words of
/// which each tells whose it is.
struct Written {
    uint32_t id;
    Word length;
    Word caps;
    Word first;

    void write(Requests& at) const {
        for (Word i = 0; i + 1 < Word{3} * abi::raw_line_words; i++)
            at.request_word((i + 1) / 8, (i + 1) % 8) = first + i;
        at.put_header(0, id, info_of(length, caps));
    }
    /// Do id, number of capabilities and of words come from it?
    [[nodiscard]] bool is(const async::Call& call) const {
        return call.id == id && call.extra_caps == caps && call.length == length - 1 - caps;
    }
};

constexpr Written before = {.id = 1, .length = 18, .caps = 1, .first = 1000};
constexpr Written after = {.id = 2, .length = 20, .caps = 3, .first = 2000};

Requests* changed = nullptr;
Word loads_until = 0; ///< the change
Word last_place = 0;  ///< that was loaded

/// Every execution of one change and the kernel's loads: the change comes before one of them. Of a
/// header both halves come at once, as on the machine (rt::load_header).
void change(uintptr_t address, size_t) {
    constexpr Word id_at = 0;
    constexpr Word info_at = 4;
    const Word place = address - reinterpret_cast<uintptr_t>(&changed->request_word(0));
    const bool is_header = std::exchange(last_place, place) == id_at && place == info_at;
    if (place < 3 * abi::line_bytes && !is_header && loads_until-- == 0)
        after.write(*changed);
}

/// Is every word of the call what one of the two has there?
bool words_are_theirs(const async::Call& call) {
    const auto is = [](Word word, Word place) {
        return word == before.first + place || word == after.first + place;
    };
    bool all = is(call.object, 0);
    for (Word i = 0; i < call.extra_caps; i++)
        all = all && is(call.buffer.caps_or_badges[i], 1 + i);
    for (Word i = 0; i < call.length; i++)
        all = all && is(call.buffer.message[i], 1 + call.extra_caps + i);
    return all;
}

/// A request is put in line by line, the last word with the second one.
void take_what_comes() {
    constexpr Word length = 8;
    const std::vector<Word> words = Requests::some(length);
    Requests at;
    const std::unique_ptr<Spaces> end(&at.spaces);
    at.put(1, info_of(length), words);
    at.publish(0);
    auto& last = reinterpret_cast<rt::SharedWord<Word>&>(at.request_word(1));
    last.store_relaxed(0);
    rt::SharedWord<Word>& tail = at.header().client.out.tail;
    explore::name(tail, "tail");
    explore::name(last, "last word of the request");
    unsigned taken = 0;
    explore::threads(
        {{"worker", [&] { taken = at.serve(); }}, {"owner", [&] {
                                                       tail.store_release(abi::line_bytes);
                                                       last.store_relaxed(words.back());
                                                       tail.store_release(2 * abi::line_bytes);
                                                   }}});
    explore::check(taken == 0 || Requests::last_call().buffer.message[length - 2] == words.back(),
                   "a request that is taken has its last word");
}

} // namespace

TEST_CASE("copy-line: object, words, id and label of a request of one line") {
    alone([] {
        Requests at;
        at.put(0xfedcba98, info_of(7), Requests::some(7));
        at.take("a line");
        at.check("a line", 0xfedcba98, 0, Requests::some(7));
        expect_equal("label, as this kernel numbers it", label, at.call.label);
    });
}

TEST_CASE("copy-caps: extra capabilities stand between object and message") {
    alone([] {
        Requests at;
        for (uint32_t caps = 0; caps <= 3; caps++) {
            const std::string doing = lab::shown(caps) + " extra capabilities";
            at.put(caps, info_of(6, caps), Requests::some(6, Word{100} * (caps + 1)));
            at.take(doing);
            at.check(doing, caps, caps, Requests::some(6, Word{100} * (caps + 1)));
        }
    });
}

TEST_CASE("copy-long: requests of several lines, across frames and the ring's end") {
    alone([] {
        Requests at;
        for (uint32_t id = 0; id < 14; id++) { // of 64 lines each second one goes across something
            const Word length = 60 + id;
            const std::string doing = "request " + lab::shown(id) + " of " + lab::shown(length) +
                                      " words at line " + lab::shown(at.end % 64);
            at.put(id, info_of(length, id % 4), Requests::some(length, Word{1000} * id));
            if (!at.take(doing))
                return;
            at.check(doing, id, id % 4, Requests::some(length, Word{1000} * id));
        }
    });
}

TEST_CASE("copy-short: a request shorter than its object and capabilities has no message") {
    alone([] {
        Requests at;
        for (uint32_t length = 0; length <= 3; length++) {
            const std::string doing = "length " + lab::shown(length) + " with 3 capabilities";
            at.put(length, info_of(length, 3), {11, 12, 13, 14});
            at.take(doing);
            at.check(doing, length, 3, {11, 12, 13, 14});
        }
        at.put(9, info_of(2), {11, 12});
        at.take("the next request");
        at.check("the next request", 9, 0, {11, 12});
    });
}

TEST_CASE("copy-most: a message has at most 120 words; its lines are taken as its length says") {
    alone([] {
        Requests at;
        const Word longest = mask(7);
        at.put(1, info_of(longest), Requests::some(longest));
        at.take("127 words");
        expect_equal("message words, of 126 behind the object", abi::message_words, at.call.length);
        for (Word i = 0; i < abi::message_words; i++)
            expect_equal("message word " + lab::shown(i), 1001 + i, at.call.buffer.message[i]);
        at.put(2, info_of(2), {5, 6});
        at.take("the request behind it");
        at.check("the request behind it", 2, 0, {5, 6});
    });
}

TEST_CASE("copy-part: a request that is not there as a whole ends the registration") {
    alone([] {
        for (const Word length : {Word{8}, Word{16}, Word{127}}) {
            Requests at;
            at.put(1, info_of(length), Requests::some(length));
            at.publish(at.end - 1);
            const std::string doing = lab::shown(length) + " words, the last line not published";
            expect_equal(doing + ": requests taken", 0, at.serve());
            expect(doing + ": the registration is closed", at.registration.closed());
        }
    });
}

TEST_CASE("copy-once: the header of a request is loaded once: what was checked is what is used") {
    alone([] {
        for (const Word length : {Word{7}, Word{20}, Word{127}}) {
            Requests at;
            at.put(1, info_of(length, 2), Requests::some(length));
            watched = reinterpret_cast<uintptr_t>(&at.request_word(0));
            std::ranges::fill(loads, 0);
            script.loaded = count_loads;
            const std::string doing = lab::shown(length) + " words";
            at.take(doing);
            script.loaded = nullptr;
            expect_equal(doing + ": loads of the header, which its owner may change in between",
                         Word{1}, std::ranges::max(loads));
        }
    });
}

TEST_CASE("copy-changes: whenever its owner writes another request over it, one of them is taken") {
    alone([] {
        bool came = true;
        for (Word load = 0; came; load++) {
            Requests at;
            before.write(at);
            at.publish(3);
            changed = &at;
            loads_until = load;
            script.loaded = change;
            const std::string doing = "changed before load " + lab::shown(load) + " of it";
            if (!at.take(doing))
                return;
            script.loaded = nullptr;
            came = loads_until > load; // it went below zero
            expect(doing + ": id, numbers of words and of capabilities are of one request",
                   before.is(at.call) || after.is(at.call));
            expect(doing + ": each word is of one of the requests, in its place",
                   words_are_theirs(at.call));
        }
    });
}

TEST_CASE("copy-published: no line is read that was not seen to be published") {
    alone([] {
        explored("A request was taken, and its second line read before it was there. What "
                 "available() counts was loaded before a fence; a tail that is loaded anew says "
                 "nothing about lines.",
                 explore::all("two lines, one by one", take_what_comes));
    });
}
