#include "transfer/download/http_response.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "node/base/check.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/download/safe_name.hpp"

/// Any bytes as a reply, a call back and a name: an answer or an error.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const bytes = std::as_bytes(std::span{data, size});
    if (auto const length = wire::head_length(bytes)) check(*length <= size);
    auto const reply = download::parse_response(as_text(bytes));
    if (reply && reply->content_range) check(reply->content_range->begin < reply->content_range->end);
    static_cast<void>(download::parse_giv(as_text(bytes)));
    auto const name = download::safe_name(as_text(bytes));
    check(!name.empty() && name.find('/') == std::string::npos);
    return 0;
}
