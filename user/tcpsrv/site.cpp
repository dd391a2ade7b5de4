// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See site.hpp.
/// @stage{7}
#include "user/tcpsrv/site.hpp"

#include "user/tcpsrv/text.hpp"

extern "C" const char page_start[];
extern "C" const char page_end[];

namespace tcpsrv {

http::Content Site::find(std::string_view path) {
    path = path.substr(0, path.find('?'));
    if (path == "/")
        return {"text/html; charset=utf-8", {page_start, page_end}};
    if (path == "/counters")
        return {"application/json", counters()};
    return {};
}

std::string_view Site::counters() {
    text::Builder json(counters_);
    bool first = true;
    const auto figure = [&](std::string_view name, Word value) {
        json.add(first ? "" : ",", "\"", name, "\":", value);
        first = false;
    };
    json.add("{\"system\":\"", figures_->system, "\",");
    figure("milliseconds", figures_->milliseconds);
    figure("connections", figures_->connections);
    figure("echoes", figures_->echoes);
    figure("pages", figures_->pages);
    figure("calls", figures_->calls);
    figure("in_flight", figures_->in_flight);
    figure("traps", figures_->traps);
    figure("notifications", figures_->notifications);
    figure("frames", figures_->frames);
    figure("free_slots", figures_->free_slots);
    figure("free_bytes", figures_->free_bytes);
    figure("net_traps", figures_->net.traps);
    figure("net_notifications", figures_->net.notifications);
    figure("net_requests", figures_->net.requests);
    figure("net_clients", figures_->net.clients);
    figure("net_handles", figures_->net.handles);
    figure("net_heap", figures_->net.heap_used);
    figure("frames_in", figures_->net.frames_in);
    figure("frames_out", figures_->net.frames_out);
    figure("interrupts", figures_->net.interrupts);
    figure("frames_dropped", figures_->net.dropped);
    figure("restarts", figures_->net.restarts);
    figure("net_bursts", figures_->net.bursts);
    figure("net_pbufs", figures_->net.pbufs);
    figure("net_segments", figures_->net.segments);
    figure("net_pcbs", figures_->net.pcbs);
    figure("net_buffers", figures_->net.buffers);
    figure("net_free_slots", figures_->net.free_slots);
    figure("net_free_bytes", figures_->net.free_bytes);
    json.add("}\n");
    return json.text();
}

} // namespace tcpsrv
