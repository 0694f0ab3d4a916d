#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "node/base/time.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

struct IndexFirstLimits {
    std::uint32_t enough =
        20;  ///< different files with which the overlay need not be asked, unless a search says otherwise
    Duration patience = std::chrono::seconds{1};  ///< for the answer, before the overlay is asked beside
};

/// `index` and `hybrid`: the decisions of one search that asks an index server. The rule of hybrid: the overlay is asked
/// when the index has answered with fewer files than are wanted, when it fails, or when it takes longer than `patience`.
/// A core: events in, the next act out.   @threads one.
class IndexFirst {
public:
    enum class Next : std::uint8_t {
        wait,
        ask_overlay,  ///< said once at most
        finished,     ///< no further query will be sent; said once
    };

    /// @pre asks_index(parameters.kind)
    IndexFirst(Parameters const& parameters, IndexFirstLimits const& limits, Instant now);

    [[nodiscard]] Next answered(std::size_t files);
    [[nodiscard]] Next failed();
    [[nodiscard]] Next tick(Instant now);
    /// The query phase of the overlay's strategy is done.
    [[nodiscard]] Next overlay_query_phase_done();

    [[nodiscard]] bool asked_overlay() const { return overlay_ != Stage::untouched; }
    /// How the overlay is to be asked: dynamic querying, for what is still missing.
    [[nodiscard]] Parameters overlay_parameters() const;

private:
    enum class Stage : std::uint8_t { untouched, asking, over };
    [[nodiscard]] Next ask_overlay();
    [[nodiscard]] Next finish_if_over();

    Parameters parameters_;
    std::uint32_t enough_;
    Instant patience_until_;
    std::size_t files_ = 0;
    Stage index_ = Stage::asking, overlay_ = Stage::untouched;
};

}  // namespace praline::search::strategy
