// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a stage's tree must not give away: names that first exist in a later stage, and the text
/// of its own solutions.
/// A name exists from the first stage on whose code has it; a path, from that of its file. So code
/// cannot leak a name, only comments, strings and documents can (words.hpp says what is a name
/// there). Solution text is three lines in a row of a reference's body, short lines not counted.
/// Always holds: every leak is reported, with the place where its name first exists.
/// Read next: tree.hpp.
#pragma once

#include "autograder/derive/course.hpp"

#include <map>
#include <span>
#include <string>

namespace grade {

class LeakSearch {
public:
    explicit LeakSearch(const Course& course);

    /// Names of later stages.
    void search(const StageText& text, Stage stage, Problems& problems) const;

private:
    struct First {
        Stage stage;
        std::string path;
        int line;
    };
    using Index = std::map<std::string, First, std::less<>>;

    static void note(Index& index, std::string_view name, First first);
    void report(const Index& index, std::string_view name, int line, const StageText& text,
                Stage stage, Problems& problems) const;

    const Course& course_;
    Index names_;
    Index goals_;
    Index paths_;
};

/// Finds text of the lab's solutions in its starter.
void search_solutions(const Course& course, int lab, std::span<const StageText> starter,
                      Problems& problems);

} // namespace grade
