#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <unistd.h>

#include <filesystem>

#include <boost/asio/io_context.hpp>

#include "index/link/link_listener.hpp"
#include "index/server/index_server.hpp"
#include "index/wire/codec.hpp"

/// A real index server on loopback, and nodes that say what a test tells them to.
namespace praline::index::server {

struct TestFolder {
    TestFolder()
        : path{(std::filesystem::temp_directory_path() /
                ("praline-index-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count)))
                   .string()} {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~TestFolder() { std::filesystem::remove_all(path); }
    TestFolder(TestFolder const&) = delete;
    TestFolder& operator=(TestFolder const&) = delete;
    std::string path;
    static inline int count = 0;
};

struct World {
    boost::asio::io_context io{1};
    link::GroupSecret secret = link::GroupSecret::from_bytes(Bytes(32, std::byte{7}));

    [[nodiscard]] ServerOptions options(std::string const& folder) const {
        return {.data_directory = folder,
                .listen = Endpoint{0x7F000001, 0},
                .advertised = {},
                .join = {},
                .secret = secret};
    }
    /// Runs the loop until the condition holds; throws after a minute.
    void until(std::function<bool()> const& condition, char const* what) {
        auto const end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                throw std::runtime_error{std::string{"not within a minute: "} + what};
            io.run_one_for(std::chrono::milliseconds{50});
            if (io.stopped()) io.restart();
        }
    }
};

class ScriptedNode {
public:
    ScriptedNode(World& world, Endpoint server, std::uint8_t seed, std::optional<PublisherId> expected = std::nullopt)
        : world_{world}, key_{link::Ed25519Key::from_seed(Bytes(32, std::byte{seed}))} {
        link::dial(world.io, server, key_, expected, link::LinkLimits{},
                   [this](link::Dialled dialled) { dialled_ = std::move(dialled); });
        world.until([this] { return dialled_.has_value(); }, "a link to the server");
        if (!dialled_->link) return;
        dialled_->link->start(
            [this](ByteView frame) {
                auto message = decode_to_node(frame);
                if (message) heard.push_back(std::move(*message));
            },
            [this](std::string const& why) { closed = why; });
    }
    ~ScriptedNode() { leave(); }
    ScriptedNode(ScriptedNode const&) = delete;
    ScriptedNode& operator=(ScriptedNode const&) = delete;

    void say(FromNode const& message) { dialled_->link->send(encode(message)); }
    void say_bytes(Bytes frame) { dialled_->link->send(std::move(frame)); }
    void leave() {
        if (dialled_ && dialled_->link) dialled_->link->close();
        dialled_.reset();
    }
    /// The next message of that kind, past others.
    template <class Message>
    Message next() {
        std::optional<Message> found;
        world_.until(
            [&] {
                while (!found && at_ < heard.size()) {
                    if (auto* const message = std::get_if<Message>(&heard[at_])) found = *message;
                    ++at_;
                }
                return found.has_value();
            },
            "a message of the server");
        return *found;
    }
    Welcome sign_in() {
        SignIn message;
        message.agent = "scripted";
        message.transfer_port = 6346;
        say(message);
        return next<Welcome>();
    }
    Answer search(std::string const& words) {
        Query query;
        query.words = words;
        say(Search{++request_, query});
        return next<Found>().answer;
    }
    [[nodiscard]] PublisherId id() const { return key_.public_key(); }

    std::vector<ToNode> heard;
    std::optional<std::string> closed;

private:
    World& world_;
    link::Ed25519Key key_;
    std::optional<link::Dialled> dialled_;
    std::size_t at_ = 0;
    std::uint32_t request_ = 0;
};

inline Entry file(std::uint8_t number, std::string name) {
    Entry entry;
    entry.sha1.bytes[0] = number;
    entry.size_bytes = 1000;
    entry.name = std::move(name);
    return entry;
}

}  // namespace praline::index::server
