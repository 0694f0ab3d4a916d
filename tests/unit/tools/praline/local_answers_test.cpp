#include "tools/praline/local_answers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "node/wire/codec.hpp"
#include "tools/praline/hit_packer.hpp"

namespace local_answers_test {
using namespace praline;

namespace {

/// A library of files whose names have so many bytes, all of which match; a search begins at `start`.
struct Shelf {
    std::vector<library::SharedFilePtr> files;
    explicit Shelf(std::uint32_t count, std::size_t name_bytes = 20) {
        for (std::uint32_t index = 1; index <= count; ++index) {
            auto file = std::make_shared<library::SharedFile>();
            file->index = index;
            file->name = std::string(name_bytes, 'n');
            file->size_bytes = 1;
            files.push_back(file);
        }
    }
    [[nodiscard]] LocalAnswers answers(std::uint64_t seed = 1) const {
        auto const find = [this](wire::Query const&, library::FindWish const& wish) {
            library::FoundFiles found{{}, 7};
            for (std::size_t i = 0; i < std::min(wish.most, files.size()); ++i)
                found.files.push_back(files[(wish.start + i) % files.size()]);
            return found;
        };
        return {find, [] { return wire::QueryHit{}; }, Rng{seed}};
    }
};

std::set<std::uint32_t> indices(std::vector<wire::QueryHit> const& hits) {
    std::set<std::uint32_t> all;
    for (auto const& hit : hits)
        for (auto const& record : hit.records) all.insert(record.index);
    return all;
}

}  // namespace

TEST_CASE("of a thousand files many are answered, in hits that other servents relay, and not always the same") {
    Shelf const shelf{1000};
    auto answers = shelf.answers();
    auto const first = answers.answer({});
    CHECK(indices(first).size() == LocalAnswers::answers_per_query);
    for (auto const& hit : first) CHECK(hit.records.size() <= HitPacker::records_per_hit);
    CHECK(indices(first) != indices(answers.answer({})));
}

TEST_CASE("long names make hits and the whole answer end earlier") {
    Shelf const shelf{1000, 250};
    auto const hits = shelf.answers().answer({});
    std::size_t bytes = 0;
    for (auto const& hit : hits) {
        std::size_t of_hit = 0;
        for (auto const& record : hit.records) of_hit += HitPacker::bytes_about(record);
        CHECK(of_hit <= LocalAnswers::hit_bytes_max);
        bytes += of_hit;
    }
    CHECK(bytes <= LocalAnswers::answer_bytes_max);
    CHECK(indices(hits).size() > 50);
}

TEST_CASE("while answers are held none is given, and asking costs") {
    Shelf const shelf{10};
    auto answers = shelf.answers();
    answers.hold(true);
    CHECK(answers.answer({}).empty());
    CHECK(answers.take_cost() == LocalAnswers::steps_unanswered);
    answers.hold(false);
    CHECK(answers.answer({}).size() == 1);
}

TEST_CASE("no more is answered than the query asks for") {
    Shelf const shelf{1000};
    wire::Query query;
    query.flags = 12;
    CHECK(indices(shelf.answers().answer(query)).size() == 12);
}

TEST_CASE("the cost of answers is that of the search and of what is sent, and is taken once") {
    Shelf const shelf{10}, none{0};
    auto answers = shelf.answers();
    CHECK(answers.take_cost() == 0);
    static_cast<void>(answers.answer({}));
    auto const cost = answers.take_cost();
    CHECK(cost > 7 + 10 * HitPacker::bytes_about({}) / LocalAnswers::bytes_of_a_step);
    CHECK(answers.take_cost() == 0);
    auto silent = none.answers();
    static_cast<void>(silent.answer({}));
    CHECK(silent.take_cost() == 7);
}

TEST_CASE("hits name other places of a file, and count them in their size") {
    Shelf const shelf{100};
    auto const find = [&](wire::Query const&, library::FindWish const& wish) {
        return library::FoundFiles{{shelf.files.begin(), shelf.files.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                                   wish.most, shelf.files.size()))},
                                   1};
    };
    std::vector<Endpoint> const places(LocalAnswers::alternates_per_record, Endpoint{0xC0000201, 6346});
    LocalAnswers answers{find, [] { return wire::QueryHit{}; }, Rng{1}, [&](Sha1 const&) { return places; }};
    auto const hits = answers.answer({});
    REQUIRE_FALSE(hits.empty());
    std::size_t records = 0;
    for (auto const& hit : hits) {
        records += hit.records.size();
        for (auto const& record : hit.records) CHECK(record.alternates == places);
        CHECK(wire::encode(hit).size() < 2500);
    }
    CHECK(records == 100);
}

}  // namespace local_answers_test
