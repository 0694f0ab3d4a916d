#include "fuzz/fuzz.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"

/// What Praline adds to Gnutella, as a stranger may write it: the first byte chooses the message, the rest is its payload.
namespace {

using namespace praline;

void as_query(ByteView in) {
    auto query = wire::decode_query(in);
    if (!query) return;
    // The cheap look may be wrong only by saying yes.
    if (wire::carries_steps(*query)) fuzz::require(wire::may_carry_steps(in));
    if (auto const walker = wire::walker_of(*query)) {
        wire::put(*query, *walker);
        fuzz::require(wire::walker_of(wire::decode_query(wire::encode(*query)).value()) == walker);
    }
    if (auto const key = wire::key_of(*query)) {
        wire::put(*query, *key);
        fuzz::require(wire::key_of(wire::decode_query(wire::encode(*query)).value()) == key);
    }
    wire::remove_steps(*query);
    fuzz::require(!wire::carries_steps(*query));
    fuzz::require(!wire::carries_steps(wire::decode_query(wire::encode(*query)).value()));
}

void as_note(ByteView in) {
    auto const vendor = wire::decode_vendor(in);
    if (!vendor) return;
    auto const note = wire::decode_note(*vendor);
    if (!note || !*note) return;
    fuzz::require(wire::decode_note(wire::to_vendor(**note)).value() == *note);
}

void as_hit(ByteView in) {
    auto hit = wire::decode_query_hit(in);
    if (!hit) return;
    auto const cached = wire::cached_of(*hit);
    if (!cached) return;
    wire::put(*hit, *cached);
    fuzz::require(wire::cached_of(*hit) == cached);
}

void as_pong(ByteView in) {
    auto pong = wire::decode_pong(in);
    if (!pong) return;
    auto const kbits = wire::capacity_of(*pong);
    wire::put_capacity(*pong, kbits);
    fuzz::require(wire::capacity_of(wire::decode_pong(wire::encode(*pong)).value()) == kbits);
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    auto const in = fuzz::view(data + 1, size - 1);
    switch (data[0] % 4) {
        case 0: as_query(in); break;
        case 1: as_note(in); break;
        case 2: as_hit(in); break;
        default: as_pong(in); break;
    }
    return 0;
}
