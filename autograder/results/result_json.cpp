// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The JSON of a result: one visitor of result_fields.hpp writes, another reads.
#include "autograder/results/result.hpp"
#include "autograder/results/result_fields.hpp"
#include "autograder/results/safe_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/core.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <type_traits>

namespace grade {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_log = 65536;
constexpr std::size_t longest_text = 4096;
constexpr std::size_t most_elements = 2000;

constexpr std::array result_statuses = {ResultStatus::ok, ResultStatus::build_error,
                                        ResultStatus::env_error, ResultStatus::timeout,
                                        ResultStatus::internal};
constexpr std::array exercise_states = {ExerciseState::done,         ExerciseState::hole,
                                        ExerciseState::refused,      ExerciseState::missing,
                                        ExerciseState::not_compiled, ExerciseState::caught_up};
constexpr std::array test_statuses = {TestStatus::passed,  TestStatus::failed,
                                      TestStatus::part,    TestStatus::crashed,
                                      TestStatus::timeout, TestStatus::not_run};

std::span<const ResultStatus> all_of(ResultStatus /*kind*/) { return result_statuses; }
std::span<const ExerciseState> all_of(ExerciseState /*kind*/) { return exercise_states; }
std::span<const TestStatus> all_of(TestStatus /*kind*/) { return test_statuses; }

class Writer {
public:
    explicit Writer(Json& out) : out_(out) {}

    template <class T>
    void operator()(const char* key, const T& value) {
        const bool is_log = std::string_view(key) == "log";
        out_[key] = json_of(value, is_log ? longest_log : longest_text);
    }

private:
    template <class T>
    static Json json_of(const T& value, std::size_t longest) {
        if constexpr (std::same_as<T, std::string>) {
            return safe_text(value, longest);
        } else if constexpr (std::is_enum_v<T>) {
            return text(value);
        } else if constexpr (std::floating_point<T>) {
            // Four decimals, so that 0.1 + 0.2 is 0.3; JSON has no word for what is not finite.
            return std::isfinite(value) ? std::round(value * 1e4) / 1e4 : 0.0;
        } else if constexpr (std::is_arithmetic_v<T>) {
            return value;
        } else if constexpr (requires { value.data(); }) {
            Json array = Json::array();
            for (const auto& element :
                 std::span(value).first(std::min(value.size(), most_elements))) {
                array.push_back(json_of(element, longest));
            }
            return array;
        } else {
            Json object = Json::object();
            Writer writer(object);
            fields(writer, value);
            return object;
        }
    }

    Json& out_;
};

/// The first thing that is wrong ends the reading: what comes after is left as it is.
class Reader {
public:
    Reader(const Json& object, std::string where, std::string& error)
        : object_(object), where_(std::move(where)), error_(error) {}

    template <class T>
    void operator()(const char* key, T& value) {
        if (!error_.empty()) {
            return;
        }
        if (const auto found = object_.find(key); found != object_.end()) {
            read(*found, where_.empty() ? key : where_ + "." + key, value);
        }
    }

private:
    void expected(const std::string& where, std::string_view what) {
        error_ = fmt::format("{}: {} was expected", where, what);
    }

    template <class T>
    void read(const Json& json, const std::string& where, T& value) {
        if constexpr (std::same_as<T, std::string>) {
            json.is_string() ? void(value = json.get<std::string>()) : expected(where, "a text");
        } else if constexpr (std::same_as<T, bool>) {
            json.is_boolean() ? void(value = json.get<bool>()) : expected(where, "true or false");
        } else if constexpr (std::is_enum_v<T>) {
            read_enum(json, where, value);
        } else if constexpr (std::floating_point<T>) {
            json.is_number() ? void(value = json.get<double>()) : expected(where, "a number");
        } else if constexpr (std::integral<T>) {
            read_integer(json, where, value);
        } else if constexpr (requires { value.data(); }) {
            read_array(json, where, value);
        } else if (json.is_object()) {
            Reader reader(json, where, error_);
            fields(reader, value);
        } else {
            expected(where, "an object");
        }
    }

    template <class T>
    void read_enum(const Json& json, const std::string& where, T& value) {
        for (const T candidate : all_of(value)) {
            if (json.is_string() && json.get_ref<const std::string&>() == text(candidate)) {
                value = candidate;
                return;
            }
        }
        std::string words;
        for (const T candidate : all_of(value)) {
            words += fmt::format("{}{}", words.empty() ? "" : "|", text(candidate));
        }
        expected(where, "one of " + words);
    }

    template <class T>
    void read_integer(const Json& json, const std::string& where, T& value) {
        const bool fits =
            json.is_number_unsigned()
                ? std::in_range<T>(json.get<std::uint64_t>())
                : json.is_number_integer() && std::in_range<T>(json.get<std::int64_t>());
        if (fits) {
            value = json.get<T>();
        } else {
            expected(where, std::unsigned_integral<T> ? "a whole number from 0" : "a whole number");
        }
    }

    template <class T>
    void read_array(const Json& json, const std::string& where, std::vector<T>& values) {
        if (!json.is_array()) {
            return expected(where, "a list");
        }
        for (std::size_t index = 0; index < json.size() && error_.empty(); ++index) {
            read(json[index], fmt::format("{}[{}]", where, index), values.emplace_back());
        }
    }

    const Json& object_;
    std::string where_;
    std::string& error_;
};

/// @return what is wrong, or nothing
std::string check_head(const Json& json) {
    if (!json.is_object() || !json.contains("schema")) {
        return "no result of rel4-grade: it has no schema number";
    }
    const Json& schema = json["schema"];
    if (!schema.is_number_integer() || schema != result_schema) {
        return fmt::format("schema {}, and this rel4-grade reads schema {}: read it with the "
                           "rel4-grade that wrote it, or grade again",
                           safe_line(schema.dump(-1, ' ', true), 40), result_schema);
    }
    for (const char* const key : {"lab", "status", "submission"}) {
        if (!json.contains(key)) {
            return fmt::format("{}: is missing", key);
        }
    }
    return {};
}

} // namespace

std::string to_json(const Result& result) {
    Json json;
    json["schema"] = result_schema;
    Writer writer(json);
    fields(writer, result);
    return json.dump(1) + "\n";
}

std::expected<Result, std::string> parse_result(std::string_view json) {
    const Json parsed = Json::parse(json, nullptr, false);
    if (parsed.is_discarded()) {
        return std::unexpected("no JSON, or cut off");
    }
    std::string error = check_head(parsed);
    if (!error.empty()) {
        return std::unexpected(std::move(error));
    }
    Result result;
    Reader reader(parsed, "", error);
    fields(reader, result);
    if (!error.empty()) {
        return std::unexpected(std::move(error));
    }
    return result;
}

} // namespace grade
