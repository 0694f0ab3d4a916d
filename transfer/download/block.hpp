#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "node/base/bytes.hpp"
#include "transfer/download/limits.hpp"
#include "transfer/swarm/byte_range.hpp"

namespace praline::download {

/// Bytes of one source on their way from its socket to the disk.
struct Block {
    std::unique_ptr<std::byte[]> bytes = std::make_unique_for_overwrite<std::byte[]>(block_bytes);
    std::uint64_t begin = 0;  ///< in the file
    std::size_t size = 0;     ///< that are filled; at most `block_bytes`
    [[nodiscard]] ByteView view() const { return {bytes.get(), size}; }
    [[nodiscard]] swarm::ByteRange range() const { return {begin, begin + size}; }
};
using BlockPtr = std::shared_ptr<Block>;

/// Blocks to be filled again: fresh memory of this size costs more than filling it.   @threads one at a time
class BlockPool {
public:
    [[nodiscard]] BlockPtr take() {
        if (free_.empty()) return std::make_shared<Block>();
        auto block = std::move(free_.back());
        free_.pop_back();
        block->size = 0;
        return block;
    }
    /// Kept if nobody else has it any more.
    void give_back(BlockPtr block) {
        if (block.use_count() == 1 && free_.size() < free_blocks_max) free_.push_back(std::move(block));
    }

private:
    std::vector<BlockPtr> free_;
};

}  // namespace praline::download
