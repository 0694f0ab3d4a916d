#pragma once

#include "webui/api/routes.hpp"

/// Named tokens: listed, made and revoked.
namespace praline::webui {

ApiResponse tokens(Call const& call);
ApiResponse add_token(Call const& call);
ApiResponse revoke_token(Call const& call);

}  // namespace praline::webui
