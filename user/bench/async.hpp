// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The groups of asynchronous benchmarks, each with its synchronous twin; what they measure with,
/// and how they tell it.
///
///     figure async.ipc value=89.2013 least=... greatest=... samples=1 unit=instructions
///         operations=32000 interval=6 concurrency=32 harts=1 load=0          (one line)
///
/// One hart: instructions for each operation, everything included. Several harts: the time of an
/// operation as a part of its synchronous twin's, which takes turns with it on one hart of the same
/// machine. `interval` is the number of the marks (instructions.hpp) around the last measurement.
/// Read next: async.cpp, async_ipc.cpp, tools/bench/async.py.
/// @stage{none}
#pragma once

#include "user/bench/instructions.hpp"
#include "user/bench/samples.hpp"

namespace bench {

/// What runs at the same time, at most and otherwise.
constexpr unsigned most_concurrent = 512;
constexpr unsigned concurrencies[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, most_concurrent};
constexpr unsigned concurrency_count = sizeof concurrencies / sizeof *concurrencies;

/// The machine, and how often everything is done.
struct Machine {
    Word harts;
    unsigned rounds;

    [[nodiscard]] bool several() const { return harts > 1; }
    /// The hart of servers, if they are not to be with their clients.
    [[nodiscard]] Word other_hart() const { return several() ? 1 : 0; }
};

/// Decimals of what is measured.
constexpr Word scale = 10'000;

/// Everything that is measured of one figure.
struct Series {
    Samples samples;
    Word operations = 0; ///< in each sample
    unsigned interval = 0;
    Word last = 0;

    /// One more, of which a part is told.
    void add(Word value, Word whole = 1) {
        last = value;
        samples.add(value * (whole == 1 ? 1 : scale) / whole);
    }
};

/// Of the marks that come next, counted from 0.
unsigned next_interval();

/// Measures a function that does so many operations: the cost of one, times `scale`.
template <class Function>
Word measure(Series& series, Word operations, Function function) {
    series.operations = operations;
    series.interval = next_interval();
    mark_begin();
    const Word start = cycles();
    function();
    const Word end = cycles();
    mark_end();
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): there are some
    return (end - start) * scale / operations;
}

/// Writes the line of a figure. `load` and `twin` (of the synchronous ones: where the server is)
/// may be absent: negative, null.
struct Told {
    const char* name;
    unsigned concurrency = 0;
    int load = -1;
    const char* where = nullptr;
};
void tell(const Told& what, const Machine& machine, Series& series);

/// A message and its answer, for each load of the server. False if it cannot be measured.
bool measure_ipc(const Machine& machine);
/// Mapping a page and unmapping it.
bool measure_map(const Machine& machine);
/// From uipi.send to the handler.
bool measure_interrupt();

} // namespace bench
