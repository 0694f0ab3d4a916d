#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "node/base/urn.hpp"
#include "transfer/swarm/evidence.hpp"

namespace praline::swarm {

/// Who lied about a file that only the hash of the whole can prove. Of a whole that is wrong at least one source lied. The
/// next whole is made of the bytes of some of its sources, at most half of them, so that the question halves each time;
/// and as what was replaced is compared with what replaces it, sources that contradict one another are told apart sooner.
/// One that sent a wrong whole alone is convicted; so is, once a whole is right, each whose bytes were others.
///
/// Nobody is convicted for what another one sent. @threads one at a time: pure.
class Suspects {
public:
    /// Hashes that are kept of a file; of more the oldest are forgotten.
    static constexpr std::size_t parts_max = 32'768;
    /// Sets of sources one of which lied; with so many, each has to send a whole alone.
    static constexpr std::size_t groups_max = 512;
    /// Wrong wholes after which each has to send one alone.
    static constexpr std::size_t wholes_max = 24;

    /// Nothing is known against anybody: no whole was wrong so far.
    [[nodiscard]] bool empty() const { return wholes_ == 0; }
    /// What is to be hashed once a whole is here, beside the parts it is made of: `whole_is_...` take the hashes.
    [[nodiscard]] std::vector<ByteRange> to_compare() const;
    /// @param parts     who sent what of it, in order and disjoint; what is in none of them was sent by nobody who is known
    /// @param hashes    of `parts`
    /// @param compared  of `to_compare()`
    void whole_is_wrong(std::uint64_t file_bytes, std::span<Part const> parts, std::span<Sha1 const> hashes,
                        std::span<Sha1 const> compared);
    /// @return who sent something else at any time
    [[nodiscard]] std::set<SourceId> whole_is_right(std::span<Sha1 const> compared) const;
    /// Those who may be asked are not to be had: as many as can be are trusted among others, `available` before the rest.
    void turn_to(std::set<SourceId> const& available);

    /// Its bytes may be part of the next whole.
    [[nodiscard]] bool may_send(SourceId source) const { return !doubted_.contains(source); }
    /// They sent a wrong whole alone.
    [[nodiscard]] std::set<SourceId> convicted() const;

private:
    struct Kept {
        Part part;
        Sha1 hash;
    };
    using Group = std::set<SourceId>;

    void compare(std::span<Part const> parts, std::span<Sha1 const> compared);
    void keep(std::span<Part const> parts, std::span<Sha1 const> hashes);
    void add_group(Group group);
    void choose(std::set<SourceId> const& available);
    [[nodiscard]] std::size_t conflicts(SourceId source) const;
    [[nodiscard]] bool may_join(SourceId source, Group const& trusted, Group const& contradicted) const;

    std::vector<Kept> kept_;                   // of wrong wholes, each range of a source once
    std::set<Group> groups_;                   // at least one of each lied
    std::map<SourceId, std::uint64_t> bytes_;  // of the last whole, by source; 0: of an earlier one
    Group doubted_;
    std::size_t wholes_ = 0;
};

/// The parts, cut where pieces begin, so that what takes their place is compared with little of another source.
[[nodiscard]] std::vector<Part> cut_at_pieces(std::span<Part const> parts, std::uint64_t piece_bytes);

}  // namespace praline::swarm
