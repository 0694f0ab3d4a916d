#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/praline/commands.hpp"

namespace praline {

/// `praline index` and its flags; text is as the user wrote it.
struct IndexCommand {
    std::string listen, advertise, join, group_secret;
    std::string api = "127.0.0.1:0";
    std::string log_level = "info";
    double lease_seconds = 60, heartbeat_seconds = 0.5, repair_seconds = 2;
    std::uint32_t suspect_after_heartbeats = 4;
    std::size_t readers = 2, publishers_of_address = 64, nodes = 10'000;
    std::uint32_t files_of_publisher = 2'000'000;
    std::uint64_t files_of_address = 0;  ///< 0: 2,000,000, or as many as one publisher may list if that is more
    std::uint64_t files = 50'000'000, disk_mib = 16'384;
    std::uint32_t searches_of_address = 200;  ///< a second
    bool login_link = false;                  ///< of `index status`
};

/// Runs an index server until it is told to stop. Returns the exit code.
int run_index(CommandContext const& context, IndexCommand const& command);

// What talks to a running one.
int run_index_status(CommandContext const& context, IndexCommand const& command);
int run_index_drain(CommandContext const& context);
/// Prints the systemd unit.
int run_index_unit();
[[nodiscard]] std::string_view index_unit_text();

}  // namespace praline
