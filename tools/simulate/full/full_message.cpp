#include "tools/simulate/full/full_message.hpp"

namespace praline::simulate::full {
namespace {

std::optional<wire::WalkerItem> walker_in(ByteView payload) {
    if (!wire::may_carry_steps(payload)) return std::nullopt;
    auto const query = wire::decode_query(payload);
    return query ? wire::walker_of(*query) : std::nullopt;
}

FullEnvelope envelope_of_value(overlay::Message const& value, bool walks) {
    FullEnvelope envelope{value.guid, value.function(), value.ttl, wire::header_bytes, {}};
    if (auto const* const note = std::get_if<wire::PralineNote>(&value.value))
        envelope.bytes += wire::encode(wire::to_vendor(*note)).size();
    else
        envelope.bytes += value.payload().size();
    if (walks && envelope.is_query())
        envelope.walker = wire::walker_of(std::get<overlay::QueryPtr>(value.value)->query);
    return envelope;
}

}  // namespace

FullEnvelope envelope_of(FullMessage const& message, bool walks) {
    if (message.bytes.empty()) return envelope_of_value(message.value, walks);
    ByteView const bytes = message.bytes;
    FullEnvelope envelope{message.guid(),
                          static_cast<wire::Function>(bytes[Guid::size_bytes]),
                          Ttl{std::to_integer<std::uint8_t>(bytes[Guid::size_bytes + 1])},
                          bytes.size(),
                          {}};
    if (walks && envelope.is_query()) envelope.walker = walker_in(bytes.subspan(wire::header_bytes));
    return envelope;
}

}  // namespace praline::simulate::full
