#include "node/base/urn.hpp"

#include <cstring>

#include "node/base/text.hpp"

namespace praline {
namespace {

template <class Digest>
std::optional<Digest> digest_from_base32(std::string_view text) {
    auto const raw = from_base32(text);
    Digest digest;
    if (!raw || raw->size() != digest.bytes.size()) return std::nullopt;
    std::memcpy(digest.bytes.data(), raw->data(), raw->size());
    return digest;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (text.size() < prefix.size() || !equals_ignoring_case(text.substr(0, prefix.size()), prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<Urn> parse_bitprint(std::string_view text) {
    auto const dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    Urn urn{Sha1::from_base32(text.substr(0, dot)), TigerHash::from_base32(text.substr(dot + 1))};
    if (!urn.sha1 || !urn.tiger_root) return std::nullopt;
    return urn;
}

}  // namespace

std::string Sha1::base32() const { return to_base32(std::as_bytes(std::span{bytes})); }
std::string Sha1::urn() const { return "urn:sha1:" + base32(); }
std::optional<Sha1> Sha1::from_base32(std::string_view text) { return digest_from_base32<Sha1>(text); }

std::string TigerHash::base32() const { return to_base32(std::as_bytes(std::span{bytes})); }
std::optional<TigerHash> TigerHash::from_base32(std::string_view text) { return digest_from_base32<TigerHash>(text); }

std::string Urn::text() const {
    if (sha1 && tiger_root) return "urn:bitprint:" + sha1->base32() + '.' + tiger_root->base32();
    if (sha1) return sha1->urn();
    if (tiger_root) return "urn:tree:tiger:" + tiger_root->base32();
    return {};
}

std::optional<Urn> Urn::parse(std::string_view text) {
    if (!take_prefix(text, "urn:")) return std::nullopt;
    if (take_prefix(text, "sha1:")) {
        auto const sha1 = Sha1::from_base32(text);
        return sha1 ? std::optional{Urn{sha1, {}}} : std::nullopt;
    }
    if (take_prefix(text, "bitprint:")) return parse_bitprint(text);
    if (take_prefix(text, "tree:tiger:") || take_prefix(text, "tree:tiger/:") || take_prefix(text, "ttroot:")) {
        auto const root = TigerHash::from_base32(text);
        return root ? std::optional{Urn{{}, root}} : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace praline
