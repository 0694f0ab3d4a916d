#include "node/net/name_lookup.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "unit/node/net/run_until.hpp"

namespace name_lookup_test {
using namespace praline;
using namespace std::chrono_literals;
using Found = net::NameLookup::Found;

namespace {

/// A domain name system in which some names answer only when they are let go.
class Names {
public:
    ~Names() { let_go(); }
    Found operator()(std::string const& host) {
        std::unique_lock lock{mutex_};
        ++asked_[host];
        if (host.starts_with("dead")) gone_.wait(lock, [this] { return is_let_go_; });
        if (host.starts_with("no")) return {{}, "there is no such name"};
        return {{Address::v4(0xC0000201)}, {}};
    }
    void let_go() {
        std::lock_guard const lock{mutex_};
        is_let_go_ = true;
        gone_.notify_all();
    }
    std::size_t asked(std::string const& host) {
        std::lock_guard const lock{mutex_};
        return asked_[host];
    }

private:
    std::mutex mutex_;
    std::condition_variable gone_;
    std::map<std::string, std::size_t> asked_;
    bool is_let_go_ = false;
};

struct Desk {
    boost::asio::io_context io;
    /// Threads that are not waited for look at them.
    std::shared_ptr<Names> names = std::make_shared<Names>();
    net::NameLookupLimits limits;
    std::optional<net::NameLookup> lookup;
    std::map<std::string, Found> found;

    void open() {
        lookup.emplace(io, limits, [names = names](std::string const& host) { return (*names)(host); });
    }
    net::NameLookup::Id ask(std::string const& host) {
        return lookup->look_up(host, [this, host](Found const& answer) { found[host] = answer; });
    }
    bool hears(std::string const& host) {
        run_until(io, [&] { return found.contains(host); });
        return found.contains(host);
    }
    ~Desk() { names->let_go(); }
};

}  // namespace

TEST_CASE("a name that nobody answers for holds back no other, and is given up in time") {
    Desk desk;
    desk.limits.calls.within = 1s;
    desk.limits.failure_kept = 0s;
    desk.open();
    desk.ask("dead.example");
    CHECK(desk.found.empty());
    desk.ask("alive.example");
    REQUIRE(desk.hears("alive.example"));
    CHECK(desk.found["alive.example"].addresses == std::vector{Address::v4(0xC0000201)});
    REQUIRE(desk.hears("dead.example"));
    CHECK(desk.found["dead.example"].addresses.empty());
    CHECK(desk.found["dead.example"].problem == "nobody answered in time");
    // It is still under way, and not begun a second time.
    desk.ask("dead.example");
    CHECK(desk.lookup->is_busy());
    CHECK(desk.names->asked("dead.example") == 1);
}

TEST_CASE("no more names are looked up at once than are allowed; the others wait, and too many are refused") {
    Desk desk;
    desk.limits.calls.at_once_max = 2;
    desk.limits.calls.waiting_max = 3;
    desk.open();
    desk.ask("dead.1");
    desk.ask("dead.2");
    desk.ask("alive.1");
    desk.ask("alive.2");
    REQUIRE(desk.hears("alive.2"));
    CHECK(desk.found["alive.2"].problem == "too many names are being looked up");
    CHECK(desk.names->asked("alive.1") == 0);
    CHECK(desk.found.size() == 1);
    desk.names->let_go();
    for (auto const* const host : {"dead.1", "dead.2", "alive.1"}) {
        REQUIRE(desk.hears(host));
        CHECK(desk.found[host].problem.empty());
    }
}

TEST_CASE("what is cancelled is told to nobody, and others who wait for the same name are") {
    Desk desk;
    desk.open();
    bool is_told = false;
    auto const id = desk.lookup->look_up("dead.example", [&](Found const&) { is_told = true; });
    desk.ask("dead.example");
    desk.lookup->cancel(id);
    desk.names->let_go();
    REQUIRE(desk.hears("dead.example"));
    CHECK(desk.names->asked("dead.example") == 1);
    // Kept: the answer is there, and can be cancelled all the same.
    auto const kept = desk.lookup->look_up("dead.example", [&](Found const&) { is_told = true; });
    desk.lookup->cancel(kept);
    desk.ask("alive.example");
    REQUIRE(desk.hears("alive.example"));
    CHECK_FALSE(is_told);
    CHECK(desk.names->asked("dead.example") == 1);
}

TEST_CASE("an answer is kept for a while, a failure for another, and not for ever") {
    Desk desk;
    desk.limits.failure_kept = 0s;
    desk.open();
    for (int round = 0; round < 3; ++round)
        for (auto const* const host : {"alive.example", "no.example"}) {
            desk.found.clear();
            desk.ask(host);
            REQUIRE(desk.hears(host));
        }
    CHECK(desk.names->asked("alive.example") == 1);
    CHECK(desk.names->asked("no.example") == 3);
    CHECK(desk.found["no.example"].problem == "there is no such name");
}

TEST_CASE("a lookup ends while names are under way") {
    Desk desk;
    desk.open();
    desk.ask("dead.example");
    desk.lookup.reset();
    desk.names->let_go();
    desk.io.poll();
    CHECK(desk.found.empty());
}

TEST_CASE("the system knows this machine by name") {
    auto const here = net::look_up_by_system("localhost");
    REQUIRE_FALSE(here.addresses.empty());
    for (auto const& address : here.addresses) CHECK(address.is_loopback());
}

}  // namespace name_lookup_test
