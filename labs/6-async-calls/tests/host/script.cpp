// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The linker leads calls of these functions here from other files (--wrap): a test plays them, or
/// they are passed on.
#include "labs/6-async-calls/tests/host/script.hpp"

#include "kernel/syscall/invoke.hpp"
#include "runtime/tests/explore/operation.hpp"

using async::Call;
using async::Handler;
using async::Pages;

// NOLINTBEGIN(misc-use-internal-linkage): the linker looks for them

// The real ones, under the linker's names for them.
Word real_pages(Pages*, const Tcb&, const rt::Run&,
                abi::Item*) asm("__real__ZN5async5Pages5serveERK3TcbRKN2rt3RunEPN3abi4ItemE");
Handler real_handler(Registration*) asm("__real__ZN5async12handle_callsEP12Registration");
bool real_take(Registration*, Call&) asm("__real__ZN12Registration4takeERN5async4CallE");
void real_reply(Registration*, const Call&) asm("__real__ZN12Registration5replyERKN5async4CallE");
bool real_open(Registration*) asm("__real__ZN12Registration10still_openEv");
Result<Outcome> real_invoke(Invocation&, abi::CPtr, std::span<const abi::CPtr>) asm(
    "__real__ZN5calls21invoke_asynchronouslyER10InvocationmSt4spanIKmLm18446744073709551615EE");

Word pages(Pages*, const Tcb&, const rt::Run&,
           abi::Item*) asm("__wrap__ZN5async5Pages5serveERK3TcbRKN2rt3RunEPN3abi4ItemE");
Handler handler(Registration*) asm("__wrap__ZN5async12handle_callsEP12Registration");
bool take(Registration*, Call&) asm("__wrap__ZN12Registration4takeERN5async4CallE");
void reply(Registration*, const Call&) asm("__wrap__ZN12Registration5replyERKN5async4CallE");
bool open(Registration*) asm("__wrap__ZN12Registration10still_openEv");
Result<Outcome> invoke(Invocation&, abi::CPtr, std::span<const abi::CPtr>) asm(
    "__wrap__ZN5calls21invoke_asynchronouslyER10InvocationmSt4spanIKmLm18446744073709551615EE");

Word pages(Pages* self, const Tcb& owner, const rt::Run& requests, abi::Item* replies) {
    return script.pages != nullptr ? script.pages(requests, replies)
                                   : real_pages(self, owner, requests, replies);
}

Handler handler(Registration* registration) {
    return script.handler != nullptr ? script.handler(registration) : real_handler(registration);
}

bool take(Registration* self, Call& call) {
    return script.registration != nullptr ? script.registration->take(call) : real_take(self, call);
}

void reply(Registration* self, const Call& call) {
    if (script.registration != nullptr)
        return script.registration->reply(call);
    real_reply(self, call);
}

bool open(Registration* self) {
    return script.registration != nullptr ? script.registration->still_open() : real_open(self);
}

Result<Outcome> invoke(Invocation& invocation, abi::CPtr object,
                       std::span<const abi::CPtr> extra_caps) {
    return script.registration != nullptr ? script.registration->make(invocation, object)
                                          : real_invoke(invocation, object, extra_caps);
}

void real_flush_page(vm::Space,
                     VAddr) asm("__real__ZN6vspace10flush_pageEN2vm5SpaceE6StrongI8VAddrTagE");
void real_flush_space(vm::Space) asm("__real__ZN6vspace11flush_spaceEN2vm5SpaceE");
void flush_page(vm::Space,
                VAddr) asm("__wrap__ZN6vspace10flush_pageEN2vm5SpaceE6StrongI8VAddrTagE");
void flush_space(vm::Space) asm("__wrap__ZN6vspace11flush_spaceEN2vm5SpaceE");

void flush_page(vm::Space space, VAddr address) {
    real_flush_page(space, address);
    if (script.forgotten != nullptr)
        script.forgotten();
}

void flush_space(vm::Space space) {
    real_flush_space(space);
    if (script.forgotten != nullptr)
        script.forgotten();
}

// What a word that is shared calls.
uint64_t real_operate(const explore::Operation&) asm("__real__ZN7explore7operateERKNS_9OperationE");
uint64_t operate(const explore::Operation&) asm("__wrap__ZN7explore7operateERKNS_9OperationE");

// NOLINTBEGIN(readability-identifier-naming): these names are the sanitizer's
// What the address sanitizer calls for other loads in registration.cpp, by their size (tests.mk).
extern "C" {
void __real___asan_load1(uintptr_t address);
void __real___asan_load2(uintptr_t address);
void __real___asan_load4(uintptr_t address);
void __real___asan_load8(uintptr_t address);
void __real___asan_load16(uintptr_t address);
void __real___asan_loadN(uintptr_t address, size_t bytes);
}

void loaded(uintptr_t address, size_t bytes) {
    if (script.loaded != nullptr)
        script.loaded(address, bytes);
}

uint64_t operate(const explore::Operation& operation) {
    if (explore::is_load(operation.action))
        loaded(reinterpret_cast<uintptr_t>(operation.address), operation.size);
    return real_operate(operation);
}

extern "C" {
/// Tests that explore leave stacks in the middle of functions.
const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }

void __wrap___asan_load1(uintptr_t address) {
    loaded(address, 1);
    __real___asan_load1(address);
}
void __wrap___asan_load2(uintptr_t address) {
    loaded(address, 2);
    __real___asan_load2(address);
}
void __wrap___asan_load4(uintptr_t address) {
    loaded(address, 4);
    __real___asan_load4(address);
}
void __wrap___asan_load8(uintptr_t address) {
    loaded(address, 8);
    __real___asan_load8(address);
}
void __wrap___asan_load16(uintptr_t address) {
    loaded(address, 16);
    __real___asan_load16(address);
}
void __wrap___asan_loadN(uintptr_t address, size_t bytes) {
    loaded(address, bytes);
    __real___asan_loadN(address, bytes);
}
}
// NOLINTEND(readability-identifier-naming)

// NOLINTEND(misc-use-internal-linkage)
