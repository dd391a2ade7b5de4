// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See virtqueue.hpp. Indices run freely, modulo 2^16.
/// @stage{7}
#include "user/netsrv/virtqueue.hpp"

#include "kernel/lib/todo.hpp"
#include "runtime/shared_word.hpp"

namespace virtio {

namespace {

constexpr uint16_t device_writes_flag = 2;

/// What the device writes is read once.
template <class T>
T read_once(const T& shared) {
    return *const_cast<const volatile T*>(&shared);
}

template <class T>
void write_once(T& shared, T value) {
    *const_cast<volatile T*>(&shared) = value;
}

/// Has an index that went from `old` to `now` gone past `event`?
bool passed(uint16_t event, uint16_t now, uint16_t old) {
    return static_cast<uint16_t>(now - event - 1) < static_cast<uint16_t>(now - old);
}

} // namespace

// Your own helpers: begin
// Your own helpers: end

void Virtqueue::put(unsigned id, Word paddr, uint32_t bytes, bool device_writes) {
    memory_->descriptors[id] = {paddr, bytes, device_writes ? device_writes_flag : uint16_t{0}, 0};
    memory_->available.ids[put_++ % queue_size] = static_cast<uint16_t>(id);
    bytes_[id] = device_writes ? bytes + 1 : read_only;
    in_flight_++;
}

bool Virtqueue::publish() {
    if (put_ == published_)
        return false;
    rt::fence_release(); // the buffers, then that they are there
    write_once(memory_->available.idx, put_);
    rt::fence_full(); // partner: the device writes avail_event, fences, and looks again
    const uint16_t old = published_;
    published_ = put_;
    return passed(read_once(memory_->used.avail_event), put_, old);
}

/// @lab{7.1} the next buffer that the device is done with; a device that claims what cannot be is
/// broken, and nothing of it is believed any more
std::optional<Virtqueue::Returned> Virtqueue::take() {
    const uint16_t returned = static_cast<uint16_t>(read_once(memory_->used.idx) - taken_);
    if (broken_ || returned == 0)
        return {};
    rt::fence_acquire(); // that they are there, then what they are
    const UsedElement& element = memory_->used.elements[taken_ % queue_size];
    const uint32_t id = read_once(element.id);
    const uint32_t bytes = read_once(element.bytes);
    // It says how much it has written of what it may only read, too: some devices say 0, some all.
    const bool possible = returned <= in_flight_ && id < queue_size && bytes_[id] != 0 &&
                          (bytes_[id] == read_only || bytes < bytes_[id]);
    if (!possible) {
        broken_ = true;
        return {};
    }
    const bool written = bytes_[id] != read_only;
    bytes_[id] = 0;
    in_flight_--;
    taken_++;
    return Returned{id, written ? bytes : 0};
}

bool Virtqueue::arm() {
    write_once(memory_->available.used_event, taken_);
    rt::fence_full(); // partner: the device writes idx, fences, and reads used_event
    return read_once(memory_->used.idx) == taken_;
}

void Virtqueue::disarm() {
    write_once(memory_->available.used_event, static_cast<uint16_t>(taken_ - 1));
}

} // namespace virtio
