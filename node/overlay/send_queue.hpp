#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/wire/limits.hpp"
#include "node/wire/message.hpp"

namespace praline::overlay {

/// What is evicted first when a link cannot keep up. @source node/wire/protocol/routing.md
enum class Priority : std::uint8_t { ping, query, pong, hit, push, table, bye };
inline constexpr std::size_t priorities = 7;
[[nodiscard]] Priority priority_of(wire::Function function) noexcept;

struct Outgoing {
    std::array<std::byte, wire::header_bytes> header{};
    Priority priority = Priority::ping;
    SharedBytes payload;  ///< shared by all links the message goes to; null: empty
    [[nodiscard]] std::size_t size() const { return header.size() + (payload ? payload->size() : 0); }
};

/// Messages that wait for a link, sent in the order they came. Over its limit the least valuable is evicted, the oldest
/// of them first. Tables and byes are never evicted, since a table with a gap ends the link: they have a limit apart.
/// Holds no memory while empty.
/// @threads any, one at a time: a value.
class SendQueue {
public:
    SendQueue(std::size_t bytes_max, std::size_t table_bytes_max)
        : bytes_max_{static_cast<std::uint32_t>(bytes_max)},
          table_bytes_max_{static_cast<std::uint32_t>(table_bytes_max)} {}

    /// Messages that were evicted, by priority.
    using Evicted = std::array<std::uint32_t, priorities>;
    /// How many messages were evicted, the new one perhaps. Empty: a table did not fit, and the link must end.
    /// @param evicted  if given, they are added to it.
    [[nodiscard]] std::optional<std::size_t> push(Outgoing message, Evicted* evicted = nullptr);
    [[nodiscard]] std::optional<Outgoing> pop();
    [[nodiscard]] bool empty() const { return count_ == 0; }
    /// Bytes of the next message. @pre !empty().
    [[nodiscard]] std::size_t next_size() const;
    [[nodiscard]] std::size_t bytes() const { return std::size_t{bytes_} + table_bytes_; }
    void clear();

private:
    static constexpr Priority gone{priorities};  // of a message that were evicted
    void drop_oldest(Priority priority);
    void skip_gone();
    void tidy();

    std::vector<Outgoing> messages_;  // oldest first; the one at head_ is never gone
    std::array<std::uint32_t, priorities> waiting_{};
    std::uint32_t head_ = 0, count_ = 0;
    std::uint32_t bytes_max_, table_bytes_max_;
    std::uint32_t bytes_ = 0, table_bytes_ = 0;
};

}  // namespace praline::overlay
