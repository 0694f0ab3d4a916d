#include "index/catalogue/publisher_table.hpp"

#include <algorithm>
#include <span>

namespace praline::index::catalogue {
namespace {

constexpr char const* record_columns =
    "publisher.era, publisher.version, publisher.digest_low, publisher.digest_high, publisher.entries, "
    "publisher.claim_number, publisher.claim_owner, publisher.number, publisher.slot";

std::string select_all() {
    return std::string{"SELECT "} + publisher_columns + ", " + record_columns + " FROM publisher";
}

std::int64_t stored(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t number_at(store::Statement const& row, int column) {
    return static_cast<std::uint64_t>(row.integer(column));
}

template <class Id>
void read(store::Statement const& row, int column, Id& id) {
    auto const blob = row.blob(column);
    auto const count = std::min(blob.size(), id.bytes.size());
    std::transform(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(count), id.bytes.begin(),
                   [](std::byte byte) { return static_cast<std::uint8_t>(byte); });
}

/// IPv4 as a number, as all versions have stored it; IPv6 as its 16 bytes.
Address address_at(store::Statement const& row, int column) {
    auto const blob = row.blob(column);
    if (blob.size() != Address::v6_bytes) return Address::v4(static_cast<std::uint32_t>(row.integer(column)));
    Address::V6Bytes bytes{};
    std::transform(blob.begin(), blob.end(), bytes.begin(),
                   [](std::byte byte) { return static_cast<std::uint8_t>(byte); });
    return Address::v6(bytes);
}

void bind_address(store::Statement& statement, int column, Address const& address) {
    if (auto const number = address.v4_number())
        statement.bind(column, std::int64_t{*number});
    else
        statement.bind(column, std::as_bytes(std::span{address.bytes()}));
}

PublisherRow row_at(store::Statement const& row) {
    constexpr int first = publisher_columns_count;
    PublisherRow result;
    result.record.publisher = publisher_at(row, 0);
    result.record.version = {static_cast<std::uint32_t>(row.integer(first)), number_at(row, first + 1)};
    result.record.digest = {number_at(row, first + 2), number_at(row, first + 3)};
    result.record.entries = static_cast<std::uint32_t>(row.integer(first + 4));
    result.record.claim = {number_at(row, first + 5), ServerId{number_at(row, first + 6)}};
    result.number = row.integer(first + 7);
    if (!row.is_null(first + 8)) result.slot = SlotId{row.integer(first + 8)};
    return result;
}

void bind(store::Statement& statement, PublisherRow const& row) {
    auto const& publisher = row.record.publisher;
    statement.bind(1, std::as_bytes(std::span{publisher.id.bytes}))
        .bind(3, std::int64_t{publisher.transfer.port})
        .bind(4, std::as_bytes(std::span{publisher.servent.bytes}))
        .bind(5, std::int64_t{publisher.push_needed})
        .bind(6, as_view(publisher.agent))
        .bind(7, std::int64_t{row.record.version.era})
        .bind(8, stored(row.record.version.number))
        .bind(9, stored(row.record.digest.low))
        .bind(10, stored(row.record.digest.high))
        .bind(11, std::int64_t{row.record.entries})
        .bind(12, stored(row.record.claim.number))
        .bind(13, stored(row.record.claim.owner.value()));
    bind_address(statement, 2, publisher.transfer.address);
    if (row.slot)
        statement.bind(14, row.slot->value());
    else
        statement.bind_null(14);
}

std::int64_t after_the_last(store::Database& database, std::string_view sql) {
    auto statement = database.prepare(sql);
    return statement.step() ? statement.integer(0) + 1 : 1;
}

}  // namespace

Publisher publisher_at(store::Statement const& row, int column) {
    Publisher publisher;
    read(row, column, publisher.id);
    publisher.transfer = {address_at(row, column + 1), static_cast<std::uint16_t>(row.integer(column + 2))};
    read(row, column + 3, publisher.servent);
    publisher.push_needed = row.integer(column + 4) != 0;
    publisher.agent = row.text(column + 5);
    return publisher;
}

PublisherTable::PublisherTable(store::Database& database)
    : database_{database},
      select_{database.prepare(select_all() + " WHERE id = ?")},
      insert_{database.prepare(
          "INSERT INTO publisher (id, address, port, servent, push, agent, era, version, digest_low, digest_high, "
          "entries, claim_number, claim_owner, slot) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14) RETURNING "
          "number")},
      update_{database.prepare(
          "UPDATE publisher SET address=?2, port=?3, servent=?4, push=?5, agent=?6, era=?7, version=?8, digest_low=?9, "
          "digest_high=?10, entries=?11, claim_number=?12, claim_owner=?13, slot=?14 WHERE id=?1")},
      delete_{database.prepare("DELETE FROM publisher WHERE number = ?")} {}

std::optional<PublisherRow> PublisherTable::find(PublisherId const& id) {
    select_.bind(1, std::as_bytes(std::span{id.bytes}));
    std::optional<PublisherRow> row;
    if (select_.step()) row = row_at(select_);
    select_.reset();
    return row;
}

std::vector<Record> PublisherTable::records() {
    std::vector<Record> records;
    auto rows = database_.prepare(select_all() + " ORDER BY id");
    while (rows.step()) records.push_back(row_at(rows).record);
    return records;
}

void PublisherTable::save(PublisherRow& row) {
    if (row.number != 0) {
        bind(update_, row);
        update_.run();
        return;
    }
    bind(insert_, row);
    if (insert_.step()) row.number = insert_.integer(0);
    insert_.run();
}

void PublisherTable::remove(PublisherRow const& row) { delete_.bind(1, row.number).run(); }

SlotTable::SlotTable(store::Database& database)
    : database_{database},
      insert_{database.prepare("INSERT INTO slot VALUES (?, ?, ?)")},
      update_{database.prepare("UPDATE slot SET publisher = ?2, state = ?3 WHERE slot = ?1")},
      dead_{database.prepare("SELECT slot FROM slot WHERE state = 2 ORDER BY slot LIMIT 1")},
      delete_{database.prepare("DELETE FROM slot WHERE slot = ?")},
      next_{after_the_last(database, "SELECT max(slot) FROM slot")} {}

SlotId SlotTable::create(std::int64_t publisher, SlotState state) {
    SlotId const slot{next_++};
    insert_.bind(1, slot.value()).bind(2, publisher).bind(3, static_cast<std::int64_t>(state)).run();
    return slot;
}

void SlotTable::set(SlotId slot, std::int64_t publisher, SlotState state) {
    update_.bind(1, slot.value()).bind(2, publisher).bind(3, static_cast<std::int64_t>(state)).run();
}

std::optional<SlotId> SlotTable::first_dead() {
    std::optional<SlotId> slot;
    if (dead_.step()) slot = SlotId{dead_.integer(0)};
    dead_.reset();
    return slot;
}

void SlotTable::remove(SlotId slot) { delete_.bind(1, slot.value()).run(); }

void SlotTable::mark_unfinished_dead() { database_.run("UPDATE slot SET state = 2 WHERE state = 1"); }

}  // namespace praline::index::catalogue
