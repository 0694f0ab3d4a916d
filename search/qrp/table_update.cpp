#include "search/qrp/table_update.hpp"

#include <zlib.h>

#include <algorithm>

#include "search/qrp/limits.hpp"

namespace praline::search::qrp {
namespace {

// Signed nibbles: 1 - infinity and infinity - 1.
constexpr std::uint8_t present = (1 - infinity_sent) & 0x0F;
constexpr std::uint8_t absent = (infinity_sent - 1) & 0x0F;

void put_entry(Bytes& entries, std::uint32_t slot, std::uint8_t nibble) {
    entries[slot / 2] |= static_cast<std::byte>(slot % 2 == 0 ? nibble << 4 : nibble);
}

Bytes entries_of(QueryRoutingTable const* before, QueryRoutingTable const& now) {
    Bytes entries((now.slots() + 1) / 2);
    now.for_each_set([&](std::uint32_t slot) {
        if (before == nullptr || !before->test(slot)) put_entry(entries, slot, present);
    });
    if (before != nullptr)
        before->for_each_set([&](std::uint32_t slot) {
            if (!now.test(slot)) put_entry(entries, slot, absent);
        });
    return entries;
}

/// Empty: did not get shorter.
Bytes deflated(Bytes const& plain) {
    uLongf size = compressBound(static_cast<uLong>(plain.size()));
    Bytes out(size);
    int const outcome =
        compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<Bytef const*>(plain.data()),
                  static_cast<uLong>(plain.size()), Z_DEFAULT_COMPRESSION);
    if (outcome != Z_OK || size >= plain.size()) return {};
    out.resize(size);
    return out;
}

}  // namespace

std::vector<wire::Qrp> make_update(QueryRoutingTable const* before, QueryRoutingTable const& now) {
    std::vector<wire::Qrp> messages;
    if (before != nullptr && before->slots() != now.slots()) before = nullptr;
    if (before != nullptr && *before == now) return messages;
    if (before == nullptr) messages.emplace_back(wire::QrpReset{now.slots(), infinity_sent});

    Bytes const plain = entries_of(before, now);
    Bytes const shorter = deflated(plain);
    Bytes const& data = shorter.empty() ? plain : shorter;
    std::size_t const fewest = (data.size() + patch_messages_max - 1) / patch_messages_max;
    std::size_t const chunk = std::max(patch_chunk_bytes_max, fewest);
    auto const count = static_cast<std::uint8_t>((data.size() + chunk - 1) / chunk);
    for (std::uint8_t number = 1; number <= count; ++number) {
        std::size_t const from = (number - std::size_t{1}) * chunk;
        std::size_t const to = std::min(from + chunk, data.size());
        auto const begin = data.begin() + static_cast<std::ptrdiff_t>(from);
        auto const end = data.begin() + static_cast<std::ptrdiff_t>(to);
        messages.emplace_back(wire::QrpPatch{number, count, !shorter.empty(), 4, Bytes(begin, end)});
        if (number == count) break;  // count may be 255, and so may `number` never pass it
    }
    return messages;
}

}  // namespace praline::search::qrp
