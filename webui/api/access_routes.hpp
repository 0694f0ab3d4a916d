#pragma once

#include "webui/api/routes.hpp"

/// Who may use the API: named tokens and sessions of browsers, listed, made and revoked.
namespace praline::webui {

ApiResponse tokens(Call const& call);
ApiResponse add_token(Call const& call);
ApiResponse revoke_token(Call const& call);
ApiResponse sessions(Call const& call);
ApiResponse revoke_session(Call const& call);

}  // namespace praline::webui
