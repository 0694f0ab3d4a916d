#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <variant>

#include "node/base/bytes.hpp"
#include "node/overlay/overlay.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"

/// Messages of the full scale on their way.
namespace praline::simulate::full {

/// Bytes, as a socket would carry them; where the codec is left out, the value.
struct FullMessage {
    Bytes bytes;  ///< with the header; empty: it goes as a value
    overlay::Message value{};

    [[nodiscard]] bool is_query() const {
        return bytes.empty() ? std::holds_alternative<overlay::QueryPtr>(value.value)
                             : bytes[Guid::size_bytes] == static_cast<std::byte>(wire::Function::query);
    }

    [[nodiscard]] Guid guid() const {
        if (bytes.empty()) return value.guid;
        Guid guid;
        std::memcpy(guid.bytes.data(), bytes.data(), Guid::size_bytes);
        return guid;
    }
};

/// What the network goes by.
struct FullEnvelope {
    Guid guid;
    wire::Function function;
    Ttl ttl;
    std::size_t bytes;  ///< with the header; of a value, those that it would take
    std::optional<wire::WalkerItem> walker{};

    [[nodiscard]] bool is_query() const { return function == wire::Function::query; }
    [[nodiscard]] bool is_hit() const { return function == wire::Function::query_hit; }
};

/// @param walks  whether a query may be a walker: it is not looked at otherwise.
[[nodiscard]] FullEnvelope envelope_of(FullMessage const& message, bool walks);

}  // namespace praline::simulate::full
