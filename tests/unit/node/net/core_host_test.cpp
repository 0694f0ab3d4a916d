#include "node/net/core_host.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "unit/node/net/run_until.hpp"

namespace core_host_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

/// Answers an event by two actions, and does what the test has set.
struct FakeCore {
    std::vector<std::string>* log;
    std::optional<Instant> deadline{};

    void handle(std::string const& event, Instant, std::vector<std::string>& actions) {
        log->push_back("event " + event);
        if (event == "tick") deadline.reset();
        actions.push_back(event + " first");
        actions.push_back(event + " second");
    }
    [[nodiscard]] std::optional<Instant> next_deadline() const { return deadline; }
};

/// As the overlay, which also wants to know the date.
struct DatedCore {
    void handle(int event, Instant now, UnixSeconds unix_now, std::vector<int>& actions) {
        if (now > Instant{} && unix_now > 0) actions.push_back(event);
    }
    [[nodiscard]] std::optional<Instant> next_deadline() const { return std::nullopt; }
};

struct Fixture {
    using Host = net::CoreHost<FakeCore, std::string, std::string>;

    boost::asio::io_context io;
    std::vector<std::string> log;
    std::function<void(std::string const&)> also = [](std::string const&) {};
    int settled = 0;
    std::optional<Host> host;

    Fixture() {
        host.emplace(io, "tick",
                     Host::Owner{[this](std::string& action) {
                                     log.push_back("action " + action);
                                     also(action);
                                 },
                                 [this] { ++settled; }},
                     FakeCore{&log});
    }
};

}  // namespace

TEST_CASE("an event that an action brings about comes after all actions of the event before") {
    Fixture here;
    here.also = [&](std::string const& action) {
        CHECK(here.host->is_busy());
        if (action == "one first") here.host->feed("two");
    };
    here.host->feed("one");
    CHECK_FALSE(here.host->is_busy());
    CHECK(here.log == std::vector<std::string>{"event one", "action one first", "action one second", "event two",
                                               "action two first", "action two second"});
    CHECK(here.settled == 1);
}

TEST_CASE("a view has been handled when feeding it returns") {
    Fixture here;
    here.host->feed_view("one");
    CHECK(here.log.size() == 3);
}

TEST_CASE("what is queued waits for the end of what its owner does") {
    Fixture here;
    here.also = [&](std::string const& action) {
        if (action != "one first") return;
        here.host->queue("three");
        here.host->run();
    };
    here.host->queue("one");
    here.host->queue("two");
    CHECK(here.log.empty());
    here.host->run();
    CHECK(here.log == std::vector<std::string>{"event one", "action one first", "action one second", "event two",
                                               "action two first", "action two second", "event three",
                                               "action three first", "action three second"});
    CHECK(here.settled == 1);
}

TEST_CASE("an action that throws costs the other actions of its event, and no event") {
    Fixture here;
    here.also = [&](std::string const& action) {
        if (action != "one first") return;
        here.host->feed("two");
        throw std::runtime_error{"disk full"};
    };
    CHECK_THROWS_WITH(here.host->feed("one"), "disk full");
    here.log.clear();
    here.host->feed("three");
    CHECK(here.log == std::vector<std::string>{"event two", "action two first", "action two second", "event three",
                                               "action three first", "action three second"});
}

TEST_CASE("a core is woken at its deadline, once, and never from within an event") {
    Fixture here;
    here.host->core().deadline = net::now() - 1s;
    here.host->feed("one");
    CHECK(here.log.size() == 3);
    here.io.run();
    CHECK(here.log.size() == 6);
    CHECK(here.log[3] == "event tick");
}

TEST_CASE("a deadline that is put off, or taken back, wakes no core before") {
    bool const taken_back = GENERATE(true, false);
    Fixture here;
    here.host->core().deadline = net::now();
    here.host->feed("one");
    here.host->core().deadline = taken_back ? std::nullopt : std::optional{net::now() + 1h};
    here.host->feed("two");
    here.io.poll();
    CHECK(here.log.size() == 6);
}

TEST_CASE("an earlier deadline takes the place of a later one") {
    Fixture here;
    here.host->core().deadline = net::now() + 1h;
    here.host->feed("one");
    here.host->core().deadline = net::now();
    here.host->feed("two");
    run_until(here.io, [&] { return here.log.size() > 6; });
    CHECK(here.log[6] == "event tick");
}

TEST_CASE("a core that is stopped is not woken, but still told") {
    Fixture here;
    here.host->core().deadline = net::now();
    here.host->feed("one");
    here.host->stop_ticking();
    here.io.run();
    here.host->feed("two");
    here.io.restart();
    here.io.run();
    CHECK(here.log.size() == 6);
}

TEST_CASE("nothing waits for the deadline of a core that is stopped") {
    Fixture here;
    here.host->core().deadline = net::now() + 1h;
    here.host->feed("one");
    here.host->stop_ticking();
    here.host->feed("two");
    here.io.poll();
    CHECK(here.io.stopped());
}

TEST_CASE("a host that is destroyed wakes nobody") {
    Fixture here;
    here.host->core().deadline = net::now();
    here.host->feed("one");
    here.host.reset();
    here.io.run();
    CHECK(here.log.size() == 3);
}

TEST_CASE("a core that asks for the date gets it") {
    boost::asio::io_context io;
    std::vector<int> done;
    net::CoreHost<DatedCore, int, int> host{io, 0, {[&](int& action) { done.push_back(action); }}};
    host.feed(7);
    CHECK(done == std::vector{7});
}

}  // namespace core_host_test
