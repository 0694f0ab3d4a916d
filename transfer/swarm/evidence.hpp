#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "node/base/urn.hpp"
#include "transfer/swarm/assignments.hpp"
#include "transfer/swarm/byte_range.hpp"

namespace praline::swarm {

/// Bytes that came from one source, and later what they were.
struct Part {
    SourceId source = 0;
    ByteRange range;
    friend bool operator==(Part const&, Part const&) = default;
};

/// Who sent which bytes, until they are proved; and who is to blame when they are not. A piece that one source sent alone
/// convicts it. Of a piece that several sent, the hashes of the parts are kept: once the piece is right, those whose part
/// was another are convicted, and nobody else.   @threads one at a time: pure.
class Evidence {
public:
    static constexpr std::size_t suspect_parts_max = 4096;  ///< kept of a file; the oldest pieces' are forgotten

    void sent(SourceId source, ByteRange range);
    /// In order; bytes of a time when nobody took notes are in none of them.
    [[nodiscard]] std::vector<Part> parts_of(ByteRange range) const;
    [[nodiscard]] std::vector<Part> parts_by(SourceId source) const;
    /// These bytes are proved, or are to be fetched again.
    void forget(ByteRange range);

    /// A piece is wrong. @param hashes  of `parts_of` its range, in the same order; empty when one source sent all.
    /// @returns who is convicted by this alone.
    [[nodiscard]] std::vector<SourceId> is_wrong(std::uint64_t piece, ByteRange range, std::vector<Sha1> const& hashes);
    /// The parts of earlier tries, whose hashes `is_right` compares with what the piece really is.
    [[nodiscard]] std::vector<ByteRange> suspected(std::uint64_t piece) const;
    /// @param hashes  of the ranges `suspected`, as they are in the right piece. @returns who is convicted now.
    [[nodiscard]] std::vector<SourceId> is_right(std::uint64_t piece, std::vector<Sha1> const& hashes);

private:
    struct Sent {
        std::uint64_t end = 0;
        SourceId source = 0;
    };
    struct Suspect {
        Part part;
        Sha1 hash;
    };
    std::map<std::uint64_t, Sent> sent_;                      // by the first byte; disjoint
    std::map<std::uint64_t, std::vector<Suspect>> suspects_;  // by piece
    std::size_t suspect_parts_ = 0;
};

}  // namespace praline::swarm
