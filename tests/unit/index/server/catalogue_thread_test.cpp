#include "index/server/catalogue_thread.hpp"

#include <algorithm>
#include <atomic>
#include <map>

#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace catalogue_thread_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;

namespace {

/// A disk in memory that refuses when it is told to. Used by the catalogue's thread only, but for `full`.
struct Disk {
    std::atomic<bool> full = false;
    std::vector<std::string> done;
    std::map<PublisherId, std::uint64_t> hidden;
};

class FakeWriter : public catalogue::CatalogueWriter {
public:
    explicit FakeWriter(Disk& disk) : disk_{disk} {}
    std::vector<Record> records() override { return {}; }
    catalogue::ApplyResult apply(Publisher const& publisher, Claim, Change const& change) override {
        write("apply " + std::to_string(change.to.number));
        Record record;
        record.publisher = publisher;
        record.version = change.to;
        return {catalogue::ApplyOutcome::applied, record};
    }
    Record adopt(Publisher const&, Claim) override {
        write("adopt");
        return {};
    }
    void hide(PublisherId const& publisher, Version, bool) override {
        write("hide");
        ++disk_.hidden[publisher];
    }
    bool purge_some(std::size_t) override { return false; }
    void copy_begin(PublisherId const&) override { write("begin"); }
    void copy_add(PublisherId const&, std::span<Entry const>) override { write("add"); }
    bool copy_commit(Record const&) override {
        write("commit");
        return true;
    }
    void copy_forget(PublisherId const&) override { write("forget"); }
    void keep(std::string const& key, std::string const&) override { write("keep " + key); }
    std::optional<std::string> kept(std::string const&) override { return {}; }

private:
    void write(std::string what) {
        if (disk_.full) throw catalogue::CatalogueError{"The disk is full."};
        disk_.done.push_back(std::move(what));
    }
    Disk& disk_;
};

class FakeReader : public catalogue::CatalogueReader {
public:
    Answer search(Query const&) override { return {}; }
    catalogue::EntryPage entries_after(PublisherId const&, std::optional<Sha1>, std::size_t) override {
        return {std::nullopt, {}, true};
    }
    catalogue::CatalogueSize size() override { return {}; }
};

/// The thread, and a way to wait for what it reports.
struct Desk {
    Disk disk;
    std::mutex mutex;
    std::condition_variable came;
    std::vector<CatalogueReport> reports;
    CatalogueThread thread{std::make_unique<FakeWriter>(disk), std::make_unique<FakeReader>(),
                           [this](std::vector<CatalogueReport> some) {
                               std::lock_guard const lock{mutex};
                               std::move(some.begin(), some.end(), std::back_inserter(reports));
                               came.notify_all();
                           }};

    /// Everything reported up to the answer to a read that is asked for last.
    std::vector<CatalogueReport> settle() {
        thread.push(replica::ReadEntries{replica::Ticket{999}, key(9), std::nullopt, 1});
        std::unique_lock lock{mutex};
        came.wait(lock, [this] {
            return std::any_of(reports.begin(), reports.end(),
                               [](auto const& one) { return std::holds_alternative<replica::EntriesRead>(one); });
        });
        return std::exchange(reports, {});
    }
    template <class Kind>
    static std::vector<Kind> only(std::vector<CatalogueReport> const& all) {
        std::vector<Kind> some;
        for (auto const& one : all)
            if (auto const* const kind = std::get_if<Kind>(&one)) some.push_back(*kind);
        return some;
    }
};

replica::Apply apply(std::uint64_t ticket, std::uint64_t from) {
    Publisher publisher;
    publisher.id = key(1);
    return {replica::Ticket{ticket}, publisher, {}, change(1, from)};
}

replica::StageCopy part(bool first, bool last) {
    Record record;
    record.publisher.id = key(1);
    record.version = {1, 9};
    return {replica::Ticket{5}, record, {change(1, 1).add.at(0)}, first, last};
}

}  // namespace

TEST_CASE("the catalogue is changed in the order in which that was asked for") {
    Desk desk;
    for (std::uint64_t i = 0; i < 100; ++i) desk.thread.push(apply(i, i));
    auto const wrote = Desk::only<Wrote>(desk.settle());
    REQUIRE(wrote.size() == 100);
    for (std::uint64_t i = 0; i < 100; ++i) {
        REQUIRE(wrote[i].ticket == replica::Ticket{i});
        REQUIRE(wrote[i].record->version == Version{1, i + 1});
        REQUIRE(desk.disk.done[i] == "apply " + std::to_string(i + 1));
    }
}

TEST_CASE("what the disk refuses is said, and the list is as it was; then it is said that it works again") {
    Desk desk;
    desk.disk.full = true;
    desk.thread.push(apply(1, 0));
    auto const refused = desk.settle();
    REQUIRE(Desk::only<Wrote>(refused).at(0).trouble == "The disk is full.");
    REQUIRE_FALSE(Desk::only<Wrote>(refused).at(0).fits);
    REQUIRE_FALSE(Desk::only<Wrote>(refused).at(0).record);
    REQUIRE(Desk::only<CatalogueTrouble>(refused).at(0).sentence == "The disk is full.");
    desk.disk.full = false;
    desk.thread.push(apply(2, 0));
    auto const again = desk.settle();
    REQUIRE(Desk::only<Wrote>(again).at(0).fits);
    REQUIRE(Desk::only<CatalogueTrouble>(again).at(0).sentence.empty());
}

TEST_CASE("a copy that lost a part is not committed, whatever comes after it") {
    Desk desk;
    desk.thread.push(part(true, false));
    desk.settle();
    desk.disk.full = true;
    desk.thread.push(part(false, false));
    desk.settle();
    desk.disk.full = false;
    desk.thread.push(part(false, true));
    auto const wrote = Desk::only<Wrote>(desk.settle());
    REQUIRE(wrote.size() == 1);
    REQUIRE_FALSE(wrote[0].fits);
    REQUIRE(std::count(desk.disk.done.begin(), desk.disk.done.end(), "commit") == 0);
    desk.thread.push(part(true, true));
    REQUIRE(Desk::only<Wrote>(desk.settle()).at(0).fits);
}

TEST_CASE("what could not be hidden is hidden as soon as the disk allows") {
    Desk desk;
    desk.disk.full = true;
    desk.thread.push(replica::Hide{key(1), {1, 1}, false});
    desk.settle();
    desk.disk.full = false;
    // It is tried again in idle time; the report that the disk works again comes with it.
    std::unique_lock lock{desk.mutex};
    desk.came.wait(lock, [&] {
        auto const troubles = Desk::only<CatalogueTrouble>(desk.reports);
        return !troubles.empty() && troubles.back().sentence.empty();
    });
    desk.thread.stop();
    REQUIRE(desk.disk.hidden[key(1)] == 1);
}

}  // namespace catalogue_thread_test
