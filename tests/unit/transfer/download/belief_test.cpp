#include "transfer/download/belief.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <stdlib.h>

namespace praline::download::belief_test {

namespace {

constexpr std::uint64_t piece_bytes = 64 * 1024, file_bytes = 4 * piece_bytes;
constexpr unsigned many_failures = 6;

/// A download with two sources, and whoever is reported.
class Bench {
public:
    Bench() {
        char name[] = "/tmp/belief-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        folder_ = name;
        Options options;
        options.directory = options.partial_directory = folder_;
        options.database = folder_ + "/downloads.db";
        options.on_refused = [this](Source const& source) { reported.push_back(source.endpoint); };
        context = std::make_shared<Context>(io, std::move(options));
        belief = std::make_unique<Belief>(context);
        job = std::make_shared<Job>(io, context->options.limits);
        job->id = "a";
        job->urn.sha1 = Sha1{};
        PieceDisk::Listener listener;
        listener.written = listener.progressed = [] {};
        listener.checked = [](swarm::PieceChecked const&) {};
        listener.failed = [](ByteRange, int) {};
        listener.broke = [](std::exception const& error) { FAIL(error.what()); };
        job->disk = std::make_shared<PieceDisk>(io, context->pool, std::move(listener));
        context->jobs.add(job);
        for (std::uint32_t host = 1; host <= 2; ++host) {
            Source source;
            source.endpoint = {Address::v4(0x0A000000U + host), 6346};
            REQUIRE(job->sources.add(source, now()));
            ids.push_back(*job->sources.id_of(source));
        }
    }
    ~Bench() {
        context->stop();
        context->pool->is_stopped = true;
        context->pool->threads.join();
        std::filesystem::remove_all(folder_);
    }
    Bench(Bench const&) = delete;
    Bench& operator=(Bench const&) = delete;

    /// Both have sent half of a whole that is wrong: one is trusted for the next. @return that one, and the other
    std::pair<SourceId, SourceId> after_wrong_whole() {
        job->story.size_bytes = file_bytes;
        belief->start_map(*job, piece_bytes);
        std::vector<swarm::Part> const parts{{ids[0], {0, file_bytes / 2}}, {ids[1], {file_bytes / 2, file_bytes}}};
        job->story.suspects.whole_is_wrong(file_bytes, parts, {}, {});
        auto const trusted = belief->may_ask(*job, ids[0]) ? ids[0] : ids[1];
        return {trusted, trusted == ids[0] ? ids[1] : ids[0]};
    }
    /// Long enough ago that it may be asked again now.
    void fail(SourceId source, unsigned times) {
        for (unsigned time = 0; time < times; ++time)
            static_cast<void>(job->sources.failed(source, Fault::closed, std::nullopt, now() - std::chrono::hours{10}));
    }

    boost::asio::io_context io;
    ContextPtr context;
    std::unique_ptr<Belief> belief;
    JobPtr job;
    std::vector<SourceId> ids;
    std::vector<Endpoint> reported;

private:
    std::string folder_;
};

}  // namespace

TEST_CASE("sources of a wrong whole that fail give way to the others") {
    Bench bench;
    auto const [trusted, doubted] = bench.after_wrong_whole();
    REQUIRE_FALSE(bench.belief->may_ask(*bench.job, doubted));
    CHECK_FALSE(bench.belief->trusted_have_failed(*bench.job));
    bench.fail(trusted, many_failures);
    CHECK(bench.belief->trusted_have_failed(*bench.job));
    bench.belief->trust_others(*bench.job);
    CHECK(bench.belief->may_ask(*bench.job, doubted));
    CHECK_FALSE(bench.belief->may_ask(*bench.job, trusted));
}

TEST_CASE("two sources that fail as often do not replace each other without end") {
    Bench bench;
    auto const [trusted, doubted] = bench.after_wrong_whole();
    bench.fail(trusted, many_failures);
    bench.fail(doubted, many_failures);
    CHECK_FALSE(bench.belief->trusted_have_failed(*bench.job));
    bench.fail(trusted, 1);
    REQUIRE(bench.belief->trusted_have_failed(*bench.job));
    bench.belief->trust_others(*bench.job);
    // The other one has failed more often by now.
    CHECK_FALSE(bench.belief->trusted_have_failed(*bench.job));
}

TEST_CASE("what named hashes have proved is not given up for a size that a stranger says") {
    bool const is_named = GENERATE(true, false);
    Bench bench;
    auto& job = *bench.job;
    if (is_named) {
        auto proof = std::make_shared<content::FileProof>();
        proof->file_bytes = file_bytes;
        proof->piece_bytes = piece_bytes;
        proof->pieces.resize(file_bytes / piece_bytes);
        job.story.proof = proof;
    }
    job.story.size_bytes = file_bytes;
    job.story.claims.believe_size(file_bytes);
    bench.belief->start_map(job, piece_bytes);
    job.story.map.accept(0);
    REQUIRE(job.has_named_pieces() == is_named);
    // The only one left says that the file has another size.
    bench.job->story.claims.said_size(bench.ids[1], 2 * file_bytes);
    bench.job->story.claims.set_aside(bench.ids[1]);
    for (unsigned time = 0; time < many_failures; ++time)
        static_cast<void>(job.sources.failed(bench.ids[0], Fault::unreachable, std::nullopt, now()));
    auto const other = bench.belief->another_story(job);
    CHECK(other.has_value() != is_named);
}

TEST_CASE("a tree that the SHA-1 refutes is reported with whoever gave it, and nobody else") {
    Bench bench;
    auto& job = *bench.job;
    job.story.size_bytes = file_bytes;
    content::TreeLevel tree{file_bytes, piece_bytes, std::vector<TigerHash>(file_bytes / piece_bytes)};
    job.story.claims.gave_tree(bench.ids[1], tree);
    bench.belief->adopt_tree(job, tree, bench.ids[1]);
    REQUIRE(job.checks_pieces());
    bench.belief->whole_is_wrong(job, false, true);
    CHECK(bench.reported == std::vector{Endpoint{Address::v4(0x0A000002U), 6346}});
    CHECK_FALSE(job.story.tree);
    CHECK(job.story.claims.is_refuted(tree.root()));
    CHECK(bench.belief->may_ask(job, bench.ids[0]));
}

}  // namespace praline::download::belief_test
