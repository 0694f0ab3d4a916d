#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "node/wire/message.hpp"
#include "transfer/library/library.hpp"

namespace praline {

/// A shared file as hits name it.
[[nodiscard]] wire::HitRecord record_of(library::SharedFile const& file);

/// Puts records into hits of a size that other programs take.   @threads one: pure.
class HitPacker {
public:
    /// @param head  a hit without records: who we are just now; asked for each hit.
    HitPacker(std::function<wire::QueryHit()> const& head, std::size_t hit_bytes_max)
        : head_{head}, hit_bytes_max_{hit_bytes_max} {}
    void add(wire::HitRecord record);
    [[nodiscard]] std::vector<wire::QueryHit> take() { return std::move(hits_); }

    static constexpr std::size_t records_per_hit = 10;  ///< what other servents send
    /// What a record takes in a hit, about.
    [[nodiscard]] static std::size_t bytes_about(wire::HitRecord const& record);

private:
    std::function<wire::QueryHit()> const& head_;
    std::size_t hit_bytes_max_;
    std::vector<wire::QueryHit> hits_;
    std::size_t hit_bytes_ = 0;  // of the last hit
};

}  // namespace praline
