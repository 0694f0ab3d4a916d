#include "search/engine/engine.hpp"

#include <catch2/catch.hpp>

#include "node/wire/vendor.hpp"
#include "unit/search/engine/engine_network.hpp"

namespace engine_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;
using strategy::Kind;

namespace {

strategy::Parameters walk(std::uint32_t walkers, std::uint32_t check_every = 4, std::uint32_t steps_max = 1024) {
    auto parameters = by(Kind::random_walk);
    parameters.walkers = walkers;
    parameters.check_every = check_every;
    parameters.steps_max = steps_max;
    return parameters;
}

std::size_t walker_copies(EngineNetwork::Node const& node) {
    return static_cast<std::size_t>(
        std::count_if(node.forwards.begin(), node.forwards.end(),
                      [](overlay::ForwardQuery const& one) { return wire::walker_of(one.query->query).has_value(); }));
}

EngineOptions without_cache() {
    EngineOptions options;
    options.hit_cache = false;
    return options;
}

}  // namespace

TEST_CASE("a flood goes as far as its TTL, its hits come back with hops, and it is finished at once") {
    EngineNetwork net{1, without_cache()};
    net.line(4, {"linux music"});
    Guid const near = net.launch(0, "linux", [] {
        auto p = by(Kind::flood);
        p.ttl = std::uint8_t{2};
        return p;
    }());
    CHECK(net.found(0, near) == 0);
    CHECK(net.is_finished(0, near));
    net.run(60s);  // by now neighbours have told how many links they have
    Guid const far = net.launch(0, "linux");
    REQUIRE(net.found(0, far) == 1);
    CHECK(net.nodes[0].found.at(0).hops == Hops{3});
    CHECK_FALSE(net.nodes[0].found.at(0).cached_seconds);
    CHECK(net.nodes[0].spent[far].messages == 1);
    CHECK(net.nodes[0].spent[far].bytes > 30);
    CHECK(net.nodes[0].spent[far].reach > 1);
}

TEST_CASE("a walker crosses nodes until it finds, and its hit comes back the whole way") {
    EngineNetwork net{2, without_cache()};
    net.line(12, {"linux music"});
    Guid const search = net.launch(0, "linux", walk(1, 0));
    REQUIRE(net.settle());
    REQUIRE(net.found(0, search) == 1);
    CHECK(net.nodes[0].found.at(0).hops == Hops{11});
    CHECK(net.nodes[11].queries.size() == 1);
    CHECK(net.sum().walkers_ended == 1);
}

TEST_CASE(
    "a node does not wake itself without end while walkers are quiet and their automatic search has further stages") {
    EngineNetwork net{21, without_cache()};
    net.line(3);
    auto parameters = by(Kind::automatic);
    parameters.results_wanted = 1;  // with many wanted nobody walks
    Guid const search = net.launch(0, "linux", parameters);
    SearchEngine& engine = *net.nodes[0].engine;
    for (int wakes = 0; wakes < 1000 && !net.is_finished(0, search); ++wakes) {
        net.now = std::max(net.now, engine.next_deadline().value_or(net.now));
        EngineOutput out;
        engine.tick(*net.nodes[0].core, net.now, out);
        net.perform(0, out);
        REQUIRE(net.settle());
        auto const due = engine.next_deadline();
        REQUIRE((!due || *due > net.now));
    }
    CHECK(net.is_finished(0, search));
}

TEST_CASE("walkers ask hop by hop whether to go on, and a search that has enough ends them") {
    EngineNetwork net{3, without_cache()};
    net.line(6);
    // Nothing to be found: a walker that asks at every fourth step lives until its search is stopped.
    Guid const search = net.launch(0, "linux", walk(2, 4, 1000));
    CHECK(net.sum().walkers_ended == 2);
    CHECK(net.sum().checks_answered == 2 * (1000 / 4 - 1));
    CHECK(net.nodes[0].spent[search].messages > 2);
    CHECK_FALSE(net.is_finished(0, search));
    net.run(31s);
    CHECK(net.is_finished(0, search));

    EngineNetwork rich{4, without_cache()};
    rich.line(3);
    rich.nodes[1].shelf->names = {"linux"};  // the first walker to arrive ends with a hit; so does every other
    for (int i = 0; i < 6; ++i) {
        auto const more = rich.add();
        rich.link(0, more);
    }
    Guid const found = rich.launch(0, "linux", walk(20, 1));
    CHECK(rich.found(0, found) >= 1);
    std::size_t copies = 0;
    for (auto const& node : rich.nodes) copies += walker_copies(node);
    CHECK(copies < 20 * 20);
    CHECK(rich.is_finished(0, found));
}

TEST_CASE("a check whose answer does not come ends the walker") {
    EngineNetwork net{5, without_cache()};
    net.line(8);
    Guid const search = net.launch(0, "linux", walk(1, 3, 1000));
    net.stop(0, search);
    auto const before = walker_copies(net.nodes[1]) + walker_copies(net.nodes[2]) + walker_copies(net.nodes[3]);
    net.run(120s);
    auto const after = walker_copies(net.nodes[1]) + walker_copies(net.nodes[2]) + walker_copies(net.nodes[3]);
    CHECK(before == after);
    CHECK(net.is_finished(0, search));
}

TEST_CASE(
    "the answer to a check is yes while the search wants more, and no afterwards; it comes back the way the check "
    "went") {
    EngineNetwork net{19, without_cache()};
    net.line(3);
    Guid const search = net.launch(0, "linux", walk(4, 0, 4));
    REQUIRE_FALSE(net.nodes[2].queries.empty());
    // A neighbour of 2 that is of ours, in whose place a walker would wait.
    auto const asker = net.add();
    net.link(asker, 2);
    auto const to = net.nodes[asker].core->links().at(0).peer;
    auto const ask = [&](std::uint32_t step) {
        net.nodes[asker].notes.clear();
        net.feed(asker, overlay::SendNote{to, search, wire::CheckNote{0, step}});
        net.settle();
        REQUIRE(net.nodes[asker].notes.size() == 1);
        auto const answer = std::get<wire::CheckAnswerNote>(net.nodes[asker].notes.at(0).note);
        CHECK(answer.number == 0);
        CHECK(answer.step == step);
        return answer.go_on;
    };
    CHECK(ask(4));
    CHECK(ask(8));
    CHECK(net.nodes[1].engine->counters().checks_in == 2);
    net.stop(0, search);
    CHECK_FALSE(ask(12));
}

TEST_CASE("a ring widens while too little is found, and stops when it is enough") {
    EngineNetwork net{6, without_cache()};
    net.line(5, {"linux music"});
    auto parameters = by(Kind::expanding_ring);
    parameters.results_wanted = 1U;
    Guid const search = net.launch(0, "linux", parameters);
    CHECK(net.found(0, search) == 0);
    CHECK_FALSE(net.is_finished(0, search));
    net.run(60s);
    REQUIRE(net.found(0, search) == 1);
    CHECK(net.nodes[0].found.at(0).hops == Hops{4});
    CHECK(net.is_finished(0, search));
    // TTL 3 and 4, the most a neighbour allows; its table said that a ring of TTL 1 would find nothing.
    CHECK(net.nodes[0].spent[search].messages == 2);

    // What a ring finds again is nothing new: two results are wanted, and there is one.
    parameters.results_wanted = 2U;
    Guid const greedy = net.launch(3, "linux", parameters);
    net.run(60s);
    CHECK(net.found(3, greedy) == 3);
    parameters.results_wanted = 1U;
    Guid const close = net.launch(3, "linux", parameters);
    net.run(60s);
    CHECK(net.found(3, close) == 1);
    CHECK(net.nodes[3].spent[close].messages == 1);
}

TEST_CASE("a key request comes back from where nothing is and tries the next; it finds what a flood would not reach") {
    EngineNetwork net{7, without_cache()};
    // A star of dead ends, and one way on.
    net.add();
    for (int i = 0; i < 4; ++i) net.link(net.add(), 0);
    for (std::size_t i = 4; i < 8; ++i) net.link(net.add(), i);
    net.nodes.back().shelf->names = {"linux music"};
    auto parameters = by(Kind::key);
    Guid const search = net.launch(0, "linux music", parameters);
    net.run(5s);
    CHECK(net.found(0, search) == 1);
    CHECK(net.sum().keys_in >= 5);
    // Learnt: the next request goes straight there.
    auto const keys = net.sum().keys_in;
    Guid const again = net.launch(0, "music LINUX", parameters);
    CHECK(net.found(0, again) == 1);
    CHECK(net.sum().keys_in - keys == 5);
}

TEST_CASE("strangers get plain floods: beside walkers at the start, and where there are only strangers") {
    EngineNetwork net{8, without_cache()};
    net.add();
    net.add({}, overlay::Mode::ultrapeer, true);
    net.add({"linux music"}, overlay::Mode::ultrapeer, true);
    net.link(0, 1);
    net.link(1, 2);
    for (auto const kind : {Kind::random_walk, Kind::biased_walk, Kind::key}) {
        Guid const search = net.launch(0, "linux", by(kind));
        net.run(200s);
        CHECK(net.found(0, search) == 1);
    }
    for (auto const& node : net.nodes) {
        CHECK(walker_copies(node) == 0);
        CHECK(node.notes_sent == 0);
    }
    // One of ours more: it gets walkers, the stranger still a flood.
    net.link(net.add({"linux elsewhere"}), 0);
    Guid const both = net.launch(0, "linux", walk(3));
    net.run(10s);
    CHECK(net.found(0, both) >= 2);
    CHECK(walker_copies(net.nodes[0]) >= 3);
    for (auto const& forward : net.nodes[0].forwards)
        if (forward.guid == both && wire::walker_of(forward.query->query))
            CHECK(net.nodes[0].core->link(forward.to.at(0))->praline);
}

TEST_CASE("a walker that passes asks the strangers beside its way once") {
    EngineNetwork net{9, without_cache()};
    net.line(3);
    auto const stranger = net.add({"linux music"}, overlay::Mode::ultrapeer, true);
    net.link(2, stranger);
    Guid const search = net.launch(0, "linux", walk(4, 0, 20));
    CHECK(net.found(0, search) == 1);
    CHECK(net.nodes[stranger].queries.size() == 1);
    CHECK_FALSE(wire::carries_steps(net.nodes[stranger].queries.at(0).query->query));
}

TEST_CASE("leaves are asked once by walkers that pass, if their table matches, without the walker") {
    EngineNetwork net{10, without_cache()};
    net.line(3);
    auto const leaf = net.add({"linux music"}, overlay::Mode::leaf), other = net.add({"sugar"}, overlay::Mode::leaf);
    net.link(leaf, 1);
    net.link(other, 1);
    net.tell_words(leaf);
    net.tell_words(other);
    net.run(10s);
    Guid const search = net.launch(0, "linux", walk(4, 0, 30));
    CHECK(net.found(0, search) == 1);
    CHECK(net.nodes[leaf].queries.size() == 1);
    CHECK_FALSE(wire::carries_steps(net.nodes[leaf].queries.at(0).query->query));
    CHECK(net.nodes[other].queries.empty());
    CHECK(net.nodes[1].engine->counters().leaf_queries_held_by_qrp >= 1);
}

TEST_CASE("a leaf's own walkers go to its ultrapeer, which lets them go on") {
    EngineNetwork net{11, without_cache()};
    net.line(5, {"linux music"});
    auto const leaf = net.add({}, overlay::Mode::leaf);
    net.link(leaf, 0);
    REQUIRE(net.nodes[leaf].core->links().size() == 1);
    Guid const search = net.launch(leaf, "linux", walk(1, 2));
    CHECK(net.found(leaf, search) == 1);
    CHECK(net.sum().checks_answered >= 1);
}

TEST_CASE("a neighbour that comes while a search is young is asked too") {
    EngineNetwork net{12, without_cache()};
    for (auto const kind : {Kind::flood, Kind::expanding_ring, Kind::random_walk, Kind::key}) {
        auto const lonely = net.add(), late = net.add({"linux"});
        Guid const search = net.launch(lonely, "linux", by(kind));
        net.run(1s);
        net.link(lonely, late);
        net.run(20s);
        CHECK(net.found(lonely, search) >= 1);
    }
    auto const lonely = net.add(), late = net.add({"linux"});
    Guid const old = net.launch(lonely, "linux");
    net.run(61s);
    net.link(lonely, late);
    net.run(1s);
    CHECK(net.found(lonely, old) == 0);
}

TEST_CASE("what a neighbour says of itself later is heeded by the next query that passes") {
    EngineNetwork net{14, without_cache()};
    net.line(3, {"linux"});
    Guid const before = net.launch(0, "linux");
    REQUIRE(net.found(0, before) == 1);
    auto const further = net.nodes[1].core->links().at(1).peer;
    auto const forwards = [&] {
        auto const& all = net.nodes[1].forwards;
        return std::count_if(all.begin(), all.end(), [&](auto const& one) {
            return std::find(one.to.begin(), one.to.end(), further) != one.to.end();
        });
    };
    REQUIRE(forwards() == 1);
    Bytes const flow =
        wire::encode_message(guid_of(1), wire::Function::vendor, Ttl{1}, Hops{0}, wire::to_vendor(wire::HopsFlow{1}));
    net.feed(1, overlay::Received{further, flow});
    net.run(1s);
    Guid const after = net.launch(0, "linux");
    CHECK(net.found(0, after) == 0);
    CHECK(forwards() == 1);
}

TEST_CASE("a host of many nodes may fetch what a query will touch, at any time, and nothing follows from it") {
    EngineNetwork net{15, without_cache()};
    auto const fetch = [&] {
        for (auto const& node : net.nodes)
            for (unsigned stage = 0; stage < 3; ++stage) node.engine->fetch(stage);
    };
    net.line(3, {"linux"});
    net.add();  // without links
    fetch();
    Guid const search = net.launch(0, "linux");
    fetch();
    CHECK(net.found(0, search) == 1);
}

TEST_CASE("walkers that claim to live forever end, and absurd ones are not passed") {
    EngineNetwork net{13, without_cache()};
    net.line(4);
    auto const neighbour = net.nodes[0].core->links().at(0).peer;
    auto const send = [&](wire::WalkerItem const& item) {
        auto routed = std::make_shared<overlay::RoutedQuery>();
        routed->query = words("linux");
        wire::put(routed->query, item);
        routed->payload = std::make_shared<Bytes const>(wire::encode(routed->query));
        net.feed(0, overlay::ForwardQuery{net.fresh_guid(), {neighbour}, Ttl{1}, Hops{0}, routed});
        REQUIRE(net.settle());
    };
    send({0, 1, 0xFFFFFFFF, 0, true, false});
    CHECK(net.sum().walkers_ended == 1);
    CHECK(net.sum().walkers_in <= strategy::WalkLimits{}.steps_max);
    auto const before = net.sum().walkers_in;
    send({0xFFFFFFFF, 1, 100, 0, true, false});
    send({0, 0xFFFFFFFF, 0xFFFFFFFF, 0, false, true});
    CHECK(net.sum().walkers_refused == 2);
    CHECK(net.sum().walkers_in == before + 2);
    send({1, 0, 5, 0, false, true});
    CHECK(net.sum().walkers_in == before + 2 + 5);
}

TEST_CASE("a query for a hash alone is led by tables, through the ultrapeer of the leaf that has it") {
    EngineNetwork net{18, without_cache()};
    net.line(3);
    auto const leaf = net.add({"x"}, overlay::Mode::leaf), other = net.add({"y"}, overlay::Mode::leaf);
    net.link(leaf, 2);
    net.link(other, 2);
    Urn urn;
    urn.sha1 = Sha1{{9}};
    EngineOutput out;
    net.nodes[leaf].engine->set_local_table(*net.nodes[leaf].core,
                                            qrp::finest_of({"x", "urn:sha1:" + urn.text().substr(9)}), net.now, out);
    net.perform(leaf, out);
    net.tell_words(other);
    net.run(20s);
    Guid const guid = net.fresh_guid();
    auto query = words("\\");
    query.urns = {urn};
    net.nodes[0].engine->launch(*net.nodes[0].core, Launch{guid, query, {}}, net.now, out);
    net.perform(0, out);
    net.settle();
    CHECK(net.nodes[leaf].queries.size() == 1);
    CHECK(net.nodes[other].queries.empty());
    CHECK(net.nodes[2].engine->counters().table_messages_in >= 2);
}

TEST_CASE("whatever nodes do and say, the network comes to rest and every search ends") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        INFO("seed " << seed);
        EngineNetwork net{seed};
        Rng rng{seed};
        std::vector<std::string> const vocabulary{"linux", "music", "sugar", "almond", "cocoa"};
        for (int i = 0; i < 10; ++i)
            net.add({vocabulary[rng.below(5)] + " " + vocabulary[rng.below(5)]}, overlay::Mode::ultrapeer, i == 4);
        net.add({"linux music"}, overlay::Mode::leaf);
        net.link(10, 0);
        std::vector<std::pair<std::size_t, Guid>> searches;
        for (int step = 0; step < 150; ++step) {
            auto const at = rng.below(10), to = rng.below(10);
            auto const links = net.nodes[at].core->links();
            auto const peer = links.empty() ? PeerId{99} : links[rng.below(links.size())].peer;
            Guid const guid =
                searches.empty() || rng.below(3) == 0 ? Guid::random(rng) : searches[rng.below(searches.size())].second;
            auto const any = [&] { return static_cast<std::uint32_t>(rng.below(2) == 0 ? rng.below(8) : rng.next()); };
            switch (rng.below(9)) {
                case 0:
                    if (at != to) net.link(at, to);
                    break;
                case 1: net.feed(at, overlay::UserDisconnect{peer}); break;
                case 2:
                case 3: {
                    auto parameters = by(static_cast<Kind>(rng.below(7)));
                    if (rng.below(2) == 0) parameters.ttl = static_cast<std::uint8_t>(rng.below(256));
                    if (rng.below(2) == 0) parameters.walkers = static_cast<std::uint32_t>(rng.below(40));
                    if (rng.below(2) == 0) parameters.check_every = any();
                    parameters.steps_max = static_cast<std::uint32_t>(rng.below(60));
                    searches.emplace_back(at, net.launch(at, vocabulary[rng.below(5)], parameters));
                    break;
                }
                case 4:
                    if (!searches.empty()) net.stop(searches.back().first, searches.back().second);
                    break;
                case 5: net.feed(at, overlay::SendNote{peer, guid, wire::CheckNote{any(), any()}}); break;
                case 6:
                    net.feed(at, overlay::SendNote{peer, guid, wire::CheckAnswerNote{any(), any(), rng.below(2) == 0}});
                    break;
                case 7:
                    net.feed(at, overlay::SendNote{peer, guid,
                                                   wire::KeyReturnNote{static_cast<std::uint8_t>(rng.below(256))}});
                    break;
                default: {
                    auto routed = std::make_shared<overlay::RoutedQuery>();
                    routed->query = words(vocabulary[rng.below(5)]);
                    if (rng.below(2) == 0)
                        wire::put(routed->query,
                                  wire::WalkerItem{any(), any(), any(), static_cast<std::uint16_t>(any()), true,
                                                   rng.below(2) == 0});
                    else
                        wire::put(routed->query, wire::KeyItem{rng.next(), static_cast<std::uint8_t>(rng.below(256))});
                    routed->payload = std::make_shared<Bytes const>(wire::encode(routed->query));
                    net.feed(at, overlay::ForwardQuery{
                                     guid, {peer}, Ttl{1}, Hops{static_cast<std::uint8_t>(rng.below(256))}, routed});
                }
            }
            REQUIRE(net.settle());
            net.run(std::chrono::milliseconds{rng.below(3000)});
        }
        net.run(600s);
        for (auto const& [at, search] : searches) CHECK(net.is_finished(at, search));
    }
}

}  // namespace engine_test
