#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "node/base/bytes.hpp"
#include "transfer/swarm/byte_range.hpp"
#include "transfer/swarm/piece_map.hpp"

namespace praline::download {

/// Those who read a file while it comes, and wait for bytes that are not proved yet.   @threads one at a time: pure.
class ContentReads {
public:
    static constexpr std::size_t reads_max = 32;  ///< of one download; the oldest gets nothing then
    struct Read {
        std::uint64_t at = 0;
        std::size_t most = 0;
        std::weak_ptr<void> owner;  ///< once it is gone nobody wants the bytes any more
        std::function<void(Bytes)> done;
        std::uint64_t story = 0;  ///< see `DownloadInfo`; the host's
    };

    void wait(Read read);
    /// Those that can be answered now, with the bytes that are proved from where they are read; they are taken out.
    [[nodiscard]] std::vector<std::pair<Read, swarm::ByteRange>> ready(swarm::PieceMap const& map);
    /// Nobody gets anything: the download is over.
    void refuse_all();
    /// Where the one reads that came last; empty: nobody waits.
    [[nodiscard]] std::optional<std::uint64_t> newest() const;

private:
    std::vector<Read> reads_;  // oldest first
};

/// The bytes from `at` that lie in verified pieces, at most `most`; empty: the first is not proved.
[[nodiscard]] std::optional<swarm::ByteRange> proved_from(swarm::PieceMap const& map, std::uint64_t at,
                                                          std::size_t most);

}  // namespace praline::download
