// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What every test file of this folder begins with: the ABI, the stubs and the test's own memory
/// are in sight without a prefix.
/// Read next: user/tests/README.md, user/lib/test.hpp.
/// @stage{1}
#pragma once

#include "user/lib/debug.hpp"
#include "user/lib/objects.hpp"
#include "user/lib/test.hpp"

// NOLINTBEGIN(google-build-using-namespace): these are no headers for others.
using namespace sel4;
using namespace test;
// NOLINTEND(google-build-using-namespace)
using abi::Error;
using abi::LookupFailure;
using abi::ObjectType;

/// A new object of the test, whose creation is not what the test is about.
inline CPtr make(ObjectType type, unsigned size_bits = 0, const Place& place = Place::current()) {
    const CPtr object = allocator.make(type, size_bits);
    if (object == 0)
        fail(place, "an object cannot be made");
    return object;
}

/// An empty slot, or the first of several.
inline CPtr empty_slot(Word count = 1) { return allocator.slot(count); }

/// The words of a frame, mapped somewhere.
inline volatile Word* map(CPtr frame, unsigned bits = abi::page_bits) {
    return reinterpret_cast<volatile Word*>(vspace.map_somewhere(frame, bits));
}
