#pragma once

#include <cstddef>
#include <cstdint>

#include "node/base/bytes.hpp"

/// What a link still has to send. Inside index/link only.
namespace praline::index::link {

/// Two buffers: one is being written, the other takes what comes meanwhile, so that it goes out together.
/// @threads one at a time: pure.
class SendBuffer {
public:
    /// A buffer that a burst made larger than this is given back.
    static constexpr std::size_t kept_bytes_max = 64 * 1024;

    void add(ByteView bytes);
    /// What is to be written now; empty: nothing. It stays until all of it is `written`.
    [[nodiscard]] ByteView next();
    /// So much of `next` is written. @pre not more than it was
    void written(std::size_t bytes);
    [[nodiscard]] std::size_t waiting_bytes() const { return pending_.size() + sending_.size() - sent_; }
    /// Of everything that was ever added.
    [[nodiscard]] std::uint64_t bytes_added() const { return added_; }

private:
    Bytes pending_, sending_;
    std::size_t sent_ = 0;  // bytes of `sending_`
    std::uint64_t added_ = 0;
};

}  // namespace praline::index::link
