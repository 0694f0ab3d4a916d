#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "node/base/byte_reader.hpp"
#include "node/base/check.hpp"
#include "search/qrp/patch_receiver.hpp"
#include "search/qrp/table_update.hpp"

using namespace praline;
using namespace praline::search::qrp;

namespace {

/// One message: a RESET of 2^(0…23) slots, or a PATCH with its header bytes as they come.
Result<wire::Qrp> next_message(ByteReader& in) {
    auto const kind = in.u8();
    if (!kind) return kind.error();
    if ((*kind & 1) == 0)
        return wire::Qrp{wire::QrpReset{1U << ((*kind >> 1) % 24), static_cast<std::uint8_t>(*kind >> 6)}};
    auto const number = in.u8(), count = in.u8(), bits = in.u8(), length = in.u8();
    if (!length) return length.error();
    auto const data = in.take(std::min<std::size_t>(*length, in.remaining()));
    if (!data) return data.error();
    return wire::Qrp{wire::QrpPatch{*number, *count, (*kind & 2) != 0, *bits, Bytes(data->begin(), data->end())}};
}

}  // namespace

/// Any sequence of table messages gives a table within its bounds or an error, and a table survives the way to another
/// receiver.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    ByteReader in{ByteView{reinterpret_cast<std::byte const*>(data), size}};
    PatchReceiver receiver;
    while (auto const message = next_message(in)) {
        if (receiver.apply(*message).has_error()) {
            check(receiver.table() == nullptr);
            continue;
        }
        check(receiver.memory_bytes() <= slots_max / 8 + (64U << 10));
    }
    if (receiver.table() == nullptr || receiver.table()->slots() > 1U << 16) return 0;
    PatchReceiver other;
    for (auto const& message : make_update(nullptr, *receiver.table())) check(other.apply(message).has_value());
    check(*other.table() == *receiver.table());
    return 0;
}
