#include "webui/api/page_file.hpp"

#include <algorithm>
#include <array>

#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "webui/api/login.hpp"

namespace praline::webui {
namespace {

/// The page is compressed when it is built: a file has its copies beside it, the smallest first.
struct Coding {
    std::string_view name, ending;
};
constexpr std::array codings{Coding{"br", ".br"}, Coding{"gzip", ".gz"}};

Asset const* find(std::span<Asset const> assets, std::string_view path) {
    auto const found =
        std::find_if(assets.begin(), assets.end(), [&](Asset const& asset) { return asset.path == path; });
    return found == assets.end() ? nullptr : &*found;
}

/// Whether a list such as "gzip, br;q=0.8" has it, with a weight that is not 0.
bool accepts(std::string_view list, std::string_view coding) {
    for (auto const piece : split(list, ',')) {
        auto const end = std::min(piece.find(';'), piece.size());
        if (!equals_ignoring_case(trim(piece.substr(0, end)), coding)) continue;
        auto const weight = trim(piece.substr(std::min(end + 1, piece.size())));
        return !weight.starts_with("q=0") || weight.find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

/// Of the bytes as they are sent. FNV-1a: it tells builds apart, and guards nothing.
std::string etag_of(std::span<std::byte const> bytes) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (std::byte const one : bytes) hash = (hash ^ std::to_integer<std::uint64_t>(one)) * 0x100000001B3;
    std::string text = "\"";
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(hash >> shift) & 15];
    return text + '"';
}

}  // namespace

std::optional<ApiResponse> page_file(std::span<Asset const> assets, std::string_view front, ApiRequest const& request) {
    // The page keeps its views behind a '#', so every address that is no file of it is a mistake.
    auto const path = request.path() == "/" ? front : request.path();
    if (path.ends_with(".html") && path != front) return std::nullopt;
    Asset const* const found = find(assets, path);
    if (found == nullptr) return std::nullopt;
    if (request.method != "GET") return wrong_method("GET, HEAD");
    ApiResponse response;
    auto bytes = found->bytes;
    for (auto const& coding : codings) {
        auto const* const copy = find(assets, std::string{path} + std::string{coding.ending});
        if (copy == nullptr || !accepts(request.header("Accept-Encoding"), coding.name)) continue;
        bytes = copy->bytes;
        response.headers.emplace_back("Content-Encoding", coding.name);
        break;
    }
    auto const etag = etag_of(bytes);
    bool const hashed = path.starts_with("/assets/");
    response.headers.emplace_back("Content-Type", found->content_type);
    response.headers.emplace_back("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back("ETag", etag);
    if (request.header("If-None-Match").find(etag) != std::string_view::npos)
        response.status = 304;
    else
        response.body = as_text(bytes);
    add_strict_headers(response);
    return response;
}

}  // namespace praline::webui
