#pragma once

#include <catch2/catch.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "index/link/framed_link.hpp"
#include "index/link/link_listener.hpp"
#include "node/base/text.hpp"

/// A listener and who comes to it, in one io_context. Inside tests only.
namespace praline::index::link::loopback {

inline Ed25519Key key_number(unsigned char number) { return Ed25519Key::from_seed(Bytes(32, std::byte{number})); }

/// Runs what is due until `condition` holds; a test that would wait for ever fails instead.
template <class Condition>
void run_until(boost::asio::io_context& io, Condition condition) {
    io.restart();
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!condition()) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        io.run_one_for(std::chrono::seconds{1});
    }
}

/// A frame of so many bytes, its length among them.
inline Bytes frame_of(std::size_t bytes, unsigned char content = 7) {
    Bytes frame(bytes, std::byte{content});
    for (std::size_t i = 0; i < 4; ++i) frame[i] = static_cast<std::byte>((bytes - 4) >> (8 * i));
    return frame;
}

/// One end of a link, and what came out of it.
struct End {
    FramedLinkPtr link;
    std::vector<Bytes> frames;
    std::vector<std::string> closed;

    void start() {
        link->start([this](ByteView frame) { frames.emplace_back(frame.begin(), frame.end()); },
                    [this](std::string const& why) { closed.push_back(why); });
    }
};

/// A listener on loopback, and those that dial it.
struct Loopback {
    explicit Loopback(LinkLimits the_limits = {}, unsigned char listener_key = 1)
        : limits{the_limits}, key{key_number(listener_key)} {}

    boost::asio::io_context io;
    LinkLimits limits;
    Ed25519Key key;
    std::vector<FramedLinkPtr> arrived;
    LinkListener listener{
        io, {0x7F000001, 0}, key, limits, [this](FramedLinkPtr link) { arrived.push_back(std::move(link)); }};

    Dialled dial_with(Ed25519Key const& own, std::optional<PublisherId> expected = std::nullopt) {
        std::optional<Dialled> result;
        dial(io, listener.endpoint(), own, expected, limits,
             [&result](Dialled dialled) { result = std::move(dialled); });
        REQUIRE(!result);
        run_until(io, [&result] { return result.has_value(); });
        return *result;
    }
    /// Both ends of one link, started.
    void join(End& here, End& there) {
        auto const before = arrived.size();
        here.link = dial_with(key_number(2)).link;
        REQUIRE(here.link);
        run_until(io, [&] { return arrived.size() > before; });
        there.link = arrived.back();
        arrived.pop_back();
        here.start();
        there.start();
    }
};

}  // namespace praline::index::link::loopback
