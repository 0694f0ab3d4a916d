#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/urn.hpp"
#include "node/wire/message.hpp"

/// The mixed extension area of queries and hit records: HUGE URNs, GGEP, XML and unknown text, separated by 0x1C.
/// @threads any: pure.   @source HUGE; node/wire/protocol/extensions.md
namespace praline::wire {

struct Extensions {
    std::vector<Urn> urns;    ///< from text, GGEP u, GGEP H and GGEP TT, each once
    Ggep ggep;                ///< the other items of all blocks
    std::string xml;          ///< the first XML item
    std::size_t unknown = 0;  ///< items that were none of these, or could not be read
};

/// Total: what cannot be read is counted in `unknown` and skipped. NUL separates too.
/// @param inflate_budget see `decode_ggep`.
[[nodiscard]] Extensions parse_extensions(ByteView area, std::size_t& inflate_budget);
[[nodiscard]] Extensions parse_extensions(ByteView area);

/// "urn:sha1:…" texts and a NUL-free GGEP block with separators between them.
[[nodiscard]] Bytes encode_extensions(std::vector<Urn> const& urns, Ggep const& ggep);

/// The SHA-1 or bitprint of GGEP H; empty for other kinds of digest.
[[nodiscard]] std::optional<Urn> decode_ggep_h(ByteView data) noexcept;
/// @pre the URN has a SHA-1.
[[nodiscard]] Bytes encode_ggep_h(Urn const& urn);

/// Puts what `other` knows where `urn` knows nothing.
void complete(Urn& urn, Urn const& other);

}  // namespace praline::wire
