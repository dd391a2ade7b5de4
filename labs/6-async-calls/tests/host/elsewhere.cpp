// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercises 6.4 to 6.6 while the owner of the registration does something on another hart.
#include "labs/6-async-calls/tests/host/elsewhere.hpp"

namespace {

/// Every request is of the short path.
Word serve_all(const rt::Run& requests, abi::Item* reply) {
    for (const abi::Item& request : requests) {
        reply->id.store_relaxed(request.id.load_relaxed());
        reply->info.store_relaxed(0);
        reply++;
    }
    return requests.bytes();
}

/// Is whoever sleeps woken? The owner makes so many calls; the worker sleeps or is awake when the
/// first one is put in.
bool all_wake(const char* name, unsigned calls, bool awake, const explore::Limits& limits = {}) {
    const auto scenario = [=] {
        Elsewhere at;
        if (awake)
            at.wake();
        explore::threads({{"owner", [&] { at.call(calls); }}, {"worker", [&] { at.work(calls); }}});
    };
    return explored(
        "The owner or the worker sleeps for ever. Who publishes must fence, and then look whether "
        "the other one sleeps; who wants to sleep must say so, fence, and look again. serve() and "
        "sleep() do both behind a turn, but not for what a turn has published or changed itself.",
        explore::all(name, scenario, limits));
}

/// The translation of a page in the TLB of some hart.
rt::SharedWord<Word>* translation = nullptr;

void unmap_a_page() {
    constexpr Word address = Word{64} << 21;
    constexpr Word object = 16;
    constexpr Word label = abi::label_in_items(static_cast<Word>(abi::Label::page_unmap));
    Elsewhere at;
    at.spaces.map_tables(address);
    Slot& frame = in(at.world.caller().slot(Tcb::cspace), object);
    frame.cap = FrameCap(PAddr(1 << 30), 0, false, abi::all_rights);
    expect("a page is mapped", at.spaces.map(frame, address) == Outcome::done);
    rt::SharedWord<Word> in_tlb{1};
    explore::name(in_tlb, "translation", {"forgotten", "in a TLB"});
    translation = &in_tlb;
    explore::threads({{"owner",
                       [&] {
                           at.call(1, {.object = object, .info = abi::ItemInfo::make(label, 1)});
                           explore::check(in_tlb.load_relaxed() == 0,
                                          "the translation is forgotten");
                       }},
                      {"worker", [&] { at.work(1); }}});
    explore::check(!frame.cap.as<FrameCap>().mapped(), "the page is unmapped");
}

} // namespace

TEST_CASE("turn-asleep: whoever sleeps is woken: the worker for a request, the owner for a reply") {
    alone([] {
        script.pages = serve_all;
        // Where there are more steps, few switches and one reordering lose whatever can be lost.
        if (all_wake("a call while the worker sleeps", 1, false) &&
            all_wake("a call while the worker falls asleep", 1, true,
                     {.preemptions = 2, .reorderings = 1}))
            all_wake("two calls, of which the second waits for room", 2, false,
                     {.preemptions = 2, .reorderings = 0});
    });
}

TEST_CASE("turn-told: who is told that a page is unmapped finds no translation of it") {
    alone([] {
        script.forgotten = [] { translation->store_relaxed(0); };
        explored("The owner is told that a page is unmapped when no hart has a translation of it, "
                 "not before: replies are published behind clean().",
                 explore::all("unmapping a page", unmap_a_page));
    });
}
