#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/simulate/full/full_network.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::full {

/// What nodes advertise in their routing tables: what queries have asked for so far, and nothing else, since no query
/// looks up anything else.
class AdvertisedWords {
public:
    explicit AdvertisedWords(world::Node nodes) : words_(nodes) {}

    /// The holders of `word`, and no others, advertise it from now on.
    /// @param keep_others  otherwise what was advertised for other queries is withdrawn.
    void advertise(std::string const& word, bool keep_others, world::NodeSet const& holders, FullNetwork& network);

private:
    std::map<std::string, std::vector<world::Node>> holders_;  // of each word that is in tables
    std::vector<std::vector<std::string>> words_;              // of each node
};

}  // namespace praline::simulate::full
