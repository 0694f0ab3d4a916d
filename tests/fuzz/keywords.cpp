#include "fuzz/fuzz.hpp"
#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    auto const once = wire::canonic(as_text(in));
    fuzz::require(is_valid_utf8(once));
    for (auto const& word : wire::keywords(as_text(in))) fuzz::require(!word.empty());
    return 0;
}
