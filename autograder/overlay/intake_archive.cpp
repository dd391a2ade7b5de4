// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Archives, read with libarchive into memory. Members that are not wanted are read through too,
/// so that each byte that is unpacked is counted before there are too many.
#include "autograder/overlay/collector.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>
#include <memory>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Closer {
    void operator()(archive* open) const { archive_read_free(open); }
};

class ArchiveReader {
public:
    explicit ArchiveReader(const IntakeOrder& order)
        : archive_(archive_read_new()), collector_(order) {
        archive_read_support_filter_gzip(archive_.get());
        archive_read_support_filter_xz(archive_.get());
        archive_read_support_filter_zstd(archive_.get());
        archive_read_support_format_tar(archive_.get());
        archive_read_support_format_zip(archive_.get());
    }

    Intake run(const fs::path& file) {
        constexpr std::size_t block = 64 << 10;
        if (fs::file_size(file) > collector_.limits().archive_bytes) {
            return std::unexpected(fmt::format("the archive has more than {} MiB",
                                               collector_.limits().archive_bytes >> 20));
        }
        if (archive_read_open_filename(archive_.get(), file.c_str(), block) != ARCHIVE_OK) {
            return std::unexpected("it is no archive that can be read: hand in a .tar.gz");
        }
        archive_entry* entry = nullptr;
        for (;;) {
            const int status = archive_read_next_header(archive_.get(), &entry);
            if (status == ARCHIVE_EOF) {
                return collector_.finish();
            }
            if (status < ARCHIVE_WARN) {
                return std::unexpected(archive_file_count(archive_.get()) == 0
                                           ? "it is no archive that can be read: hand in a .tar.gz"
                                           : "the archive is damaged or was cut short");
            }
            if (auto why = take(entry)) {
                return std::unexpected(std::move(*why));
            }
        }
    }

private:
    using Why = std::optional<std::string>;

    Why take(archive_entry* entry) {
        if (!collector_.count()) {
            return fmt::format("the archive has more than {} members", collector_.limits().members);
        }
        const char* name = archive_entry_pathname(entry);
        auto place = name == nullptr ? std::nullopt : collector_.place_of(name);
        const bool is_plain =
            archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == nullptr;
        if (place && !is_plain) {
            collector_.warn(*place, "is a link or a device in the archive, not a file");
            place.reset();
        } else if (!place && archive_entry_filetype(entry) != AE_IFDIR) {
            collector_.ignore();
        }
        std::string content;
        bool is_complete = true;
        if (auto why = read(content, is_complete)) {
            return why;
        }
        if (!place) {
            return std::nullopt;
        }
        if (!is_complete || content.size() > collector_.limits().file_bytes) {
            collector_.warn(*place, fmt::format("is larger than {} KiB, or has gaps",
                                                collector_.limits().file_bytes >> 10));
            return std::nullopt;
        }
        return collector_.add(std::move(*place), std::move(content));
    }

    /// The member's data, as far as a file may be long.
    Why read(std::string& content, bool& is_complete) {
        for (;;) {
            const void* data = nullptr;
            std::size_t size = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(archive_.get(), &data, &size, &offset);
            if (status == ARCHIVE_EOF) {
                return std::nullopt;
            }
            if (status < ARCHIVE_WARN) {
                return "the archive is damaged, was cut short or is encrypted";
            }
            unpacked_ += size;
            if (unpacked_ > collector_.limits().unpacked_bytes) {
                return fmt::format("unpacked it has more than {} MiB",
                                   collector_.limits().unpacked_bytes >> 20);
            }
            is_complete = is_complete && static_cast<std::size_t>(offset) == content.size() &&
                          content.size() <= collector_.limits().file_bytes;
            if (is_complete) {
                content.append(static_cast<const char*>(data), size);
            }
        }
    }

    std::unique_ptr<archive, Closer> archive_;
    Collector collector_;
    std::size_t unpacked_ = 0;
};

} // namespace

Intake take_in_archive(const fs::path& file, const IntakeOrder& order) {
    return ArchiveReader(order).run(file);
}

} // namespace grade
