#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"

namespace praline::bench {

/// Connections that fetch one file of an HTTP server again and again. Each comes from a loopback address of its own, as
/// peers do. Bodies are dropped where they lie in the kernel, so that the server's speed is measured and not this
/// program's. Errors are exceptions with a sentence.
class Takers {
public:
    /// Connects. `request`: a whole one, with keep-alive. @pre `count` <= 60,000.
    Takers(Endpoint server, unsigned count, std::string request);
    ~Takers();
    Takers(Takers const&) = delete;
    Takers& operator=(Takers const&) = delete;

    /// Fetches the file so many times in all: who has it asks again. `when_all_began` is called once each connection has got
    /// some of a body. @pre `times` >= the number of connections; nothing was fetched before.
    void take(
        std::uint64_t times, std::function<void()> const& when_all_began = [] {});
    /// Each fetches again and again for so long. @returns the bytes that came.
    std::uint64_t take_for(double seconds);

private:
    struct Taker {
        int socket = -1;
        std::string head;                        ///< of the reply that comes, as far as it is there
        std::optional<std::uint64_t> body_left;  ///< empty: the head is not whole
        bool asked = false, began = false;
    };
    void ask(Taker& taker);
    /// Reads once. @returns whether a reply ended.
    bool read(Taker& taker);
    void read_head(Taker& taker);
    /// Reads where something can be read. `ended` is called for each reply that ended.
    void wait(int milliseconds, std::function<void(Taker&)> const& ended);

    std::string request_;
    int events_ = -1;
    std::vector<Taker> takers_;
    std::vector<char> buffer_;
    std::uint64_t bytes_ = 0;
    std::size_t began_ = 0;
};

}  // namespace praline::bench
