#include <catch2/catch.hpp>

#include <filesystem>
#include <optional>
#include <thread>
#include <vector>

#include "index/wire/limits.hpp"
#include "node/base/rng.hpp"
#include "unit/index/client/list_twin.hpp"

namespace publish_list_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;

namespace {

/// A server that knows how far it is and nothing else: for long lists.
struct Follower {
    Version held;
    SetDigest digest;

    std::optional<Change> next(PublishList& list) {
        auto next = list.next_change(held, digest, false);
        if (!next.change) return std::nullopt;
        REQUIRE((next.change->reset || next.change->from == held));
        held = next.change->to;
        digest = next.digest;
        return std::move(next.change);
    }
    void catch_up(PublishList& list) {
        while (next(list)) {}
    }
};

}  // namespace

TEST_CASE("a list that is new goes out in changes of bounded size, and then there is nothing more") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    Shared shared;
    for (std::uint64_t i = 0; i < 2500; ++i) shared[entry_of(i).sha1] = entry_of(i);
    publish_all(list, shared);
    REQUIRE(list.entries() == 2500);
    REQUIRE(list.own() == Version{1, 3});
    ListTwin twin;
    auto const first = list.next_change({}, {}, false);
    REQUIRE(first.change);
    REQUIRE(first.change->add.size() == change_entries_max);
    REQUIRE(twin.apply(*first.change));
    REQUIRE(twin.digest() == first.digest);
    REQUIRE(twin.catch_up(list) == 2);
    REQUIRE(twin.entries == shared);
    REQUIRE(twin.held == list.own());
    publish_all(list, shared);
    REQUIRE_FALSE(list.next_change(twin.held, twin.digest(), false).change);
}

TEST_CASE("only what changed is published") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    Shared shared;
    for (std::uint64_t i = 0; i < 3000; ++i) shared[entry_of(i).sha1] = entry_of(i);
    publish_all(list, shared);
    ListTwin twin;
    (void)twin.catch_up(list);
    shared.erase(entry_of(7).sha1);
    shared[entry_of(8).sha1].name = "renamed";
    shared[entry_of(5000).sha1] = entry_of(5000);
    publish_all(list, shared);
    auto const next = list.next_change(twin.held, twin.digest(), false);
    REQUIRE(next.change);
    REQUIRE(next.change->add.size() == 2);
    REQUIRE(next.change->remove.size() == 1);
    REQUIRE_FALSE(next.change->reset);
    REQUIRE(twin.apply(*next.change));
    REQUIRE(twin.entries == shared);
    REQUIRE(twin.digest() == next.digest);
}

TEST_CASE("a few that wait may wait on, but not what a server lacks of what was told") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    Shared shared{{entry_of(1).sha1, entry_of(1)}};
    publish_all(list, shared);
    ListTwin twin;
    REQUIRE(list.waiting() == 1);
    (void)twin.catch_up(list);
    REQUIRE(list.waiting() == 0);
    shared[entry_of(2).sha1] = entry_of(2);
    publish_all(list, shared);
    REQUIRE_FALSE(list.next_change(twin.held, twin.digest(), false, 2).change);
    REQUIRE(list.next_change({}, {}, false, 2).change);
}

TEST_CASE("what is changed back before anybody was told is not told") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    Shared shared{{entry_of(1).sha1, entry_of(1)}, {entry_of(2).sha1, entry_of(2)}};
    publish_all(list, shared);
    ListTwin twin;
    (void)twin.catch_up(list);
    auto other = shared;
    other.erase(entry_of(1).sha1);
    other[entry_of(2).sha1].name = "other";
    other[entry_of(3).sha1] = entry_of(3);
    publish_all(list, other);
    publish_all(list, shared);
    REQUIRE_FALSE(list.next_change(twin.held, twin.digest(), false).change);
    REQUIRE(list.own() == twin.held);
}

TEST_CASE("one content under two names is one entry, the same in any order") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    auto const one = entry_of(1, "a"), same = entry_of(1, "b");
    ListTwin twin;
    for (auto const& order : {std::vector{one, same}, std::vector{same, one}, std::vector{one, same}}) {
        list.begin_update();
        for (auto const& entry : order) list.entry(entry);
        while (!list.finish_some(10).finished) {}
        (void)twin.catch_up(list);
    }
    REQUIRE(twin.entries.size() == 1);
    REQUIRE(twin.entries.begin()->second.name == "a");
    REQUIRE(twin.held.number == 1);
}

TEST_CASE("what no server takes is left out") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    auto empty = entry_of(1), nameless = entry_of(2), odd = entry_of(3);
    empty.size_bytes = 0;
    nameless.name.clear();
    odd.name = "a\nb";
    list.begin_update();
    for (auto const& entry : {empty, nameless, odd, entry_of(4, std::string(256, 'x')), entry_of(5)}) list.entry(entry);
    REQUIRE(list.finish_some(10).finished);
    REQUIRE(list.entries() == 1);
}

TEST_CASE("a list that is known nowhere takes no message") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    REQUIRE_FALSE(list.next_change({}, {}, false).change);
    publish_all(list, {});
    REQUIRE_FALSE(list.next_change({}, {}, false).change);
}

TEST_CASE("a server that holds what this list has never been is given all in an era of its own") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    publish_all(list, {{entry_of(1).sha1, entry_of(1)}});
    ListTwin stranger{{9, 500}, {{entry_of(77).sha1, entry_of(77)}}};
    auto const next = list.next_change(stranger.held, stranger.digest(), false);
    REQUIRE(next.change);
    REQUIRE(next.change->reset);
    REQUIRE(next.change->to == Version{10, 1});
    REQUIRE(stranger.apply(*next.change));
    REQUIRE(stranger.entries.size() == 1);
    // And one that has the right number with something else in it.
    ListTwin wrong{{10, 1}, {{entry_of(78).sha1, entry_of(78)}}};
    auto const again = list.next_change(wrong.held, wrong.digest(), false);
    REQUIRE(again.change);
    REQUIRE(again.change->to == Version{11, 1});
    // An era at the end of all numbers is a lie that is not answered.
    REQUIRE_FALSE(list.next_change({0xFFFFFFFF, 1}, {}, false).change);
}

TEST_CASE("after the lease a list that was taken away is published anew") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    Shared const shared{{entry_of(1).sha1, entry_of(1)}};
    publish_all(list, shared);
    ListTwin twin;
    (void)twin.catch_up(list);
    twin = {{twin.held.era + 1, 0}, {}};
    (void)twin.catch_up(list);
    REQUIRE(twin.entries == shared);
}

TEST_CASE("a server far behind, with more changed since than is remembered, begins anew and ends equal") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    Shared shared;
    for (std::uint64_t i = 0; i < 3000; ++i) shared[entry_of(i).sha1] = entry_of(i);
    publish_all(list, shared);
    ListTwin twin, slow;
    (void)twin.catch_up(list);
    auto const first = list.next_change({}, {}, false);
    REQUIRE(slow.apply(*first.change));
    for (auto& [sha1, entry] : shared) entry.name += " changed";
    publish_all(list, shared);
    (void)twin.catch_up(list);
    (void)slow.catch_up(list);
    REQUIRE(twin.entries == shared);
    REQUIRE(slow.entries == shared);
    REQUIRE(slow.held.era == 2);
}

TEST_CASE("of entries taken away the oldest are forgotten: a server from before begins anew, a later one goes on") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    constexpr std::uint64_t count = PublishList::tombstones_max + 3 * change_entries_max;
    Shared shared;
    for (std::uint64_t i = 0; i < count; ++i) shared[entry_of(i).sha1] = entry_of(i);
    publish_all(list, shared);
    Follower follower;
    follower.catch_up(list);
    auto const full = follower;
    publish_all(list, {});
    Follower late = follower;
    for (std::uint64_t removed = 0; removed < count;) {
        auto const change = follower.next(list);
        REQUIRE(change);
        REQUIRE_FALSE(change->reset);
        REQUIRE(change->remove.size() <= PublishList::removals_max);
        removed += change->remove.size();
        if (removed <= count - PublishList::tombstones_max) late = follower;
    }
    REQUIRE_FALSE(follower.next(list));
    // What it lacks is remembered to the last.
    while (auto const change = late.next(list)) REQUIRE_FALSE(change->reset);
    REQUIRE(late.digest == follower.digest);
    REQUIRE(late.held == follower.held);
    auto early = full;
    auto const anew = early.next(list);
    REQUIRE(anew);
    REQUIRE(anew->reset);
    REQUIRE(anew->remove.empty());
    REQUIRE(early.digest == SetDigest{});
}

TEST_CASE("entries that come back in the middle of forgetting are counted right") {
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    constexpr std::uint64_t stay = change_entries_max, leave = PublishList::tombstones_max, return_not = 500;
    auto const publish = [&](std::uint64_t from, std::uint64_t to) {
        list.begin_update();
        for (auto i = from; i < to; ++i) list.entry(entry_of(i));
        while (!list.finish_some(1000).finished) {}
    };
    publish(0, stay + leave);
    Follower follower;
    follower.catch_up(list);
    publish(0, stay);  // as many tombstones as there may be
    follower.catch_up(list);
    publish(stay, stay + leave - return_not);  // others leave, and nearly all are back
    follower.catch_up(list);
    REQUIRE(list.entries() == leave - return_not);
    publish(stay, stay + leave - return_not - 1);
    auto const slow = follower;
    follower.catch_up(list);
    publish(stay, stay + leave - return_not - 2);
    follower.catch_up(list);
    // There is room for these tombstones: nobody has to begin anew.
    auto server = slow;
    auto const next = server.next(list);
    REQUIRE(next);
    REQUIRE_FALSE(next->reset);
    REQUIRE(next->remove.size() == 2);
    REQUIRE(server.digest == follower.digest);
}

TEST_CASE("while the disk is busy the list can be written, and its log stays short for who waits") {
    ScratchFolder folder;
    auto const file = folder.file("index.db");
    PublishList list{file};
    list.begin_update();
    bool was_busy = false;
    for (std::uint64_t i = 0; i < 30'000; ++i) {
        list.entry(entry_of(i));
        if (!list.busy()) continue;
        was_busy = true;
        if (i % 2 == 0) (void)list.next_change({}, {}, false);
        while (list.busy()) std::this_thread::yield();
    }
    REQUIRE(was_busy);
    REQUIRE(std::filesystem::file_size(file + "-wal") < 16U << 20);
    while (!list.finish_some(1000).finished) {}
    Follower follower;
    follower.catch_up(list);
    SetDigest all;
    for (std::uint64_t i = 0; i < 30'000; ++i) all.add(entry_of(i));
    REQUIRE(follower.digest == all);
}

namespace {

/// A list, what is shared, and servers that lose, forget and go back; the file is reopened at any point.
class Torment {
public:
    explicit Torment(std::uint64_t seed) : rng_{seed}, list_{std::in_place, folder_.file("index.db")}, servers_(3) {}

    void step() {
        switch (rng_.below(12)) {
            case 0:
            case 1:
            case 2: change_something(); break;
            case 3:
            case 4: update(); break;
            case 5:
                list_.reset();
                list_.emplace(folder_.file("index.db"));
                break;  // killed between two steps
            case 6: spoil(); break;
            default: publish(); break;
        }
    }
    void settle() {
        publish_all(*list_, shared_);
        for (auto& server : servers_) (void)server.catch_up(*list_);
        for (auto& server : servers_) {
            // One may have begun a new era after another was done.
            (void)server.catch_up(*list_);
            REQUIRE(server.entries == shared_);
            REQUIRE_FALSE(list_->next_change(server.held, server.digest(), false).change);
        }
        REQUIRE(list_->entries() == shared_.size());
    }

private:
    void change_something() {
        for (auto count = 1 + rng_.below(rng_.below(10) == 0 ? 1500 : 5); count > 0; --count) {
            auto const entry = entry_of(rng_.below(2500));
            if (rng_.below(3) == 0)
                shared_.erase(entry.sha1);
            else
                shared_[entry.sha1] = entry;
            if (rng_.below(3) == 0 && shared_.contains(entry.sha1))
                shared_[entry.sha1].name = "name " + std::to_string(rng_.below(3));
        }
    }
    void update() {
        list_->begin_update();
        for (auto const& [sha1, entry] : shared_) {
            list_->entry(entry);
            if (rng_.below(400) == 0) publish();
        }
        for (auto slices = rng_.below(6); slices > 0; --slices) (void)list_->finish_some(700);
    }
    void publish() {
        auto& server = servers_[rng_.below(servers_.size())];
        auto const next = list_->next_change(server.held, server.digest(), rng_.below(60) == 0);
        if (!next.change) return;
        REQUIRE(next.change->add.size() + next.change->remove.size() <= change_entries_max);
        REQUIRE(next.change->from == server.held);
        REQUIRE(next.change->to > server.held);
        // A version is one state, whoever holds it and however it came there.
        auto const known = states_.emplace(next.change->to, next.digest).first;
        REQUIRE(known->second == next.digest);
        if (rng_.below(4) == 0) return;  // lost on the way
        auto const before = server;
        REQUIRE(server.apply(*next.change));
        REQUIRE(server.digest() == next.digest);
        if (rng_.below(6) == 0) older_ = before;
    }
    void spoil() {
        auto& server = servers_[rng_.below(servers_.size())];
        switch (rng_.below(6)) {
            case 0: server = {}; break;
            case 1: server = {{server.held.era + 1, 0}, {}}; break;  // its lease has run out
            case 2: server.entries[entry_of(9999).sha1] = entry_of(9999); break;
            default: server = older_; break;
        }
    }

    Rng rng_;
    ScratchFolder folder_;
    std::optional<PublishList> list_;
    Shared shared_;
    std::vector<ListTwin> servers_;
    ListTwin older_;
    std::map<Version, SetDigest> states_;
};

}  // namespace

TEST_CASE("from any point, through losses, lapses and restarts, every server ends equal, and a version is one state") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        INFO("seed " << seed);
        Torment torment{seed};
        for (int round = 0; round < 3; ++round) {
            for (int step = 0; step < 40; ++step) torment.step();
            torment.settle();
        }
    }
}

}  // namespace publish_list_test
