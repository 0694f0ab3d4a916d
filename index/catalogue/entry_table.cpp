#include "index/catalogue/entry_table.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "index/catalogue/rows.hpp"
#include "index/catalogue/schema.hpp"

namespace praline::index::catalogue {
namespace {

constexpr std::array before_all{std::byte{0}};  // sorts before every SHA-1, as a prefix of the first of them

ByteView bytes_of(Sha1 const& sha1) { return std::as_bytes(std::span{sha1.bytes}); }

}  // namespace

EntryTable::EntryTable(store::Database& database)
    : database_{database},
      select_{database.prepare("SELECT file, variant, own FROM entry WHERE slot = ? AND sha1 = ?")},
      replace_{database.prepare("REPLACE INTO entry VALUES (?, ?, ?, ?, ?)")},
      delete_{database.prepare("DELETE FROM entry WHERE slot = ? AND sha1 = ?")},
      page_{database.prepare(
          "SELECT file, variant, own, sha1 FROM entry WHERE slot = ? AND sha1 > ? ORDER BY sha1 LIMIT ?")},
      delete_through_{database.prepare("DELETE FROM entry WHERE slot = ? AND sha1 <= ?")} {}

Place EntryTable::place_at(store::Statement const& row, int column) const {
    Place place{FileId{row.integer(column)}, {}, {}};
    auto const variant = row.integer(column + 1);
    if (variant >= 0)
        place.variant = static_cast<std::size_t>(variant);
    else if (auto own = decode_variant(row.blob(column + 2)))
        place.own = std::move(*own);
    if (place.variant.value_or(0) >= variants_max || (!place.variant && !place.own)) fail_as_damaged(database_.file());
    return place;
}

std::optional<Place> EntryTable::find(SlotId slot, Sha1 const& sha1) {
    Rows const rows{select_};
    select_.bind(1, slot.value()).bind_borrowed(2, bytes_of(sha1));
    if (!select_.step()) return std::nullopt;
    return place_at(select_, 0);
}

void EntryTable::put(SlotId slot, Sha1 const& sha1, Place const& place) {
    replace_.bind(1, slot.value()).bind_borrowed(2, bytes_of(sha1)).bind(3, place.file.value());
    replace_.bind(4, place.variant ? static_cast<std::int64_t>(*place.variant) : -1);
    if (place.own)
        replace_.bind(5, ByteView{encode(*place.own)});
    else
        replace_.bind_null(5);
    replace_.run();
}

void EntryTable::remove(SlotId slot, Sha1 const& sha1) { delete_.bind(1, slot.value()).bind(2, bytes_of(sha1)).run(); }

std::vector<EntryRow> EntryTable::rows_after(SlotId slot, std::optional<Sha1> const& after, std::size_t rows_max) {
    Rows const whole{page_};
    page_.bind(1, slot.value())
        .bind(2, after ? bytes_of(*after) : ByteView{before_all})
        .bind(3, static_cast<std::int64_t>(rows_max));
    std::vector<EntryRow> rows;
    while (page_.step()) {
        EntryRow row{{}, place_at(page_, 0)};
        auto const sha1 = page_.blob(3);
        if (sha1.size() != row.sha1.bytes.size()) fail_as_damaged(database_.file());
        std::transform(sha1.begin(), sha1.end(), row.sha1.bytes.begin(),
                       [](std::byte byte) { return static_cast<std::uint8_t>(byte); });
        rows.push_back(std::move(row));
    }
    return rows;
}

void EntryTable::remove_through(SlotId slot, Sha1 const& last) {
    delete_through_.bind(1, slot.value()).bind(2, bytes_of(last)).run();
}

}  // namespace praline::index::catalogue
