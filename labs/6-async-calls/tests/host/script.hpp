// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Each exercise is tested by itself. What it calls of the others is played by the test, if it
/// says so here; the linker leads these calls to script.cpp (tests.mk).
///
///     Setting at;                      // a registration, whose coroutines the test plays
///     script.pages = [](...) { ... };
///
/// Read next: setting.hpp.
#pragma once

#include "kernel/async/registration.hpp"

/// What handle_calls() calls.
struct PlayedRegistration {
    virtual ~PlayedRegistration() = default;
    virtual bool take(async::Call& call) = 0;
    virtual void reply(const async::Call& call) = 0;
    virtual bool still_open() = 0;
    virtual Result<Outcome> make(Invocation& invocation, abi::CPtr object) = 0;
};

struct Script {
    /// Pages::serve(). Null: the real one, and so for the others.
    Word (*pages)(const rt::Run& requests, abi::Item* replies) = nullptr;
    async::Handler (*handler)(Registration* registration) = nullptr;
    PlayedRegistration* registration = nullptr;
    /// Called when every hart has forgotten translations.
    void (*forgotten)() = nullptr;
    /// Called before each load in registration.cpp.
    void (*loaded)(uintptr_t address, size_t bytes) = nullptr;
};
inline Script script;
