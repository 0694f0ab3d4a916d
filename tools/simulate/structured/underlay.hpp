#pragma once

#include <cmath>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>

#include "node/base/rng.hpp"

/// Where nodes are, and how long a message between two of them takes.
namespace praline::simulate::structured {

using Node = std::uint32_t;
constexpr Node nodes_max = 2'000'000;
/// Of a router graph or a matrix: the distances of all pairs are kept.
constexpr std::uint32_t routers_max = 8'000;

/// Uniform in [0, 1).
[[nodiscard]] inline double unit(Rng& chance) {
    constexpr int bits = 53;
    return std::ldexp(static_cast<double>(chance.next() >> (64 - bits)), -bits);
}

/// @threads any, as it does not change
class Underlay {
public:
    virtual ~Underlay() = default;
    /// The same in both directions, 0 to itself; in a unit of its own, milliseconds where it has one.
    [[nodiscard]] virtual double distance(Node from, Node to) const = 0;
};

/// Uniform in a square of this side; a message takes as long as the straight way.
constexpr double side = 1000;
[[nodiscard]] std::shared_ptr<Underlay const> make_plane(Node nodes, std::uint64_t seed);

/// Routers uniform in the square, linked with probability alpha e^(-d / beta L), L the longest way in the square; parts
/// that this leaves apart are joined by the shortest gap. Messages take the shortest ways; each node is at a router
/// drawn at random.   @source Waxman 1988
struct WaxmanSettings {
    std::uint32_t routers = 1024;
    double alpha = 0.05, beta = 0.1;
};
[[nodiscard]] std::shared_ptr<Underlay const> make_waxman(Node nodes, std::uint64_t seed,
                                                          WaxmanSettings const& settings = {});

/// Transit domains, whose routers have stub domains. Nodes are at routers of stubs.
/// @source Zegura, Calvert, Bhattacharjee 1996; CAN (delays)
struct TransitStubSettings {
    std::uint32_t transit_domains = 10, transit_routers = 5;       ///< of each domain
    std::uint32_t stub_domains = 10, stub_routers = 10;            ///< of each transit router, of each stub domain
    double between_transits = 100, to_stub = 10, within_stub = 1;  ///< milliseconds a link
    double more_links = 0.4;  ///< with this probability two routers of a domain are linked beyond what connects it
};
[[nodiscard]] std::shared_ptr<Underlay const> make_transit_stub(Node nodes, std::uint64_t seed,
                                                                TransitStubSettings const& settings = {});

/// Round trips as text: a line for each place, with as many numbers divided by blanks, tabs or commas. A distance is
/// half of the mean of both directions' round trips; each node is at a place drawn at random.
/// @param name  of the file, for complaints   @throws BadInput naming the line
[[nodiscard]] std::shared_ptr<Underlay const> read_matrix(Node nodes, std::uint64_t seed, std::istream& text,
                                                          std::string const& name);

/// plane, waxman[:ROUTERS:ALPHA:BETA], transit-stub[:DOMAINS:ROUTERS:STUBS:ROUTERS] or matrix:FILE.
/// @throws BadInput: a sentence
[[nodiscard]] std::shared_ptr<Underlay const> make_underlay(std::string const& form, Node nodes, std::uint64_t seed);

}  // namespace praline::simulate::structured
