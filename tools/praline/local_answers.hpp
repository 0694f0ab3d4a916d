#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "node/base/rng.hpp"
#include "search/engine/engine.hpp"
#include "transfer/library/library.hpp"

namespace praline {

/// The library as searches see it: what it has, in hits of a size that every peer relays. Of more files than one answer
/// holds, each query gets others.   @threads one: pure.
class LocalAnswers final : public search::LocalContent {
public:
    using Find = std::function<library::FoundFiles(wire::Query const&, library::FindWish const&)>;
    /// Where else a file is; at most `alternates_per_record`.
    using Elsewhere = std::function<std::vector<Endpoint>(Sha1 const&)>;
    /// @param find       `Library::find`.
    /// @param head       a hit without records: who we are just now.
    /// @param elsewhere  null: hits name no other places
    LocalAnswers(Find find, std::function<wire::QueryHit()> head, Rng rng, Elsewhere elsewhere = {})
        : find_{std::move(find)}, head_{std::move(head)}, rng_{rng}, elsewhere_{std::move(elsewhere)} {}
    [[nodiscard]] std::vector<wire::QueryHit> answer(wire::Query const& query) override;
    /// No query is answered until it is called with false again: the link that asks has had its share.
    void hold(bool held) { held_ = held; }
    [[nodiscard]] bool held() const { return held_; }
    /// What the answers since the last call cost, in steps of the matcher (some tenths of a microsecond each); what was
    /// answered counts too, one step for every `bytes_of_a_step` bytes. For charging the link that asked.
    [[nodiscard]] std::uint64_t take_cost() { return std::exchange(cost_, 0); }

    static constexpr std::size_t hit_bytes_max = 1900;  ///< of the records of one hit, about; peers send 2 KB at most
    static constexpr std::size_t answers_per_query = 200;       ///< records; peers that relay them become picky at 250
    static constexpr std::size_t answer_bytes_max = 32 * 1024;  ///< of all hits for one query, about
    static constexpr std::size_t alternates_per_record = 10;    ///< as others send
    static constexpr std::size_t bytes_of_a_step = 32;
    static constexpr std::uint64_t steps_unanswered = 800;  ///< charged for a query that comes while answers are held

private:
    Find find_;
    std::function<wire::QueryHit()> head_;
    Rng rng_;
    Elsewhere elsewhere_;
    std::uint64_t cost_ = 0;
    bool held_ = false;
};

}  // namespace praline
