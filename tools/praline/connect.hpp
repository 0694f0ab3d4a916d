#pragma once

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"

namespace praline {

/// The commands' way to the node. Throws ApiError with code "not_running" when there is none.
[[nodiscard]] inline ApiClient connect_to_node(CommandContext const& context) {
    auto node = find_running_node(context.data_directory);
    if (!node) {
        throw ApiError{"No node is running on the data directory " + context.data_directory +
                           ". Start one with `praline node`, or name its directory with --data.",
                       0, "not_running"};
    }
    return ApiClient{std::move(*node)};
}

}  // namespace praline
