// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every shape that the definition of an exercise can have, and those that it must not have.
#include "autograder/source/definition.hpp"

#include <doctest/doctest.h>

namespace {

/// "name: what stands from { to }", or the error.
std::string read(const std::string& text) {
    const auto tokens = grade::lex(text);
    const auto found = grade::read_definition(tokens);
    if (!found) {
        return "error: " + found.error();
    }
    const auto open = static_cast<std::size_t>(found->open.text.data() - text.data());
    const auto close = static_cast<std::size_t>(found->close.text.data() - text.data());
    return found->name + ": " + text.substr(open, close + 1 - open);
}

TEST_CASE("definition: functions") {
    CHECK(read("int f() { return 1; } int g() {}") == "f: { return 1; }");
    CHECK(read("static inline Result<std::pair<A, B>> f(int (*g)(int), B b = {}) {b}") == "f: {b}");
    CHECK(read("[[nodiscard]] const Slot* Space::find(CPtr p) const& noexcept(true) {b}") ==
          "Space::find: {b}");
    CHECK(read("auto Ring<T>::push(T t) noexcept -> std::expected<T, Error<1>> {b}") ==
          "Ring::push: {b}");
    CHECK(read("extern \"C\" void trap(Frame* frame) {b}") == "trap: {b}");
    CHECK(read("decltype(nullptr) f(auto x) {b}") == "f: {b}");
    CHECK(read("std::function<int(int)> f() {b}") == "f: {b}");
    CHECK(read("void f() override final {b}") == "f: {b}");
}

TEST_CASE("definition: templates and constraints") {
    CHECK(read("template <class T, auto f = sizeof(T)>\nvoid f(T t) {b}") == "f: {b}");
    CHECK(read("template <class T> requires (sizeof(T) > 4) void f() {b}") == "f: {b}");
    CHECK(read("template <class T> requires A<T> && (N > 2) T f() {b}") == "f: {b}");
    CHECK(read("template <class T> requires requires(T t) { t.x(); } T f() {b}") == "f: {b}");
    CHECK(read("template <class T> void f(T t) requires requires { t.x(); } {b}") == "f: {b}");
    CHECK(read("template <class T> void f(T t) requires A<T> && (N > 2) {b}") == "f: {b}");
    CHECK(read("template <> void f<int>(int) {b}") == "f: {b}");
}

TEST_CASE("definition: constructors, destructors, operators") {
    CHECK(read("Queue::Queue(int a) : Base<int>{a}, b_(f({a})), c_{} {b}") == "Queue::Queue: {b}");
    CHECK(read("explicit(true) Queue(A... a) noexcept : A(a)... {b}") == "Queue: {b}");
    CHECK(read("Queue::~Queue() {b}") == "Queue::~Queue: {b}");
    CHECK(read("virtual ~Queue() {b}") == "~Queue: {b}");
    CHECK(read("bool operator()(int a) const {b}") == "operator(): {b}");
    CHECK(read("bool A::operator<(const A& a) const {b}") == "A::operator<: {b}");
    CHECK(read("A& operator[](int a) {b}") == "operator[]: {b}");
    CHECK(read("explicit operator bool() const {b}") == "operator bool: {b}");
}

TEST_CASE("definition: bodies with all sorts of braces") {
    CHECK(read("void f() { auto g = [](int a) { return A{a}; }; } x") ==
          "f: { auto g = [](int a) { return A{a}; }; }");
    CHECK(read("void f() { \"}\"; '}'; /* } */ R\"(})\"; // }\n } x") ==
          "f: { \"}\"; '}'; /* } */ R\"(})\"; // }\n }");
    CHECK(read("void f() {\n#if A\nif (a) {\n#else\nif (b) {\n#endif\n}\n} x") ==
          "f: {\n#if A\nif (a) {\n#else\nif (b) {\n#endif\n}\n}");
    CHECK(read("void f() {\n#define X {\n} x") == "f: {\n#define X {\n}");
}

TEST_CASE("definition: types") {
    CHECK(read("struct Ring { int a; struct Inner {}; };") == "Ring: { int a; struct Inner {}; }");
    CHECK(read("template <class T> class alignas(64) [[nodiscard]] Ring final : Base<T> {b};") ==
          "Ring: {b}");
    CHECK(read("enum class State : Word {b};") == "State: {b}");
}

TEST_CASE("definition: what cannot become a hole is refused, with the remedy") {
    CHECK(read("int f();").contains("declared here, not defined"));
    CHECK(read("struct Ring;").contains("declared here, not defined"));
    CHECK(read("constexpr int f() {b}").contains("constexpr"));
    CHECK(read("consteval int f() {b}").contains("consteval"));
    CHECK(read("auto f() {b}").contains("trailing return type"));
    CHECK(read("decltype(auto) f() {b}").contains("trailing return type"));
    CHECK(read("Queue() = default;").contains("no ordinary body"));
    CHECK(read("void f() try {} catch (...) {}").contains("no ordinary body"));
    CHECK(read("int a = f(1);").contains("no definition"));
    CHECK(read("int a{1};").contains("no definition"));
    CHECK(read("").contains("no definition"));
    CHECK(read("void f() { {").contains("never closed"));
}

} // namespace
