#include "fuzz/fuzz.hpp"
#include "node/wire/handshake.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    // The whole at once and byte by byte: the same answer.
    wire::HeaderBlockParser whole, single;
    auto const taken = whole.feed(in);
    auto error = std::optional<WireError>{};
    for (std::size_t i = 0; i < in.size() && !single.done() && !error; ++i)
        if (auto const one = single.feed(in.subspan(i, 1)); !one) error = one.error();
    fuzz::require(taken.has_error() == error.has_value() && (!error || taken.error() == *error));
    fuzz::require(whole.consumed() == single.consumed() && whole.done() == single.done());
    if (!whole.done()) return 0;
    auto const& block = whole.block();
    fuzz::require(block == single.block());
    static_cast<void>(wire::parse_status_line(block.start_line));
    static_cast<void>(wire::parse_request_line(block.start_line));
    static_cast<void>(wire::parse_connect_line(block.start_line));
    for (auto const& header : block.headers) {
        static_cast<void>(wire::parse_hosts(header.value));
        static_cast<void>(wire::parse_version(header.value));
        static_cast<void>(wire::list_contains(header.value, "deflate"));
    }
    if (block.headers.size() > wire::header_lines_sent_max) return 0;
    wire::HeaderBlockParser again;
    auto const text = block.text();
    if (again.feed(as_view(text)) && again.done()) fuzz::require(again.block().headers == block.headers);
    return 0;
}
