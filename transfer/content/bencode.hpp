#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Writes bencoded values, the notation of BitTorrent. @threads any: pure. @source BEP 3, "bencoding".
namespace praline::content {

[[nodiscard]] std::string bencode(std::string_view bytes);
[[nodiscard]] std::string bencode(std::uint64_t number);
/// @param items  bencoded each.
[[nodiscard]] std::string bencode_list(std::vector<std::string> const& items);

/// A dictionary, whose keys are written in the order of their bytes, as its hash needs it.
class BencodeDictionary {
public:
    /// @param value  bencoded. A key that is there is replaced.
    BencodeDictionary& set(std::string key, std::string value);
    [[nodiscard]] std::string text() const;

private:
    std::map<std::string, std::string> values_;
};

}  // namespace praline::content
