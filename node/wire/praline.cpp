#include "node/wire/praline.hpp"

#include <string_view>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/wire/ggep.hpp"

namespace praline::wire {
namespace {

constexpr std::uint8_t version = 1, keeps_state = 1, is_biased = 2;
constexpr char const* code = "PRLN";
constexpr std::uint16_t check_selector = 1, answer_selector = 2, return_selector = 3;

/// The bytes of the item `id` if it is of our version and at least so long.
std::optional<ByteReader> open_item(Ggep const& items, char const* id, std::size_t bytes) {
    GgepItem const* const item = find(items, id);
    if (item == nullptr || item->data.size() < bytes || item->data.front() != std::byte{version}) return std::nullopt;
    return ByteReader{ByteView{item->data}.subspan(1)};
}

void replace(Ggep& items, char const* id, Bytes data) {
    for (GgepItem& item : items)
        if (item.id == id) {
            item.data = std::move(data);
            return;
        }
    items.push_back(GgepItem{id, std::move(data)});
}

}  // namespace

std::optional<WalkerItem> walker_of(Query const& query) {
    auto reader = open_item(query.ggep, WalkerItem::id, 16);
    if (!reader) return std::nullopt;
    std::uint8_t const flags = *reader->u8();
    WalkerItem item;
    item.check_every = *reader->le16();
    item.number = *reader->le32();
    item.step = *reader->le32();
    item.steps_max = *reader->le32();
    item.keep_state = (flags & keeps_state) != 0;
    item.biased = (flags & is_biased) != 0;
    return item;
}

std::optional<KeyItem> key_of(Query const& query) {
    auto reader = open_item(query.ggep, KeyItem::id, 10);
    if (!reader) return std::nullopt;
    KeyItem item;
    item.htl = *reader->u8();
    std::uint64_t const low = *reader->le32();
    item.key = low | std::uint64_t{*reader->le32()} << 32;
    return item;
}

std::optional<CachedItem> cached_of(QueryHit const& hit) {
    auto reader = open_item(hit.ggep, CachedItem::id, 5);
    if (!reader) return std::nullopt;
    return CachedItem{*reader->le32()};
}

std::uint32_t capacity_of(Pong const& pong) {
    GgepItem const* const item = find(pong.ggep, capacity_id);
    if (item == nullptr) return 0;
    auto const kbits = ByteReader{item->data}.le32();
    return kbits ? *kbits : 0;
}

void put_capacity(Pong& pong, std::uint32_t kbits) {
    ByteWriter out;
    out.le32(kbits);
    replace(pong.ggep, capacity_id, out.take());
}

std::optional<std::uint16_t> links_of(Pong const& pong) {
    GgepItem const* const item = find(pong.ggep, links_id);
    if (item == nullptr) return std::nullopt;
    auto const links = ByteReader{item->data}.le16();
    return links ? std::optional{*links} : std::nullopt;
}

void put_links(Pong& pong, std::uint16_t links) {
    ByteWriter out;
    out.le16(links);
    replace(pong.ggep, links_id, out.take());
}

bool may_carry_steps(ByteView query_payload) noexcept {
    std::string_view const text = as_text(query_payload);
    for (std::size_t at = text.find("PR"); at != std::string_view::npos; at = text.find("PR", at + 1))
        if (at + 2 < text.size() && (text[at + 2] == 'W' || text[at + 2] == 'K')) return true;
    return false;
}

bool remove_steps(Query& query) {
    return std::erase_if(query.ggep,
                         [](GgepItem const& item) { return item.id == WalkerItem::id || item.id == KeyItem::id; }) > 0;
}

void put(Query& query, WalkerItem const& item) {
    ByteWriter out;
    out.u8(version);
    out.u8(static_cast<std::uint8_t>((item.keep_state ? keeps_state : 0) | (item.biased ? is_biased : 0)));
    out.le16(item.check_every);
    out.le32(item.number);
    out.le32(item.step);
    out.le32(item.steps_max);
    replace(query.ggep, WalkerItem::id, out.take());
}

void put(Query& query, KeyItem const& item) {
    ByteWriter out;
    out.u8(version);
    out.u8(item.htl);
    out.le32(static_cast<std::uint32_t>(item.key));
    out.le32(static_cast<std::uint32_t>(item.key >> 32));
    replace(query.ggep, KeyItem::id, out.take());
}

void put(QueryHit& hit, CachedItem const& item) {
    ByteWriter out;
    out.u8(version);
    out.le32(item.age_seconds);
    replace(hit.ggep, CachedItem::id, out.take());
}

Result<std::optional<PralineNote>> decode_note(Vendor const& vendor) {
    using Note = std::optional<PralineNote>;
    if (vendor.code != code || vendor.version != version) return Note{};
    ByteReader reader{vendor.data};
    if (vendor.selector == return_selector) {
        auto const htl = reader.u8();
        if (!htl) return htl.error();
        return Note{KeyReturnNote{*htl}};
    }
    if (vendor.selector != check_selector && vendor.selector != answer_selector) return Note{};
    auto const number = reader.le32();
    if (!number) return number.error();
    auto const step = reader.le32();
    if (!step) return step.error();
    if (vendor.selector == check_selector) return Note{CheckNote{*number, *step}};
    auto const go_on = reader.u8();
    if (!go_on) return go_on.error();
    if (*go_on > 1) return WireError::bad_value;
    return Note{CheckAnswerNote{*number, *step, *go_on == 1}};
}

Vendor to_vendor(PralineNote const& note) {
    ByteWriter out;
    std::uint16_t selector = return_selector;
    if (auto const* const check = std::get_if<CheckNote>(&note)) {
        selector = check_selector;
        out.le32(check->number);
        out.le32(check->step);
    } else if (auto const* const answer = std::get_if<CheckAnswerNote>(&note)) {
        selector = answer_selector;
        out.le32(answer->number);
        out.le32(answer->step);
        out.u8(answer->go_on ? 1 : 0);
    } else {
        out.u8(std::get<KeyReturnNote>(note).htl);
    }
    return Vendor{code, selector, version, out.take()};
}

}  // namespace praline::wire
