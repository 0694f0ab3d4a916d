#include "search/qrp/patch_receiver.hpp"

#include <zlib.h>

#include <array>

#include "search/qrp/limits.hpp"

namespace praline::search::qrp {

/// One zlib stream that runs through all messages of a sequence.
class PatchReceiver::Inflater {
public:
    Inflater() { ready_ = inflateInit(&stream_) == Z_OK; }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(Inflater const&) = delete;
    Inflater& operator=(Inflater const&) = delete;

    /// Hands what comes out to `sink`, piece by piece, and stops at the first fault of either side.
    template <class Sink>
    Fault run(ByteView in, Sink sink) {
        if (!ready_) return WireError::bad_value;
        std::array<std::byte, inflate_buffer_bytes> buffer;
        // zlib's interface is older than const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
        stream_.avail_in = static_cast<uInt>(in.size());
        for (;;) {
            stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
            stream_.avail_out = static_cast<uInt>(buffer.size());
            if (ended_) return stream_.avail_in == 0 ? Fault{} : Fault{WireError::bad_length};
            int const outcome = inflate(&stream_, Z_NO_FLUSH);
            if (outcome == Z_BUF_ERROR) return std::nullopt;  // wants the next message
            if (outcome != Z_OK && outcome != Z_STREAM_END) return WireError::bad_value;
            ended_ = outcome == Z_STREAM_END;
            if (Fault const fault = sink(ByteView{buffer}.first(buffer.size() - stream_.avail_out))) return fault;
        }
    }

private:
    z_stream stream_{};
    bool ready_ = false;
    bool ended_ = false;
};

PatchReceiver::PatchReceiver() = default;
PatchReceiver::~PatchReceiver() = default;
PatchReceiver::PatchReceiver(PatchReceiver&&) noexcept = default;
PatchReceiver& PatchReceiver::operator=(PatchReceiver&&) noexcept = default;

std::size_t PatchReceiver::memory_bytes() const {
    constexpr std::size_t inflater_bytes = 48 * 1024;  // window and state, as zlib documents them
    return (table_ ? table_->memory_bytes() : 0) + (inflater_ ? inflater_bytes : 0);
}

WireError PatchReceiver::fail(WireError error) {
    table_.reset();
    inflater_.reset();
    next_number_ = 1;
    return error;
}

Result<PatchReceiver::Progress> PatchReceiver::apply(wire::Qrp const& message) {
    if (auto const* reset = std::get_if<wire::QrpReset>(&message)) return apply_reset(*reset);
    return apply_patch(std::get<wire::QrpPatch>(message));
}

Result<PatchReceiver::Progress> PatchReceiver::apply_reset(wire::QrpReset const& reset) {
    if (reset.slots > slots_max) return fail(WireError::limit_exceeded);
    if (reset.infinity == 0 || !QueryRoutingTable::valid_slots(reset.slots)) return fail(WireError::bad_value);
    bool const changed = table_ && !table_->empty();
    table_.emplace(reset.slots);
    inflater_.reset();
    next_number_ = 1;
    return Progress{true, changed};
}

Result<PatchReceiver::Progress> PatchReceiver::apply_patch(wire::QrpPatch const& patch) {
    if (Fault const fault = begin_or_go_on(patch)) return fail(*fault);
    if (Fault const fault = take_data(patch)) return fail(*fault);
    if (patch.number < patch.count) {
        ++next_number_;
        return Progress{false, changed_};
    }
    if (next_slot_ < table_->slots()) return fail(WireError::bad_length);
    next_number_ = 1;
    inflater_.reset();
    table_->compact();
    return Progress{true, changed_};
}

PatchReceiver::Fault PatchReceiver::begin_or_go_on(wire::QrpPatch const& patch) {
    if (!table_ || patch.number != next_number_ || patch.number > patch.count) return WireError::bad_value;
    if (next_number_ > 1) {
        bool const same = patch.count == count_ && patch.entry_bits == entry_bits_ && patch.deflated == deflated_;
        return same ? Fault{} : Fault{WireError::bad_value};
    }
    if (patch.entry_bits != 8 && patch.entry_bits != 4 && patch.entry_bits != 2 && patch.entry_bits != 1)
        return WireError::unknown_type;
    count_ = patch.count;
    entry_bits_ = patch.entry_bits;
    deflated_ = patch.deflated;
    next_slot_ = 0;
    changed_ = false;
    inflater_ = deflated_ ? std::make_unique<Inflater>() : nullptr;
    return std::nullopt;
}

PatchReceiver::Fault PatchReceiver::take_data(wire::QrpPatch const& patch) {
    if (!inflater_) return take_entries(patch.data);
    return inflater_->run(patch.data, [this](ByteView entries) { return take_entries(entries); });
}

PatchReceiver::Fault PatchReceiver::take_entries(ByteView entries) {
    std::uint32_t const per_byte = 8U / entry_bits_;
    for (std::byte const byte : entries) {
        if (next_slot_ >= table_->slots()) return WireError::limit_exceeded;
        if (byte == std::byte{0})
            next_slot_ += per_byte;
        else
            take_byte(static_cast<std::uint8_t>(byte));
    }
    return std::nullopt;
}

void PatchReceiver::take_byte(std::uint8_t byte) {
    std::uint32_t const mask = (1U << entry_bits_) - 1;
    std::uint32_t const sign = 1U << (entry_bits_ - 1);
    for (int shift = 8 - entry_bits_; shift >= 0; shift -= entry_bits_, ++next_slot_) {
        // A table smaller than one byte of entries leaves the rest of it unused.
        if (next_slot_ >= table_->slots()) return;
        std::uint32_t const entry = (static_cast<std::uint32_t>(byte) >> shift) & mask;
        if (entry == 0) continue;
        bool const set = entry_bits_ == 1 ? !table_->test(next_slot_) : (entry & sign) != 0;
        bool const differs = set ? table_->set(next_slot_) : table_->clear(next_slot_);
        changed_ = changed_ || differs;
    }
}

}  // namespace praline::search::qrp
