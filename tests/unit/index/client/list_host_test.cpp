#include "index/client/list_host.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "index/wire/limits.hpp"
#include "node/store/database.hpp"
#include "unit/index/client/list_twin.hpp"
#include "unit/index/link/loopback.hpp"

namespace list_host_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;
using praline::index::link::loopback::run_until;

namespace {

/// A list whose shared files the test sets, and what it feeds.
struct Fixture {
    explicit Fixture(std::uint64_t count) { share(count); }
    void share(std::uint64_t count) {
        shared.clear();
        for (std::uint64_t i = 0; i < count; ++i) shared.push_back(entry_of(i));
    }
    template <class T>
    [[nodiscard]] std::vector<T> fed_of() const {
        std::vector<T> found;
        for (auto const& event : fed)
            if (auto const* const one = std::get_if<T>(&event)) found.push_back(*one);
        return found;
    }
    /// What a server that holds `held` is to be told.
    ChangeRead read(Version held, SetDigest digest) {
        auto const before = fed_of<ChangeRead>().size();
        list.read(ReadChange{held, digest, false});
        run_until(io, [&] { return fed_of<ChangeRead>().size() > before; });
        return fed_of<ChangeRead>().back();
    }

    ScratchFolder folder;
    boost::asio::io_context io;
    std::vector<Entry> shared;
    std::vector<ClientEvent> fed;
    ListHost list{io,
                  folder.file("index.db"),
                  10,
                  {[this](std::size_t from, std::size_t most) {
                       auto const first = shared.begin() + static_cast<std::ptrdiff_t>(std::min(from, shared.size()));
                       auto const count =
                           std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(most), shared.end() - first);
                       return std::vector<Entry>(first, first + count);
                   },
                   [this](ClientEvent event) { fed.push_back(std::move(event)); }}};
};

}  // namespace

TEST_CASE("the core is told once of what a small pass has found, and reads it as one change") {
    Fixture here{25};
    here.list.shared_changed();
    CHECK(here.fed.empty());
    CHECK_FALSE(here.list.up_to_date());
    run_until(here.io, [&] { return here.list.up_to_date(); });
    auto const told = here.fed_of<ListChanged>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].own == here.list.told());
    auto const read = here.read({}, {});
    REQUIRE(read.change);
    CHECK(read.change->to == here.list.told());
    CHECK(read.change->add.size() == 25);
    CHECK(read.digest == digest_of([&] {
              Shared all;
              for (auto const& entry : here.shared) all[entry.sha1] = entry;
              return all;
          }()));
    CHECK_FALSE(here.read(read.change->to, read.digest).change);
}

TEST_CASE("in the middle of a pass less than a full change is held back, and told of at its end") {
    Fixture here{25};
    here.list.shared_changed();
    run_until(here.io, [&] { return here.list.up_to_date(); });
    auto const first = here.read({}, {});
    REQUIRE(first.change);
    here.share(change_entries_max + 35);
    here.list.shared_changed();
    run_until(here.io, [&] { return here.fed_of<ListChanged>().size() == 2; });
    CHECK_FALSE(here.list.up_to_date());  // a full change has come, the pass goes on
    auto const full = here.read(first.change->to, first.digest);
    REQUIRE(full.change);
    CHECK(full.change->add.size() == change_entries_max);
    CHECK_FALSE(here.read(full.change->to, full.digest).change);
    run_until(here.io, [&] { return here.list.up_to_date(); });
    CHECK(here.fed_of<ListChanged>().size() == 3);
    auto const rest = here.read(full.change->to, full.digest);
    REQUIRE(rest.change);
    CHECK(rest.change->add.size() == 10);
}

TEST_CASE("a list that the disk refuses is a trouble, and not up to date") {
    Fixture here{3};
    store::Database{here.folder.file("index.db")}.run("DROP TABLE list_entries");
    here.list.shared_changed();
    run_until(here.io, [&] { return !here.list.trouble().empty(); });
    CHECK_FALSE(here.list.up_to_date());
    CHECK(here.fed_of<ListChanged>().empty());
}

TEST_CASE("a list that is stopped feeds nothing and waits for nothing") {
    Fixture here{3};
    here.list.shared_changed();
    here.list.stop();
    here.list.shared_changed();
    here.list.read({});
    here.io.poll();
    CHECK(here.io.stopped());
    CHECK(here.fed.empty());
}

}  // namespace list_host_test
