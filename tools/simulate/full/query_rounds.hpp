#pragma once

#include <algorithm>
#include <cstdint>

#include "node/base/ids.hpp"

namespace praline::simulate::full {

/// The rounds of one query (rings) or the stages of one round, as the asker waits for them.
class QueryRounds {
public:
    /// A query of that name begins.
    void begin(Guid const& name) { *this = QueryRounds{}, name_ = name; }
    /// It begins from scratch, under another name, but for what was waited for the rings before.
    void begin_round(Guid const& name, unsigned ttl) {
        name_ = name;
        waited_ += ttl_;
        ttl_ = ttl;
        ++number_;
        cut_ = 0;
    }
    /// The source sends a copy that goes so far, in this round.
    void sent(unsigned ttl) {
        if (ttl_ == 0) ttl_ = ttl;
    }
    /// The same in a query with stages: each takes as long as its furthest copy. @param found  a match, before this stage.
    void sent_in_stage(unsigned hops, bool found) {
        if (stage_over_) {
            waited_ += found ? 0 : ttl_;
            ttl_ = 0;
        }
        stage_over_ = false;
        ttl_ = std::max(ttl_, hops);
    }
    void end_stage() { stage_over_ = true; }
    /// A key request makes a step, there or back.
    void step() { ++waited_; }
    /// A node would have sent a copy on but for its TTL.
    void cut_off() { ++cut_; }

    [[nodiscard]] Guid const& name() const { return name_; }
    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] std::uint64_t cut() const { return cut_; }
    /// TTLs of the rings before; steps of a key request, there and back.
    [[nodiscard]] std::uint32_t waited() const { return waited_; }

private:
    Guid name_;
    std::uint64_t number_ = 0;
    std::uint64_t cut_ = 0;
    std::uint32_t waited_ = 0;
    unsigned ttl_ = 0;
    bool stage_over_ = false;
};

}  // namespace praline::simulate::full
