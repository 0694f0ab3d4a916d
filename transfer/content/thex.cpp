#include "transfer/content/thex.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string_view>

#include "node/base/text.hpp"
#include "transfer/content/dime.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/tiger_lanes.hpp"

namespace praline::content {
namespace {

constexpr std::string_view tree_type = "http://open-content.net/spec/thex/breadthfirst";
constexpr std::string_view digest_type = "http://open-content.net/spec/digest/tiger";
constexpr std::string_view document_type = "http://open-content.net/spec/thex/thex.dtd";

std::uint64_t leaves_of(std::uint64_t file_bytes) { return file_bytes == 0 ? 1 : (file_bytes - 1) / leaf_bytes + 1; }
unsigned full_depth_of(std::uint64_t leaves) { return static_cast<unsigned>(std::bit_width(leaves - 1)); }

/// How many nodes stand `height` levels above the leaves.
std::uint64_t nodes_at(std::uint64_t leaves, unsigned height) { return ((leaves - 1) >> height) + 1; }

std::vector<TigerHash> level_above(std::vector<TigerHash> const& level) {
    std::vector<TigerHash> above((level.size() + 1) / 2);
    tiger_pairs(level.data(), level.size() / 2, above.data());
    if (level.size() % 2 != 0) above.back() = level.back();
    return above;
}

std::string description(TreeLevel const& level, TigerHash const& root) {
    auto const quoted = [](std::string_view value) { return '"' + std::string{value} + '"'; };
    unsigned const depth = static_cast<unsigned>(std::bit_width(std::max<std::size_t>(level.nodes.size(), 1) - 1));
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!DOCTYPE hashtree SYSTEM " + quoted(document_type) +
           ">\r\n<hashtree>\r\n  <file size=" + quoted(std::to_string(level.file_bytes)) +
           " segmentsize=" + quoted(std::to_string(leaf_bytes)) + "/>\r\n  <digest algorithm=" + quoted(digest_type) +
           " outputsize=" + quoted(std::to_string(sizeof(TigerHash))) +
           "/>\r\n  <serializedtree depth=" + quoted(std::to_string(depth)) + " type=" + quoted(tree_type) +
           " uri=" + quoted(thex_id(root)) + "/>\r\n</hashtree>\r\n";
}

/// What stands between "<name" and the next ">", or empty.
std::string_view element(std::string_view xml, std::string_view name) {
    for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
        std::string_view const rest = xml.substr(at + 1);
        if (!rest.starts_with(name) || rest.size() == name.size()) continue;
        char const next = rest[name.size()];
        if (next != ' ' && next != '\t' && next != '\r' && next != '\n') continue;
        return rest.substr(name.size(), rest.find('>') - name.size());
    }
    return {};
}

/// The value of name="value" (or in single quotes) inside an element.
std::optional<std::string_view> attribute(std::string_view inside, std::string_view name) {
    constexpr std::string_view blank = " \t\r\n";
    for (std::size_t at = inside.find(name); at != std::string_view::npos; at = inside.find(name, at + 1)) {
        if (at == 0 || blank.find(inside[at - 1]) == std::string_view::npos) continue;
        std::string_view const rest = trim(inside.substr(at + name.size()));
        if (!rest.starts_with('=')) continue;
        std::string_view const value = trim(rest.substr(1));
        if (value.empty() || (value[0] != '"' && value[0] != '\'')) return std::nullopt;
        std::size_t const end = value.find(value[0], 1);
        if (end == std::string_view::npos) return std::nullopt;
        return value.substr(1, end - 1);
    }
    return std::nullopt;
}

bool says(std::string_view inside, std::string_view name, std::uint64_t number) {
    auto const value = attribute(inside, name);
    return value && parse_number(trim(*value)) == number;
}

/// @return the id of the record that holds the tree.
Result<std::string> read_description(std::string_view xml, std::uint64_t file_bytes) {
    if (xml.size() > thex_xml_bytes_max) return WireError::limit_exceeded;
    std::string_view const file = element(xml, "file");
    std::string_view const digest = element(xml, "digest");
    std::string_view const tree = element(xml, "serializedtree");
    if (!says(file, "segmentsize", leaf_bytes) || !says(digest, "outputsize", sizeof(TigerHash)))
        return WireError::unknown_type;
    // Some write the name of the host with "www." in front.
    if (!attribute(digest, "algorithm").value_or("").ends_with("/spec/digest/tiger")) return WireError::unknown_type;
    if (!attribute(tree, "type").value_or("").ends_with("/spec/thex/breadthfirst")) return WireError::unknown_type;
    if (!says(file, "size", file_bytes)) return WireError::bad_value;
    return std::string{attribute(tree, "uri").value_or("")};
}

/// The deepest level of a breadth-first row of nodes; how deep follows from their number.
Result<TreeLevel> deepest_level(ByteView nodes, std::uint64_t file_bytes) {
    if (nodes.size() % sizeof(TigerHash) != 0) return WireError::bad_length;
    std::uint64_t const count = nodes.size() / sizeof(TigerHash);
    std::uint64_t const leaves = leaves_of(file_bytes);
    unsigned const full_depth = full_depth_of(leaves);
    std::uint64_t before = 0;
    for (unsigned depth = 0; depth <= std::min(full_depth, thex_depth_max); ++depth) {
        std::uint64_t const here = nodes_at(leaves, full_depth - depth);
        if (before + here < count) {
            before += here;
            continue;
        }
        if (before + here > count) return WireError::bad_length;
        TreeLevel level{file_bytes, leaf_bytes << (full_depth - depth), std::vector<TigerHash>(here)};
        ByteView from = nodes.subspan(before * sizeof(TigerHash));
        for (TigerHash& node : level.nodes) {
            std::transform(from.begin(), from.begin() + sizeof(TigerHash), node.bytes.begin(),
                           [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
            from = from.subspan(sizeof(TigerHash));
        }
        return level;
    }
    return WireError::bad_length;
}

}  // namespace

std::string thex_id(TigerHash const& root) {
    // The order in which the fields of a UUID are read on a little-endian machine, so that peers who derive the id
    // from the root find the one they expect.
    constexpr std::array<std::uint8_t, 16> order{3, 2, 1, 0, 5, 4, 7, 6, 9, 8, 13, 12, 11, 10, 15, 14};
    Bytes bytes;
    for (std::uint8_t const at : order) bytes.push_back(std::byte{root.bytes[at]});
    std::string hex = to_hex(bytes);
    for (std::size_t const dash : {20U, 16U, 12U, 8U}) hex.insert(dash, 1, '-');
    return "uuid:" + hex;
}

Bytes thex_nodes(TreeLevel const& level) {
    std::vector<std::vector<TigerHash>> levels{level.nodes};
    while (levels.back().size() > 1) levels.emplace_back(level_above(levels.back()));
    Bytes out;
    for (auto row = levels.rbegin(); row != levels.rend(); ++row)
        for (TigerHash const& node : *row) {
            auto const bytes = std::as_bytes(std::span{node.bytes});
            out.insert(out.end(), bytes.begin(), bytes.end());
        }
    return out;
}

Bytes thex_encode(TreeLevel const& level) {
    TigerHash const root = level.root();
    std::string const text = description(level, root);
    auto const xml = as_view(text);
    std::vector<DimeRecord> records(2);
    records[0].type_kind = DimeType::media;
    records[0].type = "text/xml";
    records[0].data.assign(xml.begin(), xml.end());
    records[1].type_kind = DimeType::uri;
    records[1].type = tree_type;
    records[1].id = thex_id(root);
    records[1].data = thex_nodes(level);
    return dime_encode(records);
}

Result<TreeLevel> thex_decode(ByteView body, TigerHash const& trusted_root, std::uint64_t file_bytes) {
    if (body.size() > thex_bytes_max) return WireError::limit_exceeded;
    auto const records = dime_decode(body);
    if (!records) return records.error();
    if (records->empty() || !equals_ignoring_case(records->front().type, "text/xml")) return WireError::unknown_type;
    auto const id = read_description(as_text(records->front().data), file_bytes);
    if (!id) return id.error();
    auto const tree =
        std::find_if(records->begin() + 1, records->end(), [&](DimeRecord const& record) { return record.id == *id; });
    if (tree == records->end()) return WireError::bad_value;
    auto level = deepest_level(tree->data, file_bytes);
    if (level && level->root() != trusted_root) return WireError::bad_value;
    return level;
}

}  // namespace praline::content
