// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The course's tree that a submission is put into: the starter of the lab that is graded, or of a
/// later one, of which a student grades an earlier lab. The exercises of the tree's lab are holes
/// in it, unless the tree is a solution's; those before have the reference's bodies, or are holes
/// too, as in what students get.
/// Always holds: nothing in it comes from a submission.
/// Read next: overlay.hpp.
#pragma once

#include "autograder/overlay/refusals.hpp"
#include "autograder/source/manifest.hpp"
#include "autograder/source/source_tree.hpp"

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace grade {

class BaseTree {
public:
    /// @param tree the starter of `lab`, or of a later one
    /// @param problems what is wrong with its manifests
    BaseTree(SourceTree tree, int lab, Problems& problems);

    [[nodiscard]] const SourceTree& tree() const { return tree_; }
    [[nodiscard]] int lab() const { return lab_; }
    /// Of labs 1 to lab(), in order.
    [[nodiscard]] const std::vector<Manifest>& manifests() const { return manifests_; }
    /// Of the labs behind that, in order: none in the lab's own tree.
    [[nodiscard]] const std::vector<Manifest>& later() const { return later_; }
    [[nodiscard]] const Refusals& refusals() const { return refusals_; }

    /// The file as students got it, if it holds a type that is an exercise, or is one itself, and
    /// is a hole here; else null: what the hole of an earlier one was, or of one in a solution's
    /// tree, is not known.
    [[nodiscard]] const SourceFile* skeleton(const SourceFile& file) const;

private:
    [[nodiscard]] bool is_hole(const Manifest& manifest) const {
        return !is_solution_ && (manifest.lab == newest_ || is_blank_);
    }

    SourceTree tree_;
    int lab_;
    std::vector<Manifest> manifests_;
    std::vector<Manifest> later_;
    Refusals refusals_;
    int newest_ = 0;          ///< lab that the tree is of
    bool is_blank_ = false;   ///< exercises of the labs before that are holes too
    bool is_solution_ = true; ///< nothing is a hole, so nobody's body is one
};

/// The starter of which a student's folder was made, whatever was changed since: .stage.toml names
/// the contents, and files that were not changed or the student's repository have them. For a
/// student's own use, since all of that is the student's.
[[nodiscard]] std::expected<SourceTree, std::string>
read_pristine(const std::filesystem::path& folder);

} // namespace grade
