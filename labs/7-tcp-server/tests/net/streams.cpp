// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See streams.hpp.
#include "labs/7-tcp-server/tests/net/streams.hpp"

#include <algorithm>

namespace lab7 {

namespace {

struct Kind {
    std::string_view request;
    unsigned status;
    bool has_body;
};

constexpr Kind kinds[] = {
    {"GET / HTTP/1.1\r\nHost: rel4\r\n\r\n", 200, true},
    {"HEAD / HTTP/1.1\r\n\r\n", 200, false},
    {"GET /counters HTTP/1.1\r\nAccept: */*\r\n\r\n", 200, true},
    {"\r\n\r\nGET /nothing HTTP/1.1\r\n\r\n", 404, true},
    {"HEAD /counters HTTP/1.0\r\n"
     "Connection: keep-alive\r\n\r\n",
     200, false},
};
constexpr std::string_view last_request = "GET /nothing HTTP/1.0\r\n\r\n";

Word instructions() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory"); // the emulator counts instructions
    return count;
}

} // namespace

void Stream::begin(Report& report, Word number) {
    *this = {};
    open = true;
    report_ = &report;
    number_ = number;
    if (report.task == Task::pages)
        make_requests();
}

/// A number that belongs to this stream and this question.
Word Stream::draw(Word which) const {
    Word word = (report_->seed * most_streams + number_) * 0x9e3779b97f4a7c15 + which;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
}

Word Stream::piece_length(Word piece) const {
    if (report_->task == Task::measured)
        return piece < speed_warm + speed_pieces ? speed_bytes : 0;
    return piece < echo_pieces ? 1 + draw(piece) % net::most_data : 0;
}

char Stream::piece_byte(Word piece, Word at) const {
    return static_cast<char>(number_ * 31 + piece * 7 + at * 13 + at / 256);
}

void Stream::make_requests() {
    for (Word i = 0; i < page_requests; i++) {
        const bool is_last = i == page_requests - 1;
        const Kind& kind = kinds[draw(i) % std::size(kinds)];
        const std::string_view request = is_last ? last_request : kind.request;
        statuses_[i] = is_last ? 404 : kind.status;
        has_body_[i] = is_last || kind.has_body;
        std::copy(request.begin(), request.end(), text_ + length_);
        length_ += request.size();
    }
}

Word Stream::say(char* to) {
    if (report_->task == Task::pages) {
        const Word bytes = std::min(1 + draw(100 + said_++) % 100, length_ - said_bytes_);
        std::copy_n(text_ + said_bytes_, bytes, to);
        said_bytes_ += bytes;
        return bytes;
    }
    if (report_->task == Task::measured && said_ == speed_warm)
        report_->instructions.store_relaxed(instructions());
    const Word bytes = piece_length(said_);
    for (Word i = 0; i < bytes; i++)
        to[i] = piece_byte(said_, i);
    said_ += bytes == 0 ? 0 : 1;
    return bytes;
}

void Stream::came(std::string_view data) {
    if (report_->task == Task::pages) {
        for (const char letter : data)
            came_to_pages(letter);
        return;
    }
    came_to_echo(data);
    rt::SharedWord<Word>& count = report_->instructions;
    if (report_->task == Task::measured && back_ == speed_warm + speed_pieces)
        count.store_relaxed(instructions() - count.load_relaxed());
}

void Stream::judge(Word expected, Word got) {
    if (expected == got) {
        report_->right.store_relaxed(report_->right.load_relaxed() + 1);
        return;
    }
    const Word wrong = report_->wrong.load_relaxed();
    if (wrong == 0) {
        report_->expected.store_relaxed(expected);
        report_->got.store_relaxed(got);
    }
    report_->wrong.store_relaxed(wrong + 1);
}

/// Bytes are a stream: they may come back in other pieces.
void Stream::came_to_echo(std::string_view data) {
    for (const char letter : data) {
        const Word length = piece_length(back_);
        if (back_ == said_ || letter != piece_byte(back_, back_bytes_))
            return judge(length, back_bytes_);
        if (++back_bytes_ != length)
            continue;
        judge(length, back_bytes_);
        back_++;
        back_bytes_ = 0;
    }
}

void Stream::came_to_pages(char letter) {
    if (body_left_ != 0) {
        body_left_--;
        return;
    }
    if (head_length_ == most_head)
        return judge(0, most_head);
    head_[head_length_++] = letter;
    if (std::string_view(head_, head_length_).ends_with("\r\n\r\n"))
        end_head();
}

/// A head is there: its status is looked at, and how long its body is.
void Stream::end_head() {
    const std::string_view head(head_, head_length_);
    const auto number = [&](size_t at) {
        Word value = 0;
        for (; at < head.size() && head[at] >= '0' && head[at] <= '9'; at++)
            value = value * 10 + static_cast<Word>(head[at] - '0');
        return value;
    };
    constexpr std::string_view length = "Content-Length: ";
    const size_t at = head.find(length);
    const bool is_asked = back_ < page_requests;
    judge(is_asked ? statuses_[back_] : 0, number(std::string_view("HTTP/1.1 ").size()));
    if (at != head.npos && is_asked && has_body_[back_])
        body_left_ = number(at + length.size());
    back_++;
    head_length_ = 0;
}

} // namespace lab7
