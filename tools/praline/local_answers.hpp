#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "node/base/rate.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "search/engine/engine.hpp"
#include "transfer/library/library.hpp"

namespace praline {

/// The library as searches see it: what it has, in hits of a size that every peer relays. Of more files than one answer
/// holds, each query gets others. Of the node's time only a part is for answers, however many links ask at once: over it
/// the library is not asked, so that page and links are served.   @threads one: pure.
class LocalAnswers final : public search::LocalContent {
public:
    using Find = std::function<library::FoundFiles(wire::Query const&, library::FindWish const&)>;
    /// @param find  `Library::find`.
    /// @param head  a hit without records: who we are just now.
    LocalAnswers(Find find, std::function<wire::QueryHit()> head, Rng rng) : find_{std::move(find)}, head_{std::move(head)}, rng_{rng} {}
    [[nodiscard]] std::vector<wire::QueryHit> answer(wire::Query const& query) override;
    /// The time that answers are counted in from here on.
    void at(Instant now) { now_ = now; }
    /// What the answers since the last call cost, in steps of the matcher (some tenths of a microsecond each); what was
    /// answered counts too, one step for every `bytes_of_a_step` bytes. For charging the link that asked.
    [[nodiscard]] std::uint64_t take_cost() { return std::exchange(cost_, 0); }

    static constexpr std::size_t records_per_hit = 10;         ///< what other servents send
    static constexpr std::size_t hit_bytes_max = 1900;         ///< of the records of one hit, about; peers send 2 KB at most
    static constexpr std::size_t answers_per_query = 200;      ///< records; peers that relay them become picky at 250
    static constexpr std::size_t answer_bytes_max = 32 * 1024; ///< of all hits for one query, about
    static constexpr std::size_t record_bytes_about = 120;     ///< of a record without its name: hashes and sizes
    static constexpr std::size_t bytes_of_a_step = 32;
    static constexpr std::uint64_t steps_of_a_unit = 100;      ///< of the node's time, about 50 us on an ordinary processor
    static constexpr std::uint32_t units_per_second = 10'000;  ///< half of one core
    static constexpr std::uint32_t units_at_once = 4'000;      ///< what a page may have to wait for
    static constexpr std::uint64_t steps_unanswered = 800;     ///< charged for a query that comes when nothing is left

private:
    Find find_;
    std::function<wire::QueryHit()> head_;
    Rng rng_;
    std::uint64_t cost_ = 0;
    Instant now_{};
    Rate time_;
};

}  // namespace praline
