// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Folders. Every step of a path is opened by itself and must not be a link; what is opened is
/// looked at before it is read, so that a pipe or a device is never waited for.
#include "autograder/overlay/collector.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace grade {

namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) {
            close(number_);
        }
    }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

constexpr int careful = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

class FolderReader {
public:
    explicit FolderReader(const IntakeOrder& order) : order_(order), collector_(order) {}

    Intake run(const fs::path& folder) {
        const Descriptor top(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!top.is_open()) {
            return std::unexpected("the folder cannot be opened");
        }
        if (!count(folder)) {
            return std::unexpected(
                fmt::format("the folder has more than {} files", order_.limits.members));
        }
        std::optional<std::string> why = take_all(top.number(), "");
        for (const std::string& name : folders_) {
            const Descriptor inner(openat(top.number(), name.c_str(), careful | O_DIRECTORY));
            if (!why && inner.is_open()) {
                why = take_all(inner.number(), name);
            }
        }
        collector_.ignore(files_ - std::min(files_, taken_));
        return why ? std::unexpected(std::move(*why)) : collector_.finish();
    }

private:
    /// Files, and folders at the top, which may hold the tree.
    bool count(const fs::path& folder) {
        std::error_code error;
        auto at = fs::recursive_directory_iterator(
            folder, fs::directory_options::skip_permission_denied, error);
        for (; !error && at != fs::end(at); at.increment(error)) {
            if (!collector_.count()) {
                return false;
            }
            const bool is_folder = at->symlink_status(error).type() == fs::file_type::directory;
            const fs::path name = at->path().filename();
            if (is_folder && (name == ".git" || name == "build")) {
                at.disable_recursion_pending();
            } else if (is_folder && at.depth() == 0) {
                folders_.insert(name.string());
            }
            files_ += is_folder ? 0 : 1;
        }
        return true;
    }

    std::optional<std::string> take_all(int top, const std::string& folder) {
        for (const std::string& path : order_.wanted) {
            if (auto why = take(top, {folder, path})) {
                return why;
            }
        }
        return std::nullopt;
    }

    std::optional<std::string> take(int top, Collector::Place place) {
        const Descriptor file = open_below(top, place);
        struct stat status{};
        if (!file.is_open() || fstat(file.number(), &status) != 0) {
            return std::nullopt;
        }
        ++taken_;
        if (!S_ISREG(status.st_mode)) {
            collector_.warn(place, "is no ordinary file");
            return std::nullopt;
        }
        std::string content(order_.limits.file_bytes + 1, '\0');
        std::size_t size = 0;
        while (size < content.size()) {
            const ssize_t count =
                ::read(file.number(), content.data() + size, content.size() - size);
            if (count <= 0) {
                break;
            }
            size += static_cast<std::size_t>(count);
        }
        if (size > order_.limits.file_bytes) {
            collector_.warn(place,
                            fmt::format("is larger than {} KiB", order_.limits.file_bytes >> 10));
            return std::nullopt;
        }
        content.resize(size);
        return collector_.add(std::move(place), std::move(content));
    }

    /// Closed if there is no such file, or if a link is on the way to it.
    Descriptor open_below(int top, const Collector::Place& place) {
        Descriptor here(dup(top));
        if (!here.is_open()) {
            collector_.warn(place, "cannot be opened");
            return here;
        }
        const fs::path path(place.path);
        for (const fs::path& part : path) {
            struct stat status{};
            if (fstatat(here.number(), part.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
                return Descriptor(-1);
            }
            if (S_ISLNK(status.st_mode)) {
                collector_.warn(place, "is a link, or in a folder that is one");
                return Descriptor(-1);
            }
            here = Descriptor(openat(here.number(), part.c_str(), careful));
            if (!here.is_open()) {
                collector_.warn(place, "cannot be opened");
                return here;
            }
        }
        return here;
    }

    const IntakeOrder& order_;
    Collector collector_;
    std::set<std::string> folders_;
    std::size_t files_ = 0;
    std::size_t taken_ = 0;
};

} // namespace

Intake take_in_folder(const fs::path& folder, const IntakeOrder& order) {
    return FolderReader(order).run(folder);
}

} // namespace grade
