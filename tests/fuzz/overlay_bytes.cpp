#include <algorithm>
#include <array>
#include <string_view>

#include "fuzz/fuzz.hpp"
#include "node/overlay/overlay.hpp"

/// An accepted peer that says anything. The first byte chooses how far its handshake went, the second the size of
/// the pieces its bytes come in; the pieces must not change what the overlay makes of them.
namespace {

using namespace praline;
using namespace praline::overlay;

constexpr std::array<std::string_view, 5> beginnings{
    "",
    "GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\nGGEP: 0.5\r\nBye-Packet: 0.1\r\n\r\nGNUTELLA/0.6 200 OK\r\n\r\n",
    "GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: False\r\nVendor-Message: 0.1\r\n\r\nGNUTELLA/0.6 200 OK\r\n\r\n",
    "GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\nAccept-Encoding: deflate\r\n\r\nGNUTELLA/0.6 200 "
    "OK\r\nContent-Encoding: deflate\r\n\r\n",
    "GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\nVendor-Message: 0.2\r\nX-Praline: 1\r\nX-Ext-Probes: "
    "0.1\r\n\r\nGNUTELLA/0.6 200 OK\r\n\r\n",
};
constexpr std::size_t deflated = 3;

struct Seen {
    std::size_t queries = 0, again = 0, notes = 0, hits = 0, tables = 0, pushes = 0, closes = 0;
    Counters counters;
};

Seen play(std::string_view beginning, ByteView bytes, std::size_t piece) {
    Config config;
    config.mode = Mode::ultrapeer;
    config.servent.bytes.fill(7);
    config.listen = {0x0A000001, 6346};
    Overlay core{config, Rng{1}};
    Instant now{};
    Actions actions;
    Seen seen;
    bool open = true;
    auto const feed = [&](Event const& event) {
        actions.clear();
        core.handle(event, now, 1, actions);
        for (Action const& action : actions) {
            seen.queries += std::holds_alternative<QueryArrived>(action);
            if (auto const* query = std::get_if<QueryArrived>(&action)) seen.again += query->again ? 1U : 0U;
            seen.notes += std::holds_alternative<NoteArrived>(action);
            seen.hits += std::holds_alternative<HitArrived>(action);
            seen.tables += std::holds_alternative<QrpArrived>(action);
            seen.pushes += std::holds_alternative<PushArrived>(action);
            if (std::holds_alternative<Close>(action)) {
                ++seen.closes;
                open = false;
            }
        }
    };
    feed(Start{});
    PeerId const peer = core.allot_peer();
    feed(Accepted{peer, {0x0A000002, 40000}});
    feed(Received{peer, as_view(beginning)});
    while (open && !bytes.empty()) {
        std::size_t const count = std::min(piece, bytes.size());
        feed(Received{peer, bytes.first(count)});
        bytes = bytes.subspan(count);
    }
    for (LinkInfo const& link : core.links()) fuzz::require(link.queued_bytes <= config.limits.send_queue_bytes_max);
    fuzz::require(core.hosts().size() <= config.limits.hosts_max);
    now += std::chrono::hours{1};
    for (int i = 0; i < 8; ++i) feed(Tick{});
    seen.counters = core.counters();
    return seen;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    std::size_t const how = data[0] % beginnings.size();
    std::size_t const piece = 1 + data[1];
    auto const bytes = fuzz::view(data + 2, size - 2);
    Seen const cut = play(beginnings[how], bytes, piece);
    if (how == deflated) return 0;  // what one read may inflate to is bounded by read
    Seen const whole = play(beginnings[how], bytes, bytes.size());
    fuzz::require(cut.queries == whole.queries && cut.hits == whole.hits && cut.tables == whole.tables &&
                  cut.pushes == whole.pushes);
    fuzz::require(cut.again == whole.again && cut.notes == whole.notes && cut.counters.drops == whole.counters.drops);
    fuzz::require(cut.counters.pings_in == whole.counters.pings_in && cut.counters.pongs_in == whole.counters.pongs_in);
    fuzz::require(cut.counters.dropped_malformed == whole.counters.dropped_malformed &&
                  cut.counters.dropped_ttl == whole.counters.dropped_ttl);
    return 0;
}
