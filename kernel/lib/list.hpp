// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A doubly linked list through a member of its elements: nothing is allocated, and an element can
/// be taken out in constant time. The head can be two words that someone else stores.
/// Guard: that of the list's owner; the kernel lock, where nothing else is said.
/// @stage{1}
#pragma once

/// Neighbours of an element in a list. Both null: in no list, or alone in it.
template <class T>
struct ListLink {
    T* prev = nullptr;
    T* next = nullptr;
};

template <class T, ListLink<T> T::* link>
struct List {
    T* first = nullptr;
    T* last = nullptr;

    [[nodiscard]] bool empty() const { return first == nullptr; }

    void push_back(T& element) {
        (element.*link) = {last, nullptr};
        (last != nullptr ? (last->*link).next : first) = &element;
        last = &element;
    }

    void push_front(T& element) {
        (element.*link) = {nullptr, first};
        (first != nullptr ? (first->*link).prev : last) = &element;
        first = &element;
    }

    /// @cond LAB3
    /// In front of `next`; null: at the end. @pre next is in this list
    void insert_before(T* next, T& element) {
        if (next == nullptr)
            return push_back(element);
        T* prev = (next->*link).prev;
        (element.*link) = {prev, next};
        (next->*link).prev = &element;
        (prev != nullptr ? (prev->*link).next : first) = &element;
    }

    /// @endcond
    /// @pre element is in this list
    void remove(T& element) {
        const ListLink<T> old = element.*link;
        (old.prev != nullptr ? (old.prev->*link).next : first) = old.next;
        (old.next != nullptr ? (old.next->*link).prev : last) = old.prev;
        element.*link = {};
    }

    /// @pre not empty
    T& pop_front() {
        T& element = *first;
        T* next = (element.*link).next;
        first = next;
        (next != nullptr ? (next->*link).prev : last) = nullptr;
        (element.*link).next = nullptr;
        return element;
    }
};
