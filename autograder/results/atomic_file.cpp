// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The name beside has the process's number and a count in it, so that writers of the same file
/// never meet.
#include "autograder/results/atomic_file.hpp"

#include "autograder/source/source_tree.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    /// @return 0 or an errno: some file systems say only here that the disk is full
    int close() {
        const int status = number_ >= 0 ? ::close(number_) : 0;
        number_ = -1;
        return status == 0 ? 0 : errno;
    }

private:
    int number_;
};

/// @return 0 or an errno
int write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        content.remove_prefix(static_cast<std::size_t>(written < 0 ? 0 : written));
    }
    return 0;
}

int write_beside(const fs::path& beside, std::string_view content) {
    Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.is_open()) {
        return errno;
    }
    int error = write_all(file.number(), content);
    if (error == 0 && ::fsync(file.number()) != 0 && errno != EINVAL) {
        error = errno;
    }
    const int at_close = file.close();
    return error != 0 ? error : at_close;
}

/// The new name itself must reach the disk, too; where folders cannot be synced it is left.
void sync_folder(const fs::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.is_open()) {
        static_cast<void>(::fsync(descriptor.number()));
    }
}

} // namespace

std::string why_not_written(const fs::path& path, int error) {
    std::string what = fmt::format("{}: cannot be written: {}", path.string(),
                                   std::generic_category().message(error));
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return what + "; free some space there, then give the same command again. What was written "
                      "before is unchanged";
    case EACCES:
    case EPERM:
    case EROFS:
        return what + "; choose another folder, or allow writing there";
    case ENOENT:
    case ENOTDIR:
        return what + "; its folder is not there or is no folder";
    default:
        return what;
    }
}

void write_file(const fs::path& path, std::string_view content) {
    static std::atomic<unsigned> count = 0;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::error_code made;
    fs::create_directories(folder, made);
    if (made) {
        throw EnvironmentError(why_not_written(path, made.value()));
    }
    const fs::path beside = folder / fmt::format(".new-{}-{}", ::getpid(), ++count);
    int error = write_beside(beside, content);
    if (error == 0 && std::rename(beside.c_str(), path.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        if (error != EEXIST) {
            ::unlink(beside.c_str());
        }
        throw EnvironmentError(why_not_written(path, error));
    }
    sync_folder(folder);
}

std::expected<std::string, std::string> read_file(const fs::path& path, std::size_t limit) {
    const auto wrong = [&](std::string_view what) {
        return std::unexpected(fmt::format("{}: {}", path.string(), what));
    };
    // Not blocking, or a pipe of that name would hold the reader.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts{};
    if (!file.is_open() || ::fstat(file.number(), &facts) != 0) {
        return wrong(std::generic_category().message(errno));
    }
    if (!S_ISREG(facts.st_mode)) {
        return wrong("no file");
    }
    if (static_cast<std::size_t>(facts.st_size) > limit) {
        return wrong(fmt::format("has more than {} bytes", limit));
    }
    std::string content(static_cast<std::size_t>(facts.st_size), '\0');
    std::size_t got = 0;
    while (got < content.size()) {
        const ssize_t count = ::read(file.number(), content.data() + got, content.size() - got);
        if (count < 0 && errno != EINTR) {
            return wrong(std::generic_category().message(errno));
        }
        if (count == 0) {
            break;
        }
        got += static_cast<std::size_t>(count < 0 ? 0 : count);
    }
    content.resize(got);
    return content;
}

} // namespace grade
