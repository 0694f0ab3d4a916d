#pragma once

#include <string_view>

#include "node/base/bytes.hpp"
#include "node/base/rng.hpp"

namespace praline::wire {

/// Hexadecimal digits, blanks and line ends between them ignored.
Bytes hex(std::string_view text);
Bytes bytes_of(std::string_view text);
Bytes random_bytes(Rng& rng, std::size_t count);

/// Messages with every field as the specification has it, made by a program that shares no code with ours.
namespace vectors {

extern std::string_view const ping, ping_ggep, pong, pong_hosts, query, query_urn_ggep, query_urn, query_oob, query_hit,
    push, push_tls, bye, messages_supported, features, hops_flow, tcp_connect_back, push_proxy_request, push_proxy_ack,
    oob_indication, oob_ack, head_ping;

/// All of them.
extern std::string_view const all[21];

}  // namespace vectors

}  // namespace praline::wire
