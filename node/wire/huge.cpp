#include "node/wire/huge.hpp"

#include <algorithm>

#include "node/base/byte_writer.hpp"
#include "node/base/text.hpp"
#include "node/wire/ggep.hpp"

namespace praline::wire {
namespace {

constexpr std::byte separator{0x1C};
constexpr std::uint8_t hash_sha1 = 1, hash_bitprint = 2;
constexpr std::size_t sha1_bytes = 20, tiger_bytes = 24;

template <class Digest>
Digest digest(ByteView bytes) {
    Digest result;
    std::transform(bytes.begin(), bytes.end(), result.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    return result;
}

bool is_separator(std::byte byte) { return byte == separator || byte == std::byte{0}; }

bool starts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

class AreaParser {
public:
    AreaParser(ByteView area, std::size_t& inflate_budget) : rest_{area}, inflate_budget_{inflate_budget} {}

    Extensions parse() {
        for (std::size_t count = 0; skip_separators(); ++count) {
            if (count == extension_items_max) break;
            if (rest_.front() == ggep_magic)
                take_ggep();
            else
                take_text();
        }
        return std::move(found_);
    }

private:
    bool skip_separators() {
        while (!rest_.empty() && is_separator(rest_.front())) rest_ = rest_.subspan(1);
        return !rest_.empty();
    }

    void take_ggep() {
        auto block = decode_ggep(rest_, inflate_budget_);
        if (!block) {
            // Where a broken block ends nobody knows, so it takes the rest of the area with it.
            ++found_.unknown;
            rest_ = {};
            return;
        }
        rest_ = rest_.subspan(block->consumed);
        for (auto& item : block->items) take_item(std::move(item));
    }

    void take_item(GgepItem item) {
        std::optional<Urn> urn;
        if (item.id == "H") {
            urn = decode_ggep_h(item.data);
        } else if (item.id == "u") {
            urn = Urn::parse("urn:" + std::string{as_text(item.data)});
        } else if (item.id == "TT") {
            if (item.data.size() == tiger_bytes) urn = Urn{{}, digest<TigerHash>(item.data)};
        } else {
            if (!has(found_.ggep, item.id) && found_.ggep.size() < ggep_items_max)
                found_.ggep.emplace_back(std::move(item));
            return;
        }
        if (urn)
            take_urn(*urn);
        else
            ++found_.unknown;
    }

    void take_text() {
        auto const end = std::find_if(rest_.begin(), rest_.end(), is_separator);
        auto const length = static_cast<std::size_t>(end - rest_.begin());
        auto const text = as_text(rest_.first(length));
        rest_ = rest_.subspan(length);
        if (text.front() == '<') {
            if (found_.xml.empty()) found_.xml = text;
            return;
        }
        // "urn:" and "urn:sha1:" alone ask for what every peer sends anyway.
        if (equals_ignoring_case(text, "urn:") || equals_ignoring_case(text, "urn:sha1:")) return;
        auto const urn = starts_with(text, "urn:") ? Urn::parse(text) : std::nullopt;
        if (urn)
            take_urn(*urn);
        else
            ++found_.unknown;
    }

    void take_urn(Urn const& urn) {
        auto& urns = found_.urns;
        if (urns.size() < query_urns_max && std::find(urns.begin(), urns.end(), urn) == urns.end()) urns.push_back(urn);
    }

    ByteView rest_;
    std::size_t& inflate_budget_;
    Extensions found_;
};

}  // namespace

Extensions parse_extensions(ByteView area, std::size_t& inflate_budget) {
    return AreaParser{area, inflate_budget}.parse();
}

Extensions parse_extensions(ByteView area) {
    std::size_t budget = ggep_inflated_bytes_max;
    return parse_extensions(area, budget);
}

Bytes encode_extensions(std::vector<Urn> const& urns, Ggep const& ggep) {
    Bytes out;
    auto const append = [&out](ByteView item) {
        if (item.empty()) return;
        if (!out.empty()) out.push_back(separator);
        out.insert(out.end(), item.begin(), item.end());
    };
    for (Urn const& urn : urns) append(as_view(urn.text()));
    append(encode_ggep(ggep, GgepPlace::nul_free));
    return out;
}

std::optional<Urn> decode_ggep_h(ByteView data) noexcept {
    if (data.empty()) return std::nullopt;
    auto const kind = std::to_integer<std::uint8_t>(data.front());
    auto const digests = data.subspan(1);
    if (kind == hash_sha1 && digests.size() == sha1_bytes) return Urn{digest<Sha1>(digests), {}};
    if (kind == hash_bitprint && digests.size() == sha1_bytes + tiger_bytes)
        return Urn{digest<Sha1>(digests.first(sha1_bytes)), digest<TigerHash>(digests.subspan(sha1_bytes))};
    return std::nullopt;
}

Bytes encode_ggep_h(Urn const& urn) {
    ByteWriter out;
    out.u8(urn.tiger_root ? hash_bitprint : hash_sha1);
    out.raw(std::as_bytes(std::span{urn.sha1.value().bytes}));
    if (urn.tiger_root) out.raw(std::as_bytes(std::span{urn.tiger_root->bytes}));
    return out.take();
}

void complete(Urn& urn, Urn const& other) {
    if (!urn.sha1) urn.sha1 = other.sha1;
    if (!urn.tiger_root) urn.tiger_root = other.tiger_root;
}

}  // namespace praline::wire
