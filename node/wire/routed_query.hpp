#pragma once

#include <memory>
#include <utility>

#include "node/base/bytes.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/message.hpp"

namespace praline::wire {

/// A query on its way through this node: decoded once, its payload shared by all links it goes to. The one form that the
/// overlay, the strategies and the simulator pass on.   @threads any: it does not change once it is made.
struct RoutedQuery {
    Query query;
    SharedBytes payload;  ///< `query` as bytes; not null
};
using QueryPtr = std::shared_ptr<RoutedQuery const>;

/// Encodes `query`.
[[nodiscard]] inline QueryPtr routed(Query query) {
    auto payload = std::make_shared<Bytes const>(encode(query));
    return std::make_shared<RoutedQuery const>(RoutedQuery{std::move(query), std::move(payload)});
}

}  // namespace praline::wire
