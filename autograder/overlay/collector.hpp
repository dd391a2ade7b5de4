// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Files of a submission as they come: which of them are kept, under which path, and what they are
/// together. For each member ask first where it belongs, then give its content.
/// Read next: intake.hpp.
#pragma once

#include "autograder/overlay/intake.hpp"

#include <string_view>

namespace grade {

class Collector {
public:
    /// Where a member belongs: directly in the submission, or in one folder there.
    struct Place {
        std::string folder; ///< empty, or the name of the folder
        std::string path;   ///< one that is wanted
    };

    explicit Collector(const IntakeOrder& order) : order_(order) {}

    [[nodiscard]] const IntakeLimits& limits() const { return order_.limits; }

    /// Counts a member. @return false if there are too many
    [[nodiscard]] bool count() { return ++members_ <= order_.limits.members; }
    /// Nothing if it is not wanted.
    [[nodiscard]] std::optional<Place> place_of(std::string_view name) const;

    void ignore(std::size_t files = 1) { ignored_ += files; }
    /// A wanted file that cannot be taken: "kernel/a.cpp is a link".
    void warn(const Place& place, std::string_view why);
    /// @return what is wrong, if anything
    [[nodiscard]] std::optional<std::string> add(Place place, std::string content);

    /// When all members were given.
    [[nodiscard]] Intake finish();

private:
    [[nodiscard]] std::expected<std::string, std::string> top_folder() const;
    void read_stage();

    const IntakeOrder& order_;
    std::map<std::string, std::map<std::string, std::string, std::less<>>> files_; ///< by folder
    std::size_t members_ = 0;
    std::size_t ignored_ = 0;
    std::size_t bytes_ = 0;
    Submission result_;
};

/// For people: without what would upset a terminal, and not too long.
[[nodiscard]] std::string printable(std::string_view text);

/// One for each source.
[[nodiscard]] Intake take_in_folder(const std::filesystem::path& folder, const IntakeOrder& order);
[[nodiscard]] Intake take_in_archive(const std::filesystem::path& file, const IntakeOrder& order);

} // namespace grade
