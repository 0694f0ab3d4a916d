#include "fuzz/fuzz.hpp"
#include "node/wire/codec.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    // Messages in a row, as they come over a link.
    auto rest = in;
    while (auto const message = wire::first_message(rest)) {
        auto const bytes = wire::header_bytes + message->payload.size();
        fuzz::require(bytes <= rest.size());
        auto const again = wire::frame(message->header, message->payload);
        fuzz::require(as_text(again) == as_text(rest.first(bytes)));
        rest = rest.subspan(bytes);
    }
    return 0;
}
