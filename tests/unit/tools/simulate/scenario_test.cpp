#include "tools/simulate/scenario.hpp"

#include <catch2/catch.hpp>

#include "tools/simulate/world/limits.hpp"

namespace scenario_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;

namespace {

/// All complaints about a file with this text.
std::vector<std::string> complaints_about(std::string const& text, Request& request) {
    Scenario scenario = parse_scenario(text, "s.toml");
    auto complaints = scenario.complaints;
    for (auto& complaint : simulate::world::apply(scenario.settings, request)) complaints.push_back(complaint);
    return complaints;
}

std::string one_complaint(std::string const& text) {
    Request request;
    auto const all = complaints_about(text, request);
    return all.size() == 1 ? all.front() : std::to_string(all.size()) + " complaints";
}

}  // namespace

TEST_CASE("a scenario sets what it names and leaves the rest") {
    Request request;
    CHECK(complaints_about("topology = 'grid:9x9'\nstrategies = ['random-walk', 'flood']\nwalkers = 8\nstate = "
                           "true\nreplication = 0.25\n"
                           "latency = 'uniform:10:100'\nloss = 0.5\nseed = 9\n",
                           request)
              .empty());
    CHECK(request.topology == "grid:9x9");
    CHECK(request.strategies == std::vector<std::string>{"random-walk", "flood"});
    CHECK(request.options.walkers == 8);
    CHECK(request.options.state);
    CHECK(request.options.replication == 0.25);
    CHECK(request.options.network.latency == Latency::uniform);
    CHECK(request.options.network.latency_high_ms == 100);
    CHECK(request.options.network.loss == 0.5);
    CHECK(request.options.check_every == 4);
}

TEST_CASE("every problem of a scenario is told with line and column") {
    Request request;
    auto const all = complaints_about(
        "ttl = 256\nwalker = 3\n  queries = '5'\nreplication = nan\nstrategies = ['flood', 7]\n", request);
    REQUIRE(all.size() == 5);
    CHECK(all[0] == "s.toml:2:1: there is no key walker; `simulate template` prints all of them");
    CHECK(all[1].rfind("s.toml:3:", 0) == 0);
    CHECK(all[1].find("queries must be a whole number") != std::string::npos);
    CHECK(all[2].rfind("s.toml:5:", 0) == 0);
    CHECK(all[3] == "s.toml:1:1: ttl must be a whole number from 1 to 255, not \"256\"");
    CHECK(all[4].rfind("s.toml:4:1: replication must be more than 0 and less than 1", 0) == 0);
}

TEST_CASE("values that cannot be are refused with a sentence that names the key and its place") {
    for (std::string const bad : {"ttl = 0",
                                  "ttl = -1",
                                  "ttl = 999999999",
                                  "walkers = 0",
                                  "walkers = 1.5",
                                  "walkers = '8'",
                                  "queries = 0",
                                  "seed = -1",
                                  "threads = 65",
                                  "replication = 0",
                                  "replication = 1",
                                  "replication = -0.5",
                                  "replication = inf",
                                  "state = 1",
                                  "topology = 7",
                                  "topology = 'moebius:3'",
                                  "topology = 'small-world:10:11:0.5'",
                                  "topology = 'random:10:46'",
                                  "strategy = 'flod'",
                                  "strategies = []",
                                  "strategies = 'flood'",
                                  "loss = 1.5",
                                  "loss = -0.1",
                                  "loss = nan",
                                  "latency = 'fast'",
                                  "latency = 'uniform:100:10'",
                                  "latency = 'constant:0'",
                                  "latency = 'constant:99999999'",
                                  "workload = 'busy'",
                                  "ttl = 2020-01-01",
                                  "[ttl]",
                                  "check_every = [4]"}) {
        CAPTURE(bad);
        std::string const complaint = one_complaint("# first line\n" + bad + "\n");
        CAPTURE(complaint);
        CHECK(complaint.rfind("s.toml:2:", 0) == 0);
        CHECK(complaint.size() > 20);
    }
    CHECK(one_complaint("ttl = ").rfind("s.toml:1:", 0) == 0);
    CHECK(one_complaint("ttl = 3\nttl = 4\n").rfind("s.toml:2:", 0) == 0);
    CHECK(one_complaint("\xff\xfe").rfind("s.toml:1:", 0) == 0);
}

TEST_CASE("keys of items need a workload of items, and trials a query each") {
    CHECK(one_complaint("zipf = 1.0\n").find("zipf needs the workload items or gnutella") != std::string::npos);
    CHECK(one_complaint("zipf = 1.0\nworkload = 'items'\n") == "0 complaints");
    CHECK(one_complaint("workload = 'items'\nqueries = 5\n").find("trials") != std::string::npos);
}

TEST_CASE("a workload moves the defaults of other keys, wherever it stands, and they win over it") {
    Request request;
    CHECK(complaints_about("free_riders = 0.66\nworkload = 'gnutella'\n", request).empty());
    CHECK(request.options.workload.items == 3000);
    CHECK(request.options.workload.zipf == 0.6);
    CHECK(request.options.workload.free_riders == 0.66);
    CHECK(request.options.workload.fetch_once);
    CHECK(request.options.replication == 0.001);
}

TEST_CASE("later settings win, as flags do over a file") {
    Request request;
    CHECK(simulate::world::apply({{"ttl", "3", "s.toml:1:1"}, {"ttl", "5", "--ttl"}}, request).empty());
    CHECK(request.options.ttl == 5);
}

TEST_CASE("what differs from the defaults as flags makes the same request again") {
    Request request, again;
    CHECK(complaints_about("topology = 'grid:9x9'\nworkload = 'gnutella'\nzipf = 0.5\nstate = true\nthreads = "
                           "3\nlatency = 'per-link'\n",
                           request)
              .empty());
    std::vector<Setting> settings;
    for (auto const& [flag, value] : differing(request, Request{})) {
        CHECK(flag != "--threads");
        for (Key const& key : keys())
            if (flag == flag_of(key.name)) settings.push_back({key.name, value, flag});
    }
    CHECK(simulate::world::apply(settings, again).empty());
    for (Key const& key : keys())
        if (std::string{key.name} != "threads") CHECK(key.get(again) == key.get(request));
}

TEST_CASE("the template names every key, and without its comment signs it is a scenario") {
    std::string const text = scenario_template();
    std::string bare;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t const end = text.find('\n', begin);
        std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        for (Key const& key : keys())
            if (line.rfind("# " + std::string{key.name} + " = ", 0) == 0) bare += line.substr(2) + '\n';
    }
    bare.replace(bare.find("workload = \"uniform\""), 20, "workload = \"items\"  ");
    Request request;
    CAPTURE(bare);
    CHECK(complaints_about(bare, request).empty());
    CHECK(static_cast<std::size_t>(std::count(bare.begin(), bare.end(), '\n')) == keys().size());
}

TEST_CASE("a scenario that cannot be read is refused") {
    CHECK_THROWS_AS(read_scenario("/no/such/file"), BadInput);
    CHECK_THROWS_AS(read_scenario("/"), BadInput);
}

TEST_CASE("a file that is far from TOML is refused and harms nothing") {
    for (std::string const text :
         {"[[\x7F", "[[\x01]]", "[[[[[[", "[ =]", "[[#", "queries = [}", "queries = [,", "queries", "=", "]",
          "queries = {", "\x80", "\xC3\x85 = 1", "queries = \"\\\"\x01\""}) {
        CAPTURE(text);
        auto const scenario = parse_scenario(text, "file");
        REQUIRE(scenario.complaints.size() == 1);
        CHECK(scenario.complaints.front().rfind("file:1:", 0) == 0);
    }
    CHECK(parse_scenario(
              "\xEF\xBB\xBF# \xC3\x85\ntopology = \"file:\xC3\x85\" # \xC3\x85\nstrategies = ['fl\xC3\x85']\n", "file")
              .complaints.empty());
    CHECK(parse_scenario("[table]\r\n[[\"x\"]]\n", "file").complaints.size() == 2);
}

}  // namespace scenario_test
