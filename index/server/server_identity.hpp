#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/wire/values.hpp"

/// Who a server is, over restarts.
namespace praline::index::server {

struct ServerIdentity {
    ServerId id;
    std::uint64_t incarnation = 0;
};

/// Reads server.id in the folder, or draws an id; then writes back, durably, an incarnation greater than every one before.
/// It is at least the clock's: a folder brought back from a copy does not repeat one. A wrong clock does no harm.
/// Throws std::runtime_error with a sentence: the file cannot be written, or holds something else.
/// @param drawn  random; taken as the id if there is none yet (0 becomes 1).
[[nodiscard]] ServerIdentity next_identity(std::string const& folder, std::uint64_t drawn, std::uint64_t clock_ms);

/// Sixteen hexadecimal digits.
[[nodiscard]] std::string id_text(ServerId id);

/// One line a member, to be kept between two runs.
[[nodiscard]] std::string members_text(std::vector<Member> const& members);
/// Lines that are none are left out; at most `members_max`.
[[nodiscard]] std::vector<Member> parse_members(std::string_view text);

}  // namespace praline::index::server
