#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"

/// DIME messages: a row of typed records. @source DIME; node/wire/protocol/transfer.md
/// @threads any: pure.
namespace praline::content {

enum class DimeType : std::uint8_t { unchanged = 0, media = 1, uri = 2, unknown = 3, none = 4 };

struct DimeRecord {
    DimeType type_kind = DimeType::none;
    std::string type;
    std::string id;
    Bytes data;
    friend bool operator==(DimeRecord const&, DimeRecord const&) = default;
};

/// @pre ids and types under 64 KiB, data under 4 GiB.
[[nodiscard]] Bytes dime_encode(std::vector<DimeRecord> const& records);

/// Records up to the one marked as the last; bytes after it are left alone.
/// @errors truncated; bad_value: version or first mark; unknown_type: a chunked record; limit_exceeded: more than
///         `dime_records_max`.
[[nodiscard]] Result<std::vector<DimeRecord>> dime_decode(ByteView in);

}  // namespace praline::content
