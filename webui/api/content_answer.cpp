#include "webui/api/content_answer.hpp"

#include <string>
#include <utility>

#include "transfer/upload/conditions.hpp"
#include "transfer/upload/file_headers.hpp"
#include "transfer/upload/http_date.hpp"
#include "transfer/upload/http_request.hpp"

namespace praline::webui {
namespace {

constexpr std::string_view pdf = "application/pdf";

/// Scripts, forms, frames and plug-ins are off, and the document has an origin of its own. A viewer of PDF files is a
/// plug-in to some browsers, and shows nothing in a sandbox: the type is fixed, so that nothing else can come of it.
std::string_view policy_for(std::string_view media_type) {
    if (media_type == pdf)
        return "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors "
               "'none'; form-action 'none'";
    return "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
           "frame-ancestors 'none'; form-action 'none'; sandbox";
}

std::optional<std::string> field(ApiRequest const& request, std::string_view name) {
    if (request.count(name) == 0) return std::nullopt;
    return std::string{request.header(name)};
}

upload::Conditions conditions_of(ApiRequest const& request) {
    return {field(request, "If-Match"), field(request, "If-None-Match"), field(request, "If-Modified-Since"),
            field(request, "If-Unmodified-Since"), field(request, "If-Range")};
}

void name_the_copy(ContentFacts const& facts, ApiResponse& response) {
    response.headers.emplace_back("ETag", facts.etag);
    if (auto date = upload::http_date(facts.modified_s); !date.empty())
        response.headers.emplace_back("Last-Modified", std::move(date));
}

ApiResponse not_modified(ContentFacts const& facts) {
    ApiResponse response;
    response.status = 304;
    response.headers.emplace_back("Cache-Control", "no-store");
    name_the_copy(facts, response);
    add_strict_headers(response);
    return response;
}

ApiResponse no_such_range(ContentFacts const& facts) {
    auto response =
        error_response(416, "no_such_range", "The file has " + std::to_string(facts.size_bytes) + " bytes.");
    response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(facts.size_bytes));
    return response;
}

std::string content_range(ContentSpan span, std::uint64_t size) {
    return "bytes " + std::to_string(span.begin) + '-' + std::to_string(span.end - 1) + '/' + std::to_string(size);
}

ApiResponse with_span(ContentFacts const& facts, ContentSpan span, bool part) {
    auto const type = content_type_of(facts.name);
    ApiResponse response;
    response.status = part ? 206 : 200;
    response.headers = {
        {"Content-Type", std::string{type} + (type == "text/plain" ? "; charset=utf-8" : "")},
        {"Content-Disposition", upload::content_disposition(facts.name, is_shown(type) ? "inline" : "attachment")},
        {"Accept-Ranges", "bytes"},
        {"Cache-Control", "no-store"}};
    if (part) response.headers.emplace_back("Content-Range", content_range(span, facts.size_bytes));
    name_the_copy(facts, response);
    add_strict_headers(response, policy_for(type));
    response.span = span;
    return response;
}

}  // namespace

std::string_view content_type_of(std::string_view name) { return upload::media_type_of(name); }

bool is_shown(std::string_view media_type) {
    if (media_type == "text/plain" || media_type == pdf) return true;
    // An SVG image is a document that may hold scripts.
    return media_type != "image/svg+xml" &&
           (media_type.starts_with("audio/") || media_type.starts_with("video/") || media_type.starts_with("image/"));
}

ApiResponse content_answer(ApiRequest const& request, std::shared_ptr<ContentSource> source) {
    auto const& facts = source->facts();
    upload::Validators const validators{facts.etag, facts.modified_s};
    auto const conditions = conditions_of(request);
    auto const precondition = upload::weigh(conditions, validators);
    if (precondition == upload::Precondition::failed)
        return error_response(412, "precondition_failed", "The file is not the one that was asked for.");
    if (precondition == upload::Precondition::not_modified) return not_modified(facts);
    ContentSpan span{0, facts.size_bytes};
    // A Range means something to GET alone.
    auto const ranges = request.head || request.count("Range") != 1 ? std::vector<upload::AskedRange>{}
                                                                    : upload::parse_ranges(request.header("Range"));
    bool const part = !ranges.empty() && upload::range_applies(conditions, validators);
    if (part) {
        auto const found = upload::resolve(ranges, facts.size_bytes);
        if (!found) return no_such_range(facts);
        span = {found->begin, found->end};
    }
    auto response = with_span(facts, span, part);
    response.content = std::move(source);
    return response;
}

}  // namespace praline::webui
