#include "transfer/swarm/suspects.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace praline::swarm::suspects_test {

namespace {

/// A piece that is right has content 0; a liar's is a number of its own.
Sha1 hash_of(std::uint64_t content) {
    Sha1 made;
    for (std::size_t i = 0; i < 8; ++i) made.bytes[i] = static_cast<std::uint8_t>(content >> 8 * i);
    return made;
}

/// A file of pieces of 10 bytes from sources that can be told apart by nothing but the hash of the whole.
class File {
public:
    File(std::size_t pieces, std::size_t sources, std::set<SourceId> liars, double lies, std::uint64_t seed)
        : pieces_(pieces), sources_{sources}, liars_{std::move(liars)}, lies_{lies}, chance_{seed} {}

    /// @return how many pieces were fetched
    std::size_t fetch(Suspects const& suspects) {
        std::size_t fetched = 0;
        for (auto& piece : pieces_) {
            if (piece.source != 0 && suspects.may_send(piece.source)) continue;
            std::vector<SourceId> able;
            for (SourceId one = 1; one <= sources_; ++one)
                if (suspects.may_send(one)) able.push_back(one);
            REQUIRE_FALSE(able.empty());
            piece.source = able[chance_() % able.size()];
            bool const lies =
                liars_.contains(piece.source) && std::uniform_real_distribution<double>{}(chance_) < lies_;
            piece.content = lies ? 1 + chance_() % 1'000'000 : 0;
            if (lies) have_lied_.insert(piece.source);
            ++fetched;
        }
        return fetched;
    }
    [[nodiscard]] bool is_right() const {
        return std::all_of(pieces_.begin(), pieces_.end(), [](Piece const& one) { return one.content == 0; });
    }
    [[nodiscard]] std::vector<Part> parts() const {
        std::vector<Part> parts;
        for (std::size_t i = 0; i < pieces_.size(); ++i) parts.push_back({pieces_[i].source, {10 * i, 10 * i + 10}});
        return parts;
    }
    [[nodiscard]] std::vector<Sha1> hashes(std::vector<ByteRange> const& ranges) const {
        std::vector<Sha1> hashes;
        for (auto const& range : ranges) hashes.push_back(hash_of(pieces_[range.begin / 10].content));
        return hashes;
    }
    [[nodiscard]] std::vector<Sha1> hashes() const {
        std::vector<Sha1> hashes;
        for (auto const& piece : pieces_) hashes.push_back(hash_of(piece.content));
        return hashes;
    }
    [[nodiscard]] std::uint64_t bytes() const { return 10 * pieces_.size(); }
    [[nodiscard]] std::set<SourceId> const& have_lied() const { return have_lied_; }

private:
    struct Piece {
        SourceId source = 0;
        std::uint64_t content = 0;
    };
    std::vector<Piece> pieces_;
    std::size_t sources_;
    std::set<SourceId> liars_, have_lied_;
    double lies_;
    std::mt19937_64 chance_;
};

struct Run {
    std::size_t wholes = 0, fetched = 0;
    std::set<SourceId> named;
};

Run fetch_until_right(File& file) {
    Suspects suspects;
    Run run;
    while (true) {
        run.fetched += file.fetch(suspects);
        ++run.wholes;
        auto const compared = file.hashes(suspects.to_compare());
        if (file.is_right()) {
            run.named = suspects.whole_is_right(compared);
            return run;
        }
        REQUIRE(run.wholes < 64);
        suspects.whole_is_wrong(file.bytes(), file.parts(), file.hashes(), compared);
    }
}

}  // namespace

TEST_CASE("who sent a wrong whole alone is convicted, and nobody who did not") {
    Suspects suspects;
    CHECK(suspects.empty());
    std::vector<Part> const parts{{7, {0, 10}}};
    std::vector<Sha1> const hashes{hash_of(1)};
    suspects.whole_is_wrong(10, parts, hashes, {});
    CHECK_FALSE(suspects.empty());
    CHECK(suspects.convicted() == std::set<SourceId>{7});
    CHECK_FALSE(suspects.may_send(7));
    CHECK(suspects.may_send(8));
}

TEST_CASE("bytes that nobody is known to have sent convict nobody") {
    Suspects suspects;
    std::vector<Part> const parts{{7, {0, 10}}};
    std::vector<Sha1> const hashes{hash_of(1)};
    suspects.whole_is_wrong(20, parts, hashes, {});
    CHECK(suspects.convicted().empty());
    CHECK(suspects.may_send(7));
}

TEST_CASE("half of the sources of a wrong whole are trusted, then half of those whose whole is wrong again") {
    Suspects suspects;
    std::vector<Part> parts;
    std::vector<Sha1> hashes;
    for (SourceId one = 1; one <= 8; ++one) {
        parts.push_back({one, {10 * (one - 1), 10 * one}});
        hashes.push_back(hash_of(one == 1 ? 5 : 0));
    }
    auto const trusted = [&] {
        std::set<SourceId> some;
        for (SourceId one = 1; one <= 8; ++one)
            if (suspects.may_send(one)) some.insert(one);
        return some;
    };
    suspects.whole_is_wrong(80, parts, hashes, {});
    REQUIRE(trusted().size() == 4);
    REQUIRE(trusted().contains(1));
    // The same bytes from four of them: nothing that was replaced is another, so the liar is among those that were kept.
    auto const before = trusted();
    std::vector<SourceId> const some{before.begin(), before.end()};
    std::vector<Part> second;
    for (std::size_t i = 0; i < 8; ++i)
        second.push_back({before.contains(parts[i].source) ? parts[i].source : some[i % 4], parts[i].range});
    suspects.whole_is_wrong(80, second, hashes, hashes);
    CHECK(trusted().size() < 8);
    std::size_t kept = 0;
    for (auto const one : some) kept += suspects.may_send(one) ? 1 : 0;
    CHECK(kept == 2);
}

TEST_CASE("of two that contradict each other one is not asked, and others may be asked when the trusted are gone") {
    Suspects suspects;
    std::vector<Part> const first{{1, {0, 10}}, {2, {10, 20}}};
    std::vector<Sha1> const hashes{hash_of(1), hash_of(0)};
    suspects.whole_is_wrong(20, first, hashes, {});
    REQUIRE(suspects.may_send(1) != suspects.may_send(2));
    SourceId const other = suspects.may_send(1) ? 2 : 1;
    suspects.turn_to({other});
    CHECK(suspects.may_send(other));
    CHECK_FALSE(suspects.may_send(3 - other));
}

TEST_CASE("parts are cut where pieces begin") {
    std::vector<Part> const parts{{1, {5, 25}}, {2, {25, 30}}};
    CHECK(cut_at_pieces(parts, 10) == std::vector<Part>{{1, {5, 10}}, {1, {10, 20}}, {1, {20, 25}}, {2, {25, 30}}});
}

TEST_CASE("every liar and no honest source is named, for less than two downloads of the file on average") {
    std::size_t runs = 0, wholes = 0;
    double files = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        std::mt19937_64 chance{seed};
        std::size_t const sources = 2 + chance() % 14, pieces = 16 + chance() % 200;
        std::set<SourceId> liars;
        while (liars.size() < 1 + chance() % std::max<std::size_t>(1, sources / 3))
            liars.insert(static_cast<SourceId>(1 + chance() % sources));
        double const lies = chance() % 2 == 0 ? 1 : 0.2;
        File file{pieces, sources, liars, lies, seed};
        auto const run = fetch_until_right(file);
        INFO("seed " << seed);
        CHECK(run.named == file.have_lied());
        ++runs;
        wholes += run.wholes;
        files += static_cast<double>(run.fetched) / static_cast<double>(pieces);
    }
    auto const mean = files / static_cast<double>(runs);
    std::printf("%zu runs: the file was fetched %.2f times and hashed %.2f times on average\n", runs, mean,
                static_cast<double>(wholes) / static_cast<double>(runs));
    CHECK(mean < 2);
}

}  // namespace praline::swarm::suspects_test
