#include "tools/praline/overlay_config.hpp"

#include <catch2/catch.hpp>

#include "tools/praline/node_limits.hpp"

namespace overlay_config_test {
using namespace praline;

TEST_CASE("a fifth of the slots for ultrapeers stays open for newcomers") {
    Config config;
    config.max_ultrapeers = 40;
    config.max_leaves = 60;
    auto const limits = overlay_config(config, {}).limits;
    CHECK(limits.ultrapeer_links_max == 40);
    CHECK(limits.ultrapeer_links_wanted == 32);
    CHECK(limits.peers_max == 100 + NodeLimits::spare_connections);
}

TEST_CASE("a node that does not seek makes no links, but accepts as many as before") {
    Config config;
    config.seek = false;
    auto const limits = overlay_config(config, {}).limits;
    CHECK(limits.ultrapeer_links_wanted == 0);
    CHECK(limits.ultrapeer_links_max == config.max_ultrapeers);
}

TEST_CASE("peers given by name are left to the look-up, and private addresses to the private network") {
    Config config;
    config.peers = {"192.0.2.1:6346", "node.example.org:6346"};
    CHECK(overlay_config(config, {}).peers.size() == 1);
    CHECK(overlay_config(config, {}).accept_private);
    config.network = Network::gnutella;
    CHECK_FALSE(overlay_config(config, {}).accept_private);
}

}  // namespace overlay_config_test
