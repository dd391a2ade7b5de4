// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of fault messages share: an endpoint that a puppet's faults go to, and code that
/// faults at known places.
/// seL4 manual, chapter 6.
/// Read next: fault_sel4.S.
/// @stage{none}
#pragma once

#include "user/tests/puppet.hpp"

constexpr Word invalid_root_fault = static_cast<Word>(LookupFailure::invalid_root);
constexpr Word missing_capability_fault = static_cast<Word>(LookupFailure::missing_capability);
constexpr Word depth_mismatch_fault = static_cast<Word>(LookupFailure::depth_mismatch);
constexpr Word guard_mismatch_fault = static_cast<Word>(LookupFailure::guard_mismatch);
/// Of the root task's CSpace.
constexpr Word root_guard_bits = 64 - config::root_cnode_bits;

/// The test is the handler: it polls when the puppet, which is more important, has faulted.
class FaultHandler {
public:
    explicit FaultHandler(Puppet& puppet, Word badge = 0, const Place& place = Place::current())
        : endpoint_(make_endpoint(place)), badge_(badge),
          handler_(badge == 0 ? endpoint_ : minted(endpoint_, badge, abi::all_rights, place)) {
        puppet.set_fault_handler(handler_);
    }

    /// Receives a fault with exactly these words.
    void expect(abi::Fault fault, std::initializer_list<Word> words,
                const Place& place = Place::current()) const {
        const Message message = poll_endpoint(endpoint_);
        expect_equal("badge", badge_, message.badge, place);
        const Word info = info_word(static_cast<Word>(fault), words.size());
        if (!expect_equal("kind and length of the fault", info, message.info.word, place))
            return;
        unsigned i = 0;
        for (const Word word : words) {
            const Word got =
                i < abi::message_registers ? message.words[i] : ipc_buffer().message[i];
            if (got != word)
                fail(place, "word ", i, " of the fault: expected ", shown(word), ", got ",
                     shown(got));
            i++;
        }
    }

    /// There was no fault.
    void expect_none(const Place& place = Place::current()) const {
        const Message message = poll_endpoint(endpoint_);
        test::expect("no fault", message.info.label() == nothing, place);
    }

    [[nodiscard]] CPtr endpoint() const { return endpoint_; }

private:
    CPtr endpoint_;
    Word badge_;
    CPtr handler_;
};

/// Answers the fault that was received last.
inline void answer_fault(Word label, std::initializer_list<Word> words = {}) {
    reply(place(MessageInfo::make(label, words.size()), {words.begin(), words.size()}, {}));
}

// Code of fault_sel4.S: one instruction, then a breakpoint four bytes behind.
extern "C" {
extern const char fault_ecall[];         ///< ecall
extern const char fault_breakpoint[];    ///< ebreak
extern const char fault_zero[];          ///< the two bytes that are illegal for ever
extern const char fault_ones[];          ///< 32 bits, all ones
extern const char fault_supervisor[];    ///< reads a register of the kernel
extern const char fault_sret[];          ///< returns from a trap, as only the kernel may
extern const char fault_load[];          ///< loads from the address in t1 into t0
extern const char fault_store[];         ///< stores t0 there
extern const char fault_jump[];          ///< jumps there
extern const char fault_atomic[];        ///< adds there, atomically
extern const char fault_load_reserved[]; ///< loads from there, for a conditional store
}

inline Word address_of(const char* code) { return reinterpret_cast<Word>(code); }
