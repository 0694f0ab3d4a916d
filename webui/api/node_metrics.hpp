#pragma once

#include <string>

#include "webui/api/views.hpp"

namespace praline::webui {

/// The status of a node for Prometheus.   @threads any: pure.
[[nodiscard]] std::string prometheus_text(StatusView const& status);

}  // namespace praline::webui
