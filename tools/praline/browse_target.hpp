#pragma once

#include <string>
#include <variant>

#include "search/session/search_session.hpp"
#include "transfer/browse/target.hpp"
#include "webui/api/views.hpp"

namespace praline {

/// Whom the user wants to browse; or a sentence that says why it is nobody. A host that a result names can be asked to
/// connect here, if others cannot connect to it.   @threads any: pure.
[[nodiscard]] std::variant<browse::Target, std::string> browse_target(webui::NewBrowse const& wanted,
                                                                      search::SearchSessions const& sessions);

}  // namespace praline
