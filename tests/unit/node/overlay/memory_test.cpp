#include <malloc.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <new>

#include "unit/node/overlay/virtual_network.hpp"

/// What one Overlay takes, as malloc counts it: a million of them stand in one simulation.
namespace {

std::size_t live_bytes = 0, allocations = 0;

void* counted(std::size_t size) {
    void* const block = std::malloc(size);
    if (!block) return nullptr;
    live_bytes += malloc_usable_size(block) + sizeof(std::size_t);
    ++allocations;
    return block;
}
void* counted_or_thrown(std::size_t size) {
    if (void* const block = counted(size)) return block;
    throw std::bad_alloc{};
}
void uncounted(void* block) noexcept {
    if (block) live_bytes -= malloc_usable_size(block) + sizeof(std::size_t);
    std::free(block);
}

}  // namespace

// Every form, since memory of one allocator must not go to another: Catch uses the one that does not throw.
void* operator new(std::size_t size) { return counted_or_thrown(size); }
void* operator new[](std::size_t size) { return counted_or_thrown(size); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return counted(size); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return counted(size); }
void operator delete(void* block, std::nothrow_t const&) noexcept { uncounted(block); }
void operator delete[](void* block, std::nothrow_t const&) noexcept { uncounted(block); }
void operator delete(void* block) noexcept { uncounted(block); }
void operator delete[](void* block) noexcept { uncounted(block); }
void operator delete(void* block, std::size_t) noexcept { uncounted(block); }
void operator delete[](void* block, std::size_t) noexcept { uncounted(block); }

using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;

namespace {

constexpr std::size_t link_count = 8;
/// A node of a simulation may take 4 KiB with its search; this is the overlay's part.
constexpr std::size_t node_bytes_max = 3456;
/// Beyond that for each reverse path: 32 bytes and 4 of the index, in tables that grow by doubling.
constexpr std::size_t route_bytes_max = 2 * 36;

/// Hosts one overlay and keeps nothing of what it says.
class Host {
public:
    explicit Host(std::shared_ptr<Limits const> limits) {
        Settings settings;
        settings.mode = Mode::ultrapeer;
        settings.servent = servent_of(0);
        settings.listen = {0x0A000001, 6346};
        settings.deflate = false;
        for (std::uint32_t i = 0; i < link_count / 2; ++i) settings.peers.emplace_back(Endpoint{0x0A000100 + i, 6346});
        core = std::make_unique<Overlay>(std::move(settings), std::move(limits), Rng{1});
    }
    void feed(Event const& event) {
        Actions actions;
        core->handle(event, now, 1, actions);
        for (Action const& action : actions) {
            if (auto const* call = std::get_if<Connect>(&action)) calls.emplace_back(call->peer);
            if (auto const* sent = std::get_if<Transmit>(&action)) sending.emplace_back(sent->peer);
        }
        while (!sending.empty()) {
            PeerId const peer = sending.back();
            sending.pop_back();
            feed(Drained{peer});
        }
    }
    void connect() {
        feed(Start{});
        std::string const common =
            "X-Ultrapeer: True\r\nX-Query-Routing: 0.2\r\nVendor-Message: 0.2\r\nX-Praline: 1\r\nGGEP: "
            "0.5\r\nUser-Agent: Praline/0.1\r\n";
        for (PeerId const peer : calls) {
            feed(Connected{peer, {0x0A000001, 6346}});
            feed(Received{peer, as_view("GNUTELLA/0.6 200 OK\r\n" + common + "GUID: " + servent_of(peer.value()).hex() +
                                        "\r\n\r\n")});
        }
        for (std::uint32_t i = 0; i < link_count / 2; ++i) {
            PeerId const peer = core->allot_peer();
            feed(Accepted{peer, {0x0A000200 + i, 40000}});
            feed(Received{peer, as_view("GNUTELLA CONNECT/0.6\r\nNode: 10.0.2.1:6346\r\n" + common +
                                        "GUID: " + servent_of(100 + i).hex() + "\r\n\r\n")});
            feed(Received{peer, as_view("GNUTELLA/0.6 200 OK\r\n\r\n")});
        }
        forget_calls();
    }
    /// Its own memory is not the overlay's.
    void forget_calls() {
        calls = std::vector<PeerId>{};
        sending = std::vector<PeerId>{};
    }

    std::unique_ptr<Overlay> core;
    Instant now{};
    std::vector<PeerId> calls, sending;
};

Bytes query_message(std::uint64_t number, Hops hops) {
    return wire::encode_message(servent_of(number), Function::query, Ttl{2}, hops,
                                query_of("some words to find")->query);
}

}  // namespace

TEST_CASE("a node with eight links at rest takes its part of four kibibytes, and comes back to it") {
    auto const limits = std::make_shared<Limits const>();
    std::size_t const before = live_bytes;
    Host host{limits};
    host.connect();
    host.feed(Tick{});
    std::size_t const at_rest = live_bytes - before;  // before any assertion, since those allocate
    REQUIRE(host.core->links().size() == link_count);
    INFO("bytes of a node with eight links at rest: " << at_rest);
    CHECK(at_rest <= node_bytes_max);

    std::size_t const then = live_bytes;
    // Fifty queries pass; what stays are their reverse paths.
    {
        auto const links = host.core->links();
        std::vector<PeerId> others;
        for (std::size_t i = 1; i < links.size(); ++i) others.emplace_back(links[i].peer);
        auto const query = query_of("some words to find");
        for (std::uint64_t i = 0; i < 50; ++i) {
            host.feed(Received{links[0].peer, query_message(1000 + i, Hops{1})});
            host.feed(ForwardQuery{servent_of(1000 + i), others, Ttl{1}, Hops{2}, query});
        }
        host.forget_calls();
    }
    std::size_t const gained = live_bytes - then;
    CHECK(host.core->counters().queries_forwarded == 350);
    CHECK(gained <= 50 * route_bytes_max);
}

TEST_CASE("a copy of a query that has been here costs no allocation, and a forward one payload for all links") {
    auto const limits = std::make_shared<Limits const>();
    Host host{limits};
    host.connect();
    auto const links = host.core->links();
    Bytes const query = query_message(1000, Hops{1});
    Actions actions;
    actions.reserve(64);
    host.core->handle(Received{links[0].peer, query}, host.now, 1, actions);
    REQUIRE(std::holds_alternative<QueryArrived>(actions.at(0)));
    auto const arrived = std::get<QueryArrived>(actions[0]);
    actions.clear();
    Event const copy{Received{links[1].peer, query}};
    std::size_t const before = allocations;
    for (int i = 0; i < 100; ++i) host.core->handle(copy, host.now, 1, actions);
    CHECK(allocations == before);
    CHECK(host.core->counters().query_duplicates == 100);

    std::vector<PeerId> others;
    for (std::size_t i = 1; i < links.size(); ++i) others.emplace_back(links[i].peer);
    CHECK(arrived.query->payload.use_count() == 1);
    for (PeerId const peer : others)
        host.core->handle(SendNote{peer, servent_of(5), wire::CheckNote{}}, host.now, 1,
                          actions);  // in flight from here on
    host.core->handle(ForwardQuery{arrived.guid, others, Ttl{1}, Hops{2}, arrived.query}, host.now, 1, actions);
    CHECK(arrived.query->payload.use_count() == 1 + static_cast<long>(others.size()));
}
