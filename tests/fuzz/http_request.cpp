#include "transfer/upload/http_request.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "node/base/check.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/upload/file_headers.hpp"
#include "transfer/upload/http_date.hpp"
#include "transfer/upload/request_target.hpp"

/// Any bytes as a request: an answer or an error, a range that lies in the file, and a file name that stays in its header.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const bytes = std::as_bytes(std::span{data, size});
    if (auto const length = wire::head_length(bytes)) check(*length <= size);
    check(wire::blank_lines_length(bytes) <= size);
    auto const name = upload::content_disposition(as_text(bytes));
    check(name.find_first_of("\r\n") == std::string::npos);
    check(!upload::media_type_of(as_text(bytes)).empty());
    static_cast<void>(upload::parse_http_date(as_text(bytes)));
    auto const request = upload::parse_request(as_text(bytes));
    if (!request) return 0;
    if (auto const target = upload::parse_target(request->target))
        static_cast<void>(upload::names(target->name, "a b"));
    upload::Validators const file{"\"TAG\"", static_cast<std::int64_t>(size)};
    static_cast<void>(upload::weigh(request->conditions, file));
    static_cast<void>(upload::range_applies(request->conditions, file));
    check(request->ranges.size() <= upload::ranges_max);
    if (auto const span = upload::resolve(request->ranges, size)) check(span->begin < span->end && span->end <= size);
    return 0;
}
