#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "index/client/publish_list.hpp"
#include "node/base/time.hpp"

/// Brings the list in line with what is shared, a slice at a time, with rests between two passes over everything: a
/// library that changes all the time must not keep the node busy.   @threads one.
namespace praline::index::client {

class SharedUpdate {
public:
    using Shared = std::function<std::vector<Entry>(std::size_t from, std::size_t most)>;
    SharedUpdate(PublishList& list, Shared shared, std::size_t entries_per_slice)
        : list_{list}, shared_{std::move(shared)}, slice_{entries_per_slice} {}

    /// What is shared has changed: another pass is due, when what belongs to the same change has had time to come.
    void wanted(Instant now);
    /// When the next slice is due; empty: all is done. An instant that has passed: as soon as others have had their turn.
    [[nodiscard]] std::optional<Instant> due() const;
    /// In the middle of a pass.
    [[nodiscard]] bool under_way() const { return step_ != Step::none; }
    /// The list says what is shared, as far as was said by `wanted`; false until it was called once.
    [[nodiscard]] bool up_to_date() const { return up_to_date_; }
    /// One slice. Throws store::DatabaseError, after which the pass begins anew.
    void slice();
    /// The slice that began at `began` is over.
    void done(Instant began, Instant now);
    /// The disk has refused a slice: the whole pass again, after a rest.
    void failed(Instant now);

private:
    enum class Step { none, reading, finishing };
    static constexpr Duration settle = std::chrono::milliseconds{500};
    static constexpr Duration rest_min = std::chrono::seconds{1};
    static constexpr Duration failed_rest = std::chrono::seconds{30};
    static constexpr int rest_factor = 4;  // at most a fifth of the node's time

    PublishList& list_;
    Shared shared_;
    std::size_t slice_;
    Step step_ = Step::none;
    bool wanted_ = false, up_to_date_ = false;
    std::size_t position_ = 0;
    Instant not_before_{};
    Duration busy_{};  // of this pass
};

}  // namespace praline::index::client
