// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whatever vanishes or refuses to be read while it is looked at counts as nothing.
#include "autograder/sandbox/disk.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace grade {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

DiskWatch::DiskWatch(std::vector<fs::path> folders, std::uint64_t limit)
    : folders_(std::move(folders)), limit_(limit), before_(look()),
      next_(steady_clock::now() + std::chrono::milliseconds(200)) {}

DiskWatch::Sizes DiskWatch::look(bool in_the_end) const {
    Sizes sizes;
    for (const fs::path& folder : folders_) {
        std::error_code error;
        const auto options = fs::directory_options::skip_permission_denied;
        for (auto at = fs::recursive_directory_iterator(folder, options, error);
             !error && at != fs::end(at); at.increment(error)) {
            struct stat status{};
            if (::lstat(at->path().c_str(), &status) == 0) {
                const auto blocks = static_cast<std::uint64_t>(status.st_blocks) * 512;
                sizes.all += std::max<std::uint64_t>(blocks, 4096);
                if (S_ISREG(status.st_mode)) {
                    sizes.largest =
                        std::max(sizes.largest, static_cast<std::uint64_t>(status.st_size));
                    if (in_the_end && (status.st_mode & (S_ISUID | S_ISGID)) != 0) {
                        ::chmod(at->path().c_str(), status.st_mode & 0777);
                    }
                }
            }
        }
    }
    return sizes;
}

bool DiskWatch::exceeded() {
    const auto now = steady_clock::now();
    if (now < next_) {
        return false;
    }
    const bool too_much = look().all > before_.all + limit_;
    const auto after = steady_clock::now();
    next_ = after +
            std::max<steady_clock::duration>(std::chrono::milliseconds(200), 10 * (after - now));
    return too_much;
}

bool DiskWatch::exceeded_in_the_end() {
    const Sizes now = look(true);
    return now.all > before_.all + limit_ || (now.largest >= limit_ && before_.largest < limit_);
}

} // namespace grade
