#include "transfer/content/dime.hpp"

#include "fuzz/fuzz.hpp"
#include "transfer/content/limits.hpp"

/// Any bytes as a DIME message: records within their bounds, the same when written and read again, whatever follows the
/// last of them.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    auto const records = content::dime_decode(in);
    if (!records) return 0;
    fuzz::require(!records->empty() && records->size() <= content::dime_records_max);
    std::size_t held = 0;
    for (auto const& record : *records) held += record.id.size() + record.type.size() + record.data.size();
    fuzz::require(held <= size);
    auto const again = content::dime_decode(content::dime_encode(*records));
    fuzz::require(again && *again == *records);
    Bytes followed(in.begin(), in.end());
    followed.resize(size + 4);
    auto const same = content::dime_decode(followed);
    fuzz::require(same && *same == *records);
    return 0;
}
