#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace praline {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<std::byte const>;
/// One payload shared by every link it is sent on.
using SharedBytes = std::shared_ptr<Bytes const>;

[[nodiscard]] inline ByteView as_view(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace praline
