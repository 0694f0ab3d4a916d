#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/urn.hpp"
#include "transfer/content/tiger_tree.hpp"

namespace praline::swarm {

/// What sources say of a file that its hash has not proved yet: how large it is and which Tiger tree it has. One story is
/// believed at a time. A source that contradicts it is set aside, neither dropped nor blamed, and has its turn when the
/// believed story gets no further. Only the hash of the whole decides who lied.
/// @threads one at a time: pure.
class Claims {
public:
    struct Story {
        std::optional<std::uint64_t> size_bytes;
        std::optional<content::TreeLevel> tree;
    };

    /// The size that is believed now; empty: none is known.
    void believe_size(std::optional<std::uint64_t> size_bytes) { size_bytes_ = size_bytes; }
    /// @return false: no file of this size has the hash that was asked for.
    bool said_size(std::uint32_t source, std::uint64_t size_bytes);
    /// What somebody's hit says of this source: holds until the source speaks for itself, and is never held against it.
    void hinted_size(std::uint32_t source, std::uint64_t size_bytes);
    /// Keeps the tree, so that its story can be returned to; of `kept_trees_max` the oldest is forgotten.
    void gave_tree(std::uint32_t source, content::TreeLevel tree);
    /// Its bytes do not fit what is believed.
    void set_aside(std::uint32_t source);
    [[nodiscard]] bool is_aside(std::uint32_t source) const;
    /// Believes `source` from now on: its size, its tree if it gave one. Those that say otherwise are set aside, all
    /// others absolved.
    [[nodiscard]] Story turn_to(std::uint32_t source);
    /// What was believed is proved wrong: nobody is set aside for having contradicted it.
    void absolve();
    /// What a source said before does not count any more.
    void forget(std::uint32_t source);

    void refute_size(std::uint64_t size_bytes);
    void refute_root(TigerHash const& root);
    [[nodiscard]] bool is_refuted(TigerHash const& root) const;
    /// Sources that have said themselves that the file has this size.
    [[nodiscard]] std::vector<std::uint32_t> saying(std::uint64_t size_bytes) const;
    /// Sources whose size or tree is not that of the file, now that it is proved.
    [[nodiscard]] std::vector<std::uint32_t> liars(std::uint64_t size_bytes,
                                                   std::optional<TigerHash> const& root) const;

private:
    struct Claim {
        std::uint32_t source = 0;
        std::optional<std::uint64_t> size_bytes{};
        bool hinted = false;  ///< `size_bytes` is not its own word
        std::optional<content::TreeLevel> tree{};
        bool aside = false;
    };
    Claim& claim_of(std::uint32_t source);
    [[nodiscard]] Claim const* find(std::uint32_t source) const;

    std::vector<Claim> claims_;  ///< oldest first, at most `claims_max`
    std::optional<std::uint64_t> size_bytes_;
    std::vector<std::uint64_t> refuted_sizes_;  ///< at most `refuted_max`
    std::vector<TigerHash> refuted_roots_;      ///< at most `refuted_max`
};

}  // namespace praline::swarm
