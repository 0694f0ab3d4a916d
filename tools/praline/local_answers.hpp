#pragma once

#include <functional>
#include <vector>

#include "search/hub/search_hub.hpp"
#include "transfer/library/library.hpp"

namespace praline {

/// The library as searches see it: what it has, in hits of a size that every peer relays.   @threads one.
class LocalAnswers final : public search::LocalContent {
public:
    /// @param head  a hit without records: who we are just now.
    LocalAnswers(library::Library& library, std::function<wire::QueryHit()> head) : library_{library}, head_{std::move(head)} {}
    [[nodiscard]] std::vector<wire::QueryHit> answer(wire::Query const& query) override;

    static constexpr std::size_t records_per_hit = 10;
    static constexpr std::size_t answers_per_query = 50;
    static constexpr std::size_t hit_bytes_about = 2000;

private:
    library::Library& library_;
    std::function<wire::QueryHit()> head_;
};

}  // namespace praline
