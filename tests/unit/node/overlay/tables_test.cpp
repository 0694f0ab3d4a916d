#include <catch2/catch.hpp>

#include <algorithm>

#include "node/overlay/guid_routes.hpp"
#include "node/overlay/host_cache.hpp"
#include "node/overlay/pong_cache.hpp"
#include "node/overlay/send_queue.hpp"

namespace tables_test {
using namespace praline;
using namespace praline::overlay;
using namespace std::chrono_literals;

namespace {

Outgoing message_of(Priority priority, std::size_t payload_bytes, std::byte mark) {
    Outgoing message;
    message.priority = priority;
    message.header[0] = mark;
    if (payload_bytes > 0) message.payload = std::make_shared<Bytes const>(payload_bytes);
    return message;
}

Endpoint host(std::uint32_t number) { return {0x0A000000U + number, 6346}; }

}  // namespace

TEST_CASE("a way back is found until it grows too old") {
    GuidRoutes routes{8, 600s, 1};
    Rng rng{1};
    Guid const guid = Guid::random(rng);
    routes.insert({guid, 0x80, 4, 0, false, false, PeerId{7}}, Instant{});
    REQUIRE(routes.find(guid, 0x80, Instant{} + 600s)->from == PeerId{7});
    REQUIRE(routes.find(guid, 0x40, Instant{} + 1s) == nullptr);
    REQUIRE(routes.find(guid, 0x80, Instant{} + 601s) == nullptr);
    REQUIRE(routes.size() == 0);
}

TEST_CASE("ways back are bounded, and agree with a slow twin") {
    std::size_t const most = 50;
    GuidRoutes routes{most, 1000s, 99};
    std::vector<std::pair<Guid, PeerId>> twin;
    Rng rng{2};
    for (std::uint32_t i = 0; i < 5000; ++i) {
        if (rng.below(4) == 0 && !twin.empty()) {
            Guid const known = twin[rng.below(twin.size())].first;
            auto const* found = routes.find(known, 0, Instant{});
            auto const at =
                std::find_if(twin.rbegin(), twin.rend(), [&](auto const& one) { return one.first == known; });
            bool const kept = static_cast<std::size_t>(at - twin.rbegin()) < most;
            REQUIRE((found != nullptr) == kept);
            if (found) REQUIRE(found->from == at->second);
        } else {
            Guid const guid = Guid::random(rng);
            routes.insert({guid, 0, 0, 0, false, false, PeerId{i}}, Instant{});
            twin.emplace_back(guid, PeerId{i});
        }
        REQUIRE(routes.size() <= most);
    }
    REQUIRE(routes.memory_bytes() < most * 128);
}

TEST_CASE("an erased way back leaves its place to others") {
    GuidRoutes routes{4, 1000s, 3};
    Rng rng{3};
    Guid const first = Guid::random(rng);
    routes.put(first, 0, PeerId{1}, Instant{});
    routes.erase(first, 0);
    for (std::uint32_t i = 0; i < 9; ++i) routes.put(Guid::random(rng), 0, PeerId{i}, Instant{});
    REQUIRE(routes.size() == 4);
    routes.put(first, 0, PeerId{2}, Instant{});
    routes.put(first, 0, PeerId{3}, Instant{});
    REQUIRE(routes.find(first, 0, Instant{})->from == PeerId{3});
}

TEST_CASE("messages leave the queue in the order they came") {
    SendQueue queue{1000, 1000};
    REQUIRE(queue.push(message_of(Priority::hit, 0, std::byte{1})) == 0);
    REQUIRE(queue.push(message_of(Priority::ping, 0, std::byte{2})) == 0);
    REQUIRE(queue.push(message_of(Priority::table, 0, std::byte{3})) == 0);
    for (int expected = 1; expected <= 3; ++expected)
        REQUIRE(queue.pop()->header[0] == static_cast<std::byte>(expected));
    REQUIRE(queue.empty());
    REQUIRE(queue.bytes() == 0);
}

TEST_CASE("a full queue drops the least valuable, oldest first") {
    SendQueue queue{23 * 3, 1000};
    REQUIRE(queue.push(message_of(Priority::query, 0, std::byte{1})) == 0);
    REQUIRE(queue.push(message_of(Priority::hit, 0, std::byte{2})) == 0);
    REQUIRE(queue.push(message_of(Priority::query, 0, std::byte{3})) == 0);
    REQUIRE(queue.push(message_of(Priority::ping, 0, std::byte{4})) ==
            1);  // less valuable than all others: dropped itself
    REQUIRE(queue.push(message_of(Priority::push, 0, std::byte{5})) == 1);   // the older query is evicted
    REQUIRE(queue.push(message_of(Priority::query, 0, std::byte{6})) == 1);  // the other query is evicted
    REQUIRE(queue.push(message_of(Priority::table, 0, std::byte{7})) == 0);
    for (int expected : {2, 5, 6, 7}) REQUIRE(queue.pop()->header[0] == static_cast<std::byte>(expected));
    REQUIRE_FALSE(queue.pop());
}

TEST_CASE("a queue that overflows at random agrees with a slow twin") {
    struct Twin {
        Priority priority;
        std::size_t size;
        std::byte mark;
    };
    constexpr std::size_t bytes_max = 4000;
    SendQueue queue{bytes_max, 100'000};
    std::vector<Twin> twin;
    Rng rng{11};
    auto const bytes = [&] {
        std::size_t sum = 0;
        for (Twin const& one : twin) sum += one.priority < Priority::table ? one.size : 0;
        return sum;
    };
    std::size_t evicted_in_all = 0;
    for (int step = 0; step < 30'000; ++step) {
        // Phases of filling and of emptying.
        if (rng.below(10) < (step / 500 % 2 == 0 ? 2U : 7U)) {
            auto const message = queue.pop();
            REQUIRE(message.has_value() == !twin.empty());
            if (!message) continue;
            REQUIRE(message->header[0] == twin.front().mark);
            twin.erase(twin.begin());
        } else {
            auto const priority = static_cast<Priority>(rng.below(rng.below(20) == 0 ? priorities : 5));
            Outgoing message = message_of(priority, rng.below(120), static_cast<std::byte>(step % 251));
            Twin const added{priority, message.size(), message.header[0]};
            SendQueue::Evicted evicted{};
            auto const dropped = queue.push(std::move(message), &evicted);
            twin.emplace_back(added);
            std::size_t expected = 0;
            for (std::size_t lane = 0; lane < 5 && bytes() > bytes_max;) {
                auto const at = std::find_if(twin.begin(), twin.end(), [&](Twin const& one) {
                    return one.priority == static_cast<Priority>(lane);
                });
                // Of its own priority the older ones go first, and the new one goes before any that is more valuable.
                if (at == twin.end()) {
                    ++lane;
                    continue;
                }
                twin.erase(at);
                ++expected;
            }
            REQUIRE(dropped == expected);
            std::size_t sum = 0;
            for (std::uint32_t const count : evicted) sum += count;
            REQUIRE(sum == expected);
            evicted_in_all += expected;
        }
        std::size_t const tables = static_cast<std::size_t>(
            std::count_if(twin.begin(), twin.end(), [](Twin const& one) { return one.priority >= Priority::table; }));
        REQUIRE(queue.bytes() >= bytes());
        REQUIRE((queue.bytes() == bytes()) == (tables == 0));
        REQUIRE(queue.empty() == twin.empty());
    }
    REQUIRE(evicted_in_all > 1000);
}

TEST_CASE("a table that does not fit ends the link rather than to have a gap") {
    SendQueue queue{1000, 100};
    REQUIRE(queue.push(message_of(Priority::table, 60, std::byte{1})));
    REQUIRE_FALSE(queue.push(message_of(Priority::table, 60, std::byte{2})));
}

TEST_CASE("the host cache takes no unusable, own or unwanted private address") {
    Limits const limits;
    HostCache open{limits, true}, strict{limits, false};
    open.set_own(host(1));
    REQUIRE_FALSE(open.add(host(1), true, 1));
    REQUIRE_FALSE(open.add({0x0A000002, 0}, true, 1));
    REQUIRE_FALSE(open.add({0xE0000001, 6346}, true, 1));
    REQUIRE(open.add(host(2), true, 1));
    REQUIRE_FALSE(open.add(host(2), true, 2));
    REQUIRE_FALSE(strict.add(host(2), true, 1));
    REQUIRE(strict.add({0x08080808, 6346}, true, 1));
    strict.name(host(3));
    REQUIRE(strict.next_named(Instant{}, {}) == host(3));
}

TEST_CASE("the host cache is bounded and lets the worst go") {
    Limits limits;
    limits.hosts_max = 10;
    HostCache cache{limits, true};
    cache.succeeded(host(1), true, 5);
    for (std::uint32_t i = 2; i < 200; ++i) cache.add(host(i), i % 2 == 0, i);
    REQUIRE(cache.size() == 10);
    REQUIRE(cache.next(Instant{}, {}) == host(1));
}

TEST_CASE("a host that refused is left in peace, a named one is called again soon") {
    Limits const limits;
    HostCache cache{limits, true};
    cache.add(host(1), true, 1);
    cache.failed(host(1), Instant{});
    REQUIRE_FALSE(cache.next(Instant{} + 119s, {}));
    REQUIRE(cache.next(Instant{} + 120s, {}));
    cache.name(host(2));
    Instant now{};
    for (auto const wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        cache.failed(host(2), now);
        REQUIRE_FALSE(cache.next_named(now + wait - 1ms, {}));
        REQUIRE(cache.next_named(now + wait, {}) == host(2));
        now += wait;
    }
    for (int i = 0; i < 20; ++i) cache.failed(host(1), now);
    REQUIRE(cache.size() == 0);
}

TEST_CASE("cached pongs are bounded, fresh and not given back to their sender") {
    Limits limits;
    limits.pongs_cached_max = limits.pongs_cached_per_link_max = 5;
    PongCache cache{limits};
    for (std::uint32_t i = 0; i < 20; ++i) {
        wire::Pong pong;
        pong.endpoint = host(i);
        cache.insert({pong, 0, Hops{1}, PeerId{i % 2}, Instant{} + std::chrono::seconds{i}});
    }
    REQUIRE(cache.size() == 5);
    Rng rng{1};
    REQUIRE(cache.choose({10, 2, PeerId{1}}, Instant{} + 20s, rng).size() == 2);
    REQUIRE(cache.choose({3, 1, PeerId{9}}, Instant{} + 20s, rng).size() == 3);
    REQUIRE(cache.choose({10, 2, PeerId{9}}, Instant{} + 200s, rng).empty());
}

TEST_CASE("pongs of nodes as fast as the asker come first, those of unknown speed among them") {
    Limits limits;
    limits.pongs_cached_max = limits.pongs_cached_per_link_max = 50;
    PongCache cache{limits};
    std::uint32_t const speeds[] = {56, 500, 8'000, 1'000'000, 0};
    for (std::uint32_t i = 0; i < 20; ++i) {
        wire::Pong pong;
        pong.endpoint = host(i + 1);
        cache.insert({pong, speeds[i % 5], Hops{static_cast<std::uint8_t>(i % 3)}, PeerId{1}, Instant{}});
    }
    Rng rng{7};
    for (int round = 0; round < 50; ++round) {
        auto const chosen = cache.choose({8, 1, PeerId{2}, 10'000}, Instant{}, rng);
        REQUIRE(chosen.size() == 8);
        for (auto const* one : chosen) REQUIRE((one->capacity_kbits == 8'000 || one->capacity_kbits == 0));
        auto const more = cache.choose({12, 1, PeerId{2}, 10'000}, Instant{}, rng);
        REQUIRE(more.size() == 12);
        for (std::size_t i = 0; i < 8; ++i) REQUIRE(capacities_match(more[i]->capacity_kbits, 10'000));
    }
    CHECK(cache.choose({50, 2, PeerId{2}, 0}, Instant{}, rng).size() == 20);
}

}  // namespace tables_test
