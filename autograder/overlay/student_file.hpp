// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A file that a student may have written, and what can be found in it: exercises and the region
/// for helpers. Each is looked for by itself; what cannot be found is told in one sentence.
/// Always holds: what take() gives is one block in braces, or the whole file.
/// Read next: splice.hpp.
#pragma once

#include "autograder/source/exercise.hpp"
#include "autograder/source/lexer.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace grade {

/// Ends of lines are \n, without a byte order mark: what editors of other systems add.
[[nodiscard]] std::string normalised(std::string_view text);

struct Region {
    std::size_t begin; ///< behind the line that begins it
    std::size_t end;   ///< where the line that ends it begins
    int line;          ///< of `begin`
};

class StudentFile {
public:
    struct Taken {
        Exercise exercise;
        std::string body;
        int line;         ///< of the body
        std::string note; ///< what the student should know although it was taken
    };
    using Found = std::expected<Taken, std::string>;

    /// @param content normalised
    StudentFile(const std::string& path, std::string content);
    StudentFile(const StudentFile&) = delete;
    StudentFile& operator=(const StudentFile&) = delete;
    ~StudentFile() = default;

    [[nodiscard]] const StageText& text() const { return text_; }
    [[nodiscard]] const std::vector<Exercise>& exercises() const { return exercises_; }
    [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }
    [[nodiscard]] std::size_t offset_of(const Token& token) const {
        return static_cast<std::size_t>(token.text.data() - text_.content.data());
    }

    /// The student's version of an exercise of the course's file.
    [[nodiscard]] Found take(const Exercise& wanted, const StudentFile& course) const;
    [[nodiscard]] std::expected<Region, std::string> region() const;
    [[nodiscard]] int line_of(std::size_t offset) const;

private:
    void read();
    [[nodiscard]] std::string why_missing(const Exercise& wanted) const;
    [[nodiscard]] int depth_at(std::size_t offset) const;
    [[nodiscard]] const Exercise* next_behind(std::size_t offset) const;
    [[nodiscard]] bool balances(const Exercise& own, const StudentFile& course) const;
    [[nodiscard]] std::string what_follows(const Exercise& exercise) const;

    StageText text_;
    std::string unreadable_; ///< why nothing can be found; empty if it can
    std::vector<Token> tokens_;
    std::vector<Exercise> exercises_;
    Problems problems_;
};

} // namespace grade
