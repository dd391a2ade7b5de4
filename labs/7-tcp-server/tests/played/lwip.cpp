// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See lwip/tcp.h.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <lwip/udp.h>

// NOLINTBEGIN(readability-identifier-naming): names are lwIP's

namespace {

/// In front of what a buffer holds, so that headers can be uncovered again.
constexpr size_t head_bytes = UDP_HLEN;

struct Buffer : pbuf {
    std::byte* memory;
};

Buffer& of(pbuf* buffer) { return static_cast<Buffer&>(*buffer); }

void drop_first(pbuf* buffer) {
    std::free(of(buffer).memory);
    delete &of(buffer);
    played::buffers--;
}

} // namespace

pbuf* pbuf_alloc(pbuf_layer, u16_t length, pbuf_type) {
    auto* const buffer = new Buffer;
    buffer->memory = static_cast<std::byte*>(std::malloc(head_bytes + length));
    buffer->next = nullptr;
    buffer->payload = buffer->memory + head_bytes;
    buffer->len = buffer->tot_len = length;
    played::buffers++;
    return buffer;
}

u8_t pbuf_free(pbuf* buffer) {
    u8_t count = 0;
    for (; buffer != nullptr; count++) {
        pbuf* const next = buffer->next;
        drop_first(buffer);
        buffer = next;
    }
    return count;
}

void pbuf_cat(pbuf* head, pbuf* tail) {
    for (;; head = head->next) {
        head->tot_len = static_cast<u16_t>(head->tot_len + tail->tot_len);
        if (head->next == nullptr)
            break;
    }
    head->next = tail;
}

pbuf* pbuf_free_header(pbuf* buffer, u16_t bytes) {
    while (buffer != nullptr && bytes >= buffer->len) {
        bytes = static_cast<u16_t>(bytes - buffer->len);
        pbuf* const next = buffer->next;
        drop_first(buffer);
        buffer = next;
        if (bytes == 0 && (buffer == nullptr || buffer->len != 0))
            return buffer;
    }
    if (buffer == nullptr)
        return nullptr;
    buffer->payload = static_cast<std::byte*>(buffer->payload) + bytes;
    buffer->len = static_cast<u16_t>(buffer->len - bytes);
    buffer->tot_len = static_cast<u16_t>(buffer->tot_len - bytes);
    return buffer;
}

u8_t pbuf_header_force(pbuf* buffer, int16_t bytes) {
    if (bytes > static_cast<std::byte*>(buffer->payload) - of(buffer).memory)
        return 1;
    buffer->payload = static_cast<std::byte*>(buffer->payload) - bytes;
    buffer->len = static_cast<u16_t>(buffer->len + bytes);
    buffer->tot_len = static_cast<u16_t>(buffer->tot_len + bytes);
    return 0;
}

err_t pbuf_take(pbuf* buffer, const void* data, u16_t bytes) {
    std::memcpy(buffer->payload, data, bytes);
    return ERR_OK;
}

u16_t pbuf_copy_partial(const pbuf* buffer, void* to, u16_t bytes, u16_t offset) {
    u16_t copied = 0;
    for (; buffer != nullptr && copied < bytes; buffer = buffer->next) {
        const u16_t skipped = std::min(offset, buffer->len);
        offset = static_cast<u16_t>(offset - skipped);
        const u16_t part = std::min<u16_t>(static_cast<u16_t>(bytes - copied),
                                           static_cast<u16_t>(buffer->len - skipped));
        std::memcpy(static_cast<std::byte*>(to) + copied,
                    static_cast<const std::byte*>(buffer->payload) + skipped, part);
        copied = static_cast<u16_t>(copied + part);
    }
    return copied;
}

tcp_pcb* tcp_new() { return played::last_tcp = new tcp_pcb; }

void tcp_recved(tcp_pcb*, u16_t bytes) { played::window_given += bytes; }

err_t tcp_connect(tcp_pcb* pcb, const ip_addr_t* to, u16_t port, tcp_connected_fn connected) {
    pcb->remote_ip = *to;
    pcb->remote_port = port;
    pcb->connected = connected;
    return ERR_OK;
}

udp_pcb* udp_new() { return played::last_udp = new udp_pcb; }

// NOLINTEND(readability-identifier-naming)

pbuf* played::buffer_of(std::string_view text, size_t part) {
    pbuf* head = nullptr;
    do {
        const std::string_view piece = text.substr(0, part);
        text.remove_prefix(piece.size());
        pbuf* const buffer = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(piece.size()), PBUF_RAM);
        std::memcpy(buffer->payload, piece.data(), piece.size());
        if (head == nullptr)
            head = buffer;
        else
            pbuf_cat(head, buffer);
    } while (!text.empty());
    return head;
}
