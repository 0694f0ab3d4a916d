#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tools/simulate/full/full_message.hpp"

namespace praline::simulate::full {

/// Messages on their way. The memory of those that have arrived serves those to come.
class MessagePool {
public:
    /// @return its place, until it is given back.
    [[nodiscard]] std::uint32_t keep(FullMessage&& message) {
        if (free_.empty()) {
            messages_.emplace_back();
            free_.push_back(static_cast<std::uint32_t>(messages_.size() - 1));
        }
        std::uint32_t const at = free_.back();
        free_.pop_back();
        // A copy, so that the sender gets its memory back at once, still in the cache: a swarm of messages lies for long.
        messages_[at].bytes.assign(message.bytes.begin(), message.bytes.end());
        messages_[at].value = std::move(message.value);
        return at;
    }
    /// It is out of the pool, which may move its messages, until `give_back`.
    [[nodiscard]] FullMessage take(std::uint32_t at) {
        FullMessage message{{}, std::move(messages_[at].value)};
        message.bytes.swap(messages_[at].bytes);
        return message;
    }
    void give_back(std::uint32_t at, FullMessage& message) {
        message.bytes.swap(messages_[at].bytes);  // its memory serves the next one
        free_.push_back(at);
    }
    void prefetch(std::uint32_t at) const {
        FullMessage const& message = messages_[at];
        __builtin_prefetch(&message);
        __builtin_prefetch(reinterpret_cast<std::byte const*>(&message + 1) - 1);
    }
    /// @pre the message itself is near.
    void prefetch_bytes(std::uint32_t at) const {
        if (!messages_[at].bytes.empty()) __builtin_prefetch(messages_[at].bytes.data());
    }

private:
    std::vector<FullMessage> messages_;  // of the free ones only the memory counts
    std::vector<std::uint32_t> free_;
};

}  // namespace praline::simulate::full
