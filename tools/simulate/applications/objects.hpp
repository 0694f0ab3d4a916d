#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::applications {

/// Where objects are: every node on the way of a publication to the root of its key keeps a pointer, and a message to the
/// object that comes to one of them goes on to the server that is nearest there.
/// @threads one   @source Tapestry
class ObjectPointers {
public:
    /// @pre all outlive this
    ObjectPointers(structured::RoutingGeometry const& overlay, structured::Underlay const& underlay,
                   structured::Live const& live)
        : overlay_{overlay}, underlay_{underlay}, live_{live} {}

    void publish(structured::Node server, structured::Key object);
    void unpublish(structured::Node server, structured::Key object);
    struct Found {
        structured::Node server = 0;
        unsigned hops = 0;  ///< to the node with the pointer
        double length = 0;  ///< of the whole way
    };
    /// sendToObj: to the nearest server. Empty: nobody on the way knows one.
    [[nodiscard]] std::optional<Found> send(structured::Node from, structured::Key object) const;

private:
    structured::RoutingGeometry const& overlay_;
    structured::Underlay const& underlay_;
    structured::Live const& live_;
    std::map<std::pair<structured::Node, structured::Key>, std::vector<structured::Node>> pointers_;
};

/// Messages to random objects from random nodes of a Tapestry overlay.
struct ObjectsExperiment {
    structured::Settings settings;  ///< its underlay is to be there
    std::uint64_t objects = 1000;
    unsigned servers = 1;  ///< of each object
    std::uint64_t messages = 20'000;
};
/// The relative delay penalty: how much longer the way is than the straight one to the nearest server.
struct ObjectsOutcome {
    double found = 0;  ///< share of the messages
    // Empty: there was no such message.
    std::optional<double> penalty_p50, penalty_p90;  ///< of all that had a way to go
    std::optional<double> penalty_near_p50,
        penalty_far_p50;  ///< of those whose server is nearer, farther than the mean
};
[[nodiscard]] ObjectsOutcome send_to_objects(ObjectsExperiment const& experiment);

}  // namespace praline::simulate::applications
