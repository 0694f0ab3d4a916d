#pragma once

#include <string>

#include "tools/praline/commands.hpp"

namespace praline {

struct TokenCommand {
    enum class Act { list, add, revoke };
    Act act = Act::list;
    std::string name, scope = "read";
};

/// Named tokens of the API. Of a new one it prints the secret alone, which is not shown again.
int run_token(CommandContext const& context, TokenCommand const& command);

struct SessionCommand {
    std::string revoke;  ///< id of one to end; empty: none
};

/// Browsers that are logged in to the node's page, listed, one of them ended first.
int run_session(CommandContext const& context, SessionCommand const& command);

struct AccessCommands {
    TokenCommand token;
    SessionCommand session;
};

}  // namespace praline
