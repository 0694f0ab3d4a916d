#include "transfer/content/alt_locations.hpp"

#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/location_list.hpp"

/// Any bytes as a list of alternate locations: hosts alone, a few of them, the same when written and read again; and a
/// table that is told of them keeps and passes on nothing that its namer may not speak of.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    using namespace praline::content;
    using fuzz::require;
    std::vector<NamedLocation> read;
    read_locations(as_text(fuzz::view(data, size)), read);
    require(read.size() <= locations_per_head_max);
    std::vector<Endpoint> endpoints;
    AltLocations table;
    Sha1 const file;
    auto const namer = Address::v4(0x05050505);
    for (auto const& one : read) {
        require(!one.endpoint.is_unusable());
        endpoints.push_back(one.endpoint);
        if (table.named(file, one.endpoint, namer, Instant{})) require(!one.endpoint.is_private());
    }
    require(table.size() <= read.size());
    for (auto const& one : table.confirmed(file, {Address::v4(0x06060606), {}, true}, 10, Instant{}))
        require(one.address == namer);
    std::vector<NamedLocation> again;
    read_locations(location_list(endpoints), again);
    std::size_t index = 0;
    for (auto const& one : again) {
        while (index < endpoints.size() && endpoints[index] != one.endpoint) ++index;
        require(index < endpoints.size());
    }
    return 0;
}
