#include <algorithm>
#include <type_traits>

#include "fuzz/fuzz.hpp"
#include "index/wire/codec.hpp"

/// A stream of frames as an index server or a node gets them: what is read is written again as the very same bytes.
namespace {

using namespace praline;

template <class Message>
bool is_foreign(Message const& message) {
    return std::visit(
        [](auto const& fixed) {
            if constexpr (std::is_same_v<std::decay_t<decltype(fixed)>, index::Hello>)
                return fixed.protocol != index::server_protocol_version;
            else if constexpr (requires { fixed.protocol; })
                return fixed.protocol != index::protocol_version;
            else
                return false;
        },
        message);
}

void require_same(ByteView frame, Bytes const& again) {
    auto const written = ByteView{again}.subspan(4);
    fuzz::require(std::equal(written.begin(), written.end(), frame.begin(), frame.end()));
}

void decode_all(ByteView frame) {
    int readings = 0;
    if (auto const message = index::decode_from_node(frame)) {
        ++readings;
        if (!is_foreign(*message)) require_same(frame, index::encode(*message));
    }
    if (auto const message = index::decode_to_node(frame)) {
        ++readings;
        if (!is_foreign(*message)) require_same(frame, index::encode(*message));
    }
    if (auto const addressed = index::decode_between_servers(frame)) {
        ++readings;
        if (!is_foreign(addressed->message))
            require_same(frame, index::encode(addressed->envelope, addressed->message));
    }
    fuzz::require(readings <= 1);
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto in = fuzz::view(data, size);
    while (true) {
        auto const bytes = index::frame_bytes(in);
        if (!bytes || !*bytes) return 0;
        fuzz::require(**bytes >= 5 && **bytes <= index::frame_bytes_max + 4);
        if (**bytes > in.size()) break;
        decode_all(in.subspan(4, **bytes - 4));
        in = in.subspan(**bytes);
    }
    // Changed bytes seldom keep the length of their frame: what is left is tried as a frame that has just this length.
    decode_all(in.subspan(4));
    return 0;
}
