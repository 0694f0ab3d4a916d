#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "index/replica/limits.hpp"
#include "index/wire/server_messages.hpp"

/// A Merkle tree over publishers by the 4-bit digits of their ids, as in lazy repair of Clippee (section II-D) but without
/// comparing everything: equal sums at a node mean equal publishers below it. Sums take changes in any order, so a change
/// of one publisher costs as many additions as the kept part is deep.
/// @threads one: it belongs to a replica.
namespace praline::index::replica {

class DigestTree {
public:
    DigestTree();
    /// Adds the publisher or replaces what it had. `record.publisher` besides the id is not looked at: it belongs to the claim.
    void put(Record const& record);
    void erase(PublisherId const& publisher);
    [[nodiscard]] std::size_t size() const { return leaves_.size(); }
    [[nodiscard]] bool contains(PublisherId const& publisher) const { return leaves_.contains(publisher); }
    /// @pre depth at most `digest_depth_max`, prefix of `depth` digits.
    [[nodiscard]] DigestNode node(std::uint8_t depth, std::uint32_t prefix) const;
    /// Appends all sixteen, empty ones too. @pre depth below `digest_depth_max`.
    void children(std::uint8_t depth, std::uint32_t prefix, std::vector<DigestNode>& out) const;
    /// In order of their ids, at most `count_max`.
    [[nodiscard]] std::vector<PublisherId> within(KeyRange const& range, std::size_t count_max) const;
    /// A node as it could come from elsewhere: depth and prefix belong together.
    [[nodiscard]] static bool is_node(std::uint8_t depth, std::uint32_t prefix);
    /// All ids below a node.
    [[nodiscard]] static KeyRange range_below(std::uint8_t depth, std::uint32_t prefix);
    /// The next id that there can be. @pre `id` is not the last.
    [[nodiscard]] static PublisherId after(PublisherId id);
    [[nodiscard]] static std::uint32_t prefix_of(PublisherId const& publisher, std::uint8_t depth);

private:
    struct Sums {
        std::uint64_t low = 0, high = 0;
    };
    struct Node {
        Sums sums;
        std::uint32_t publishers = 0;
    };
    void count(PublisherId const& publisher, Sums const& sums, bool add);
    static Sums sums_of(Record const& record);

    std::map<PublisherId, Sums> leaves_;
    std::vector<Node> kept_;  ///< nodes down to `kept_depth`, level by level; deeper ones are added up when asked
};

}  // namespace praline::index::replica
