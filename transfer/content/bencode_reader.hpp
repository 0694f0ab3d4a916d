#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "node/base/result.hpp"

/// Reads bencoded values, the notation of BitTorrent. @source BEP 3, "bencoding".
namespace praline::content {

/// A value as it stands in the text it was read from, which outlives it. @threads any: a value.
class BencodeValue {
public:
    using List = std::vector<BencodeValue>;
    using Dictionary = std::vector<std::pair<std::string_view, BencodeValue>>;

    BencodeValue(std::variant<std::int64_t, std::string_view, List, Dictionary> value, std::string_view text)
        : value_{std::move(value)}, text_{text} {}

    /// The value of a dictionary; null: it has no such key, or this is no dictionary.
    [[nodiscard]] BencodeValue const* find(std::string_view key) const;
    /// Null: it is of another kind.
    [[nodiscard]] std::int64_t const* number() const { return std::get_if<std::int64_t>(&value_); }
    [[nodiscard]] std::string_view const* bytes() const { return std::get_if<std::string_view>(&value_); }
    [[nodiscard]] List const* list() const { return std::get_if<List>(&value_); }
    [[nodiscard]] Dictionary const* dictionary() const { return std::get_if<Dictionary>(&value_); }
    /// As it was written.
    [[nodiscard]] std::string_view text() const { return text_; }

private:
    std::variant<std::int64_t, std::string_view, List, Dictionary> value_;
    std::string_view text_;
};

/// The whole text is one value. The order of keys is not looked at, as some programs get it wrong; of two that are the same
/// the first is found.
/// @errors truncated; bad_value: no such notation, or more behind it; limit_exceeded: `bencode_depth_max`,
///         `bencode_values_max`
[[nodiscard]] Result<BencodeValue> read_bencode(std::string_view text);

}  // namespace praline::content
