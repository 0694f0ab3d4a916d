#pragma once

#include "webui/api/routes.hpp"

/// The handlers of searches, their history, and saved searches.
namespace praline::webui {

ApiResponse strategies(Call const& call);
ApiResponse searches(Call const& call);
ApiResponse start_search(Call const& call);
ApiResponse browse(Call const& call);
ApiResponse search(Call const& call);
ApiResponse stop_search(Call const& call);
ApiResponse delete_search(Call const& call);
ApiResponse results(Call const& call);
ApiResponse history(Call const& call);
ApiResponse forget_history(Call const& call);
ApiResponse forget_history_entry(Call const& call);
ApiResponse saved_searches(Call const& call);
ApiResponse save_search(Call const& call);
ApiResponse run_saved_search(Call const& call);
ApiResponse delete_saved_search(Call const& call);

}  // namespace praline::webui
