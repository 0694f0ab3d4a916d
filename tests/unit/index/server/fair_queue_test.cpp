#include "index/server/fair_queue.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "index/server/entry_ledger.hpp"
#include "node/base/rng.hpp"

namespace fair_queue_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;

namespace {

using Queue = FairQueue<int, std::string>;

std::string all(Queue& queue) {
    std::string text;
    while (auto const next = queue.pop()) text += *next + " ";
    return text;
}

}  // namespace

TEST_CASE("owners are served in turn, each in its own order") {
    Queue queue{{100, 100}};
    for (int i = 0; i < 5; ++i) REQUIRE_FALSE(queue.push(1, "a" + std::to_string(i)));
    REQUIRE_FALSE(queue.push(2, "b0"));
    REQUIRE_FALSE(queue.push(3, "c0"));
    REQUIRE_FALSE(queue.push(3, "c1"));
    REQUIRE(queue.size() == 8);
    REQUIRE(queue.pop() == "a0");
    REQUIRE_FALSE(queue.push(2, "b1"));
    REQUIRE(all(queue) == "b0 c0 a1 b1 c1 a2 a3 a4 ");
    REQUIRE(queue.empty());
    REQUIRE_FALSE(queue.pop());
}

TEST_CASE("an owner has so many places, and a full queue makes room for owners with fewer") {
    Queue queue{{4, 3}};
    for (auto const* task : {"a0", "a1", "a2"}) REQUIRE_FALSE(queue.push(1, task));
    REQUIRE(queue.push(1, "a3") == "a3");
    REQUIRE_FALSE(queue.push(2, "b0"));
    REQUIRE(queue.push(3, "c0") == "a2");  // the newest of the greediest
    REQUIRE(queue.push(3, "c1") == "c1");  // it would take from one that has no more
    REQUIRE(queue.push(1, "a4") == "a4");
    REQUIRE(queue.size() == 4);
    REQUIRE(all(queue) == "a0 b0 c0 a1 ");
}

TEST_CASE("whatever comes, the queue keeps its bounds and loses nothing without saying so") {
    FairQueue<int, int> queue{{20, 6}};
    Rng rng{7};
    std::size_t in = 0, out = 0;
    for (int step = 0; step < 20'000; ++step) {
        if (rng.next() % 3 != 0) {
            ++in;
            out += queue.push(static_cast<int>(rng.next() % 12), step) ? 1 : 0;
        } else {
            out += queue.pop() ? 1 : 0;
        }
        REQUIRE(queue.size() == in - out);
        REQUIRE(queue.size() <= 20);
    }
}

TEST_CASE("entries are counted of each publisher, each address and in all") {
    auto const key = [](std::uint8_t number) {
        PublisherId id;
        id.bytes[0] = number;
        return id;
    };
    EntryLedger ledger;
    ledger.note(key(1), Address::v4(10), 100);
    ledger.note(key(2), Address::v4(10), 50);
    ledger.note(key(3), Address::v4(11), 7);
    REQUIRE(ledger.of_address(Address::v4(10)) == 150);
    REQUIRE(ledger.total() == 157);
    ledger.note(key(1), Address::v4(10), 20);
    REQUIRE(ledger.of_publisher(key(1)) == 20);
    REQUIRE(ledger.of_address(Address::v4(10)) == 70);
    ledger.move(key(1), Address::v4(12));
    REQUIRE(ledger.of_address(Address::v4(10)) == 50);
    REQUIRE(ledger.of_address(Address::v4(12)) == 20);
    ledger.drop(key(2));
    ledger.drop(key(2));
    ledger.move(key(9), Address::v4(10));
    REQUIRE(ledger.of_address(Address::v4(10)) == 0);
    ledger.note(key(1), Address::v4(12), 0);
    REQUIRE(ledger.total() == 7);
}

}  // namespace fair_queue_test
