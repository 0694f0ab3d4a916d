#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "functional/transfer_world.hpp"
#include "transfer/content/tiger_tree.hpp"
#include "transfer/swarm/byte_range.hpp"

namespace praline::test {

/// How a source behaves.
struct Habits {
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    double bytes_per_second = 1'000'000;
    bool lies = false;                      ///< a byte of every 64 KiB is wrong
    std::uint64_t silent_after = never;     ///< bytes of bodies; then nothing more comes, and the connections stay
    std::uint64_t dies_after = never;       ///< bytes of bodies; then connections end, and no other is taken
    std::vector<swarm::ByteRange> parts{};  ///< of a partial file; empty: it has the whole
    bool has_tree = true;
    std::string header{};  ///< further lines of each reply, each with its end
};

/// A server of one file that sends as quickly as it is told to, and is as honest.
class PacedSource {
public:
    PacedSource(boost::asio::io_context& io, std::string bytes, Habits habits);
    [[nodiscard]] Endpoint endpoint() const { return door_.endpoint(); }
    [[nodiscard]] std::uint64_t sent_bytes() const { return state_->sent_bytes; }
    /// It has the rest of the file by now.
    void has_whole() { state_->habits.parts.clear(); }

private:
    struct State {
        std::string bytes;
        Habits habits;
        content::TreeLevel tree;
        std::uint64_t sent_bytes = 0;
        [[nodiscard]] bool is_dead() const { return sent_bytes >= habits.dies_after; }
        [[nodiscard]] std::string available() const;
        [[nodiscard]] std::optional<swarm::ByteRange> served(swarm::ByteRange wanted) const;
    };
    static boost::asio::awaitable<void> serve(std::shared_ptr<State> state, Tcp::socket socket);
    static boost::asio::awaitable<bool> answer(State& state, Tcp::socket& socket, std::string const& head);
    static boost::asio::awaitable<bool> send_body(State& state, Tcp::socket& socket, swarm::ByteRange range);

    std::shared_ptr<State> state_;
    Door door_;
};

}  // namespace praline::test
