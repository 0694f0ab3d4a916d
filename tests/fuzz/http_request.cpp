#include "transfer/upload/http_request.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "node/base/check.hpp"
#include "transfer/upload/request_target.hpp"
#include "node/wire/head_text.hpp"

/// Any octets as a request: an answer or an error, and a range that lies in the file.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const bytes = std::as_bytes(std::span{data, size});
    if (auto const length = wire::head_length(bytes)) check(*length <= size);
    auto const request = upload::parse_request(as_text(bytes));
    if (!request) return 0;
    static_cast<void>(upload::parse_target(request->target));
    if (!request->range) return 0;
    if (auto const span = upload::resolve(*request->range, size)) check(span->begin < span->end && span->end <= size);
    return 0;
}
