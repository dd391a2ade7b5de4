// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Running once more, and putting into words what that found.
#include "autograder/run/diagnosis.hpp"

#include "autograder/results/safe_text.hpp"
#include "autograder/run/machine_command.hpp"

#include <nlohmann/json.hpp>

namespace grade {

namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

/// As those of the run itself, but for time: nothing is lost if nothing is found out.
constexpr Limits limits{.wall = 60s,
                        .cpu = 60s,
                        .memory = 2ull << 30,
                        .processes = 64,
                        .output = 1ull << 20,
                        .disk = 1ull << 20,
                        .temporary = 64ull << 20};

constexpr std::size_t most_frames = 12;
constexpr std::size_t most_harts = 8;
constexpr std::size_t most_programs = 16;
constexpr std::size_t longest_word = 120;
constexpr std::size_t longest_answer = 256 << 10;

/// Functions that say that the kernel stops, and not where.
constexpr std::array<std::string_view, 4> sayers = {"panic", "require", "kernel_trapped",
                                                    "trap_of_kernel"};

std::string word(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string()
               ? safe_line(found->get_ref<const std::string&>(), longest_word)
               : std::string();
}

std::uint64_t number(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool flag(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// The objects of a list; no more than so many.
std::vector<Json> list(const Json& object, const char* key, std::size_t most) {
    std::vector<Json> some;
    const auto found = object.find(key);
    if (found != object.end() && found->is_array()) {
        for (const Json& each : *found) {
            if (each.is_object() && some.size() < most) {
                some.push_back(each);
            }
        }
    }
    return some;
}

/// One function that was being executed.
struct Frame {
    std::string function;
    std::string file;
    int line = 0;
    std::uint64_t pc = 0;

    [[nodiscard]] bool has_place() const { return !file.empty() && line > 0; }
    /// "mdb::insert (kernel/cap/mdb.cpp:34)", with what of it is known.
    [[nodiscard]] std::string text() const {
        const std::string name = function.empty() ? fmt::format("{:#x}", pc) : function;
        return has_place() ? fmt::format("{} ({}:{})", name, file, line) : name;
    }
};

std::vector<Frame> frames(const Json& object, const LineOf& line_of) {
    std::vector<Frame> some;
    for (const Json& each : list(object, "frames", most_frames)) {
        Frame frame{word(each, "function"), word(each, "file"), 0, number(each, "pc")};
        const std::uint64_t line = number(each, "line");
        frame.line = line < 1'000'000 ? static_cast<int>(line) : 0;
        if (line_of && frame.has_place()) {
            frame.line = line_of(frame.file, frame.line);
        }
        some.push_back(std::move(frame));
    }
    return some;
}

/// Who called, one a line; the first frame is in the headline.
void add_callers(std::vector<std::string>& lines, std::span<const Frame> frames) {
    for (const Frame& frame : frames.subspan(std::min<std::size_t>(frames.size(), 1))) {
        lines.push_back("  called by " + frame.text());
    }
}

std::optional<Json> object_of(std::string_view text) {
    if (text.size() > longest_answer) {
        return std::nullopt;
    }
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

/// What a hart does, and where it is.
struct HartState {
    std::size_t number;
    bool asleep;
    bool loops;
    bool in_user_mode;
    std::string traps; ///< why it traps again and again
    std::vector<Frame> frames;

    [[nodiscard]] std::string place() const {
        return frames.empty() ? "code of no known file" : frames.front().text();
    }
    [[nodiscard]] std::string doing() const {
        if (!traps.empty()) {
            return fmt::format("traps again and again ({}), at {}", traps, place());
        }
        if (asleep) {
            return "waits for an interrupt, in " + place();
        }
        return fmt::format("{} {}{}", loops ? "goes round in" : "runs in",
                           in_user_mode ? "user mode, in " : "", place());
    }
};

std::vector<HartState> harts(const Json& json, const LineOf& line_of) {
    std::vector<HartState> some;
    for (const Json& each : list(json, "harts", most_harts)) {
        some.push_back({some.size(), flag(each, "asleep"), flag(each, "loops"),
                        word(each, "privilege") == "U", word(each, "traps"),
                        frames(each, line_of)});
    }
    return some;
}

/// The hart that tells most: one that traps for ever, else goes round in little, else runs at all.
const HartState* most_telling(std::span<const HartState> harts) {
    const auto first = [&](auto&& is_so) -> const HartState* {
        const auto found = std::ranges::find_if(harts, is_so);
        return found != harts.end() ? &*found : nullptr;
    };
    if (const auto* hart = first([](const HartState& each) { return !each.traps.empty(); })) {
        return hart;
    }
    if (const auto* hart =
            first([](const HartState& each) { return !each.asleep && each.loops; })) {
        return hart;
    }
    return first([](const HartState& each) { return !each.asleep; });
}

/// What kernels with DEBUG=1 leave where an object was: finalise::freed (kernel/cap/finalise.hpp).
constexpr std::uint64_t freed = 0xdead'f4ee'dead'f4fe;
constexpr std::uint64_t largest_object = 1U << 20U;

/// What else is known of a trap that only a kernel takes which checks itself.
std::optional<std::string> remark_on(std::string_view cause, std::uint64_t address) {
    const std::uint64_t distance = std::max(address, freed) - std::min(address, freed);
    if (distance < largest_object) {
        return "  that address is what DEBUG=1 leaves in the memory of an object that is gone";
    }
    if (cause == "breakpoint" || cause == "illegal instruction") { // compilers' ways to trap
        return "  C++ leaves undefined what is done there: an overflow, a null pointer, an index";
    }
    return std::nullopt;
}

/// All programs of user mode that were built: the machine may start some from within others.
std::vector<std::string> user_programs(const std::filesystem::path& folder) {
    std::vector<std::string> files;
    std::error_code error; // no folder: no programs
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".elf") {
            files.push_back(entry.path().string());
        }
    }
    std::ranges::sort(files);
    files.resize(std::min(files.size(), most_programs));
    return files;
}

} // namespace

std::vector<std::string> stop_in_words(std::string_view text, const LineOf& line_of) {
    const auto json = object_of(text);
    if (!json) {
        return {};
    }
    const auto trap = json->find("trap");
    const bool has_trapped = trap != json->end() && trap->is_object();
    std::vector<Frame> found = frames(has_trapped ? *trap : *json, line_of);
    const auto telling = std::ranges::find_if(found, [](const Frame& frame) {
        return std::ranges::find(sayers, frame.function) == sayers.end();
    });
    found.erase(found.begin(), telling);
    if (found.empty()) {
        return {};
    }
    std::vector lines = {has_trapped
                             ? fmt::format("the kernel itself trapped in {}: {}, address {:#x}",
                                           found.front().text(), word(*trap, "cause"),
                                           number(*trap, "value"))
                             : "the kernel stopped in " + found.front().text()};
    if (has_trapped) {
        const auto remark = remark_on(word(*trap, "cause"), number(*trap, "value"));
        if (remark) {
            lines.push_back(*remark);
        }
    }
    add_callers(lines, found);
    return lines;
}

std::vector<std::string> hang_in_words(std::string_view text, const LineOf& line_of) {
    const auto json = object_of(text);
    if (!json) {
        return {};
    }
    const std::vector<HartState> all = harts(*json, line_of);
    if (all.empty()) {
        return {};
    }
    const HartState* const hart = most_telling(all);
    std::vector<std::string> lines;
    if (hart == nullptr) {
        lines.push_back(fmt::format("dead lock: every hart waits for an interrupt, and {}",
                                    flag(*json, "time") ? "those that come make no thread ready"
                                                        : "none will come: no timer is set"));
    } else {
        lines.push_back(fmt::format("live lock: hart {} {}", hart->number, hart->doing()));
        add_callers(lines, hart->frames);
    }
    for (const HartState& each : all) {
        if (&each != hart) {
            lines.push_back(fmt::format("hart {} {}", each.number, each.doing()));
        }
    }
    return lines;
}

void Diagnosis::explain(Ending& ending, std::span<const std::string> ids,
                        const std::vector<std::string>& command, double cpu) {
    const auto& begun = ending.statements.tests;
    if (!options_.line_of || options_.stop.stop_requested() || ending.statements.complete ||
        ending.reason.contains("not implemented: ")) {
        return;
    }
    const PlannedTest& test = *plan_.find(begun.empty() ? ids.front() : begun.back().id);
    if (!explained_.insert(test.exercise).second) {
        return;
    }
    if (ending.timed_out) {
        const std::string mark = begun.empty() ? "" : "@rel4 begin " + test.id;
        const double part =
            static_cast<double>(test.limit) / static_cast<double>(instruction_limit(plan_, ids));
        ending.explanation = hang_in_words(
            run(fmt::format("hang={:.2f},{}", cpu * part, mark), command), options_.line_of);
    } else {
        ending.explanation = stop_in_words(run("stop", command), options_.line_of);
    }
}

/// What explain.py writes; nothing if it cannot.
std::string Diagnosis::run(const std::string& how, const std::vector<std::string>& command) {
    Command again{.arguments = {"tools/emulator/explain.py", how}};
    again.arguments.insert(again.arguments.end(), command.begin() + 1, command.end());
    for (const std::string& file :
         user_programs(guest_folder(tree_, tools_, plan_.cpus) / "user")) {
        again.arguments.insert(again.arguments.end(), {"--symbols", file});
    }
    const View view{.readonly = {tree_.path(), std::filesystem::canonical(tools_.emulator)},
                    .writable = {},
                    .folder = tree_.path()};
    const Outcome outcome = sandbox_.run(again, view, limits, {.line = {}, .stop = options_.stop});
    return outcome.succeeded() ? outcome.out : std::string();
}

} // namespace grade
