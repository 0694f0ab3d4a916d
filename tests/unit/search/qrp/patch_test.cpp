#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "node/base/text.hpp"
#include "search/qrp/patch_receiver.hpp"
#include "search/qrp/table_builder.hpp"
#include "search/qrp/table_update.hpp"

namespace patch_test {
using namespace praline;
using namespace praline::search::qrp;

namespace {

/// The payload of a route table message, laid out as on the wire.
wire::Qrp message(std::string_view hex) {
    Bytes const bytes = from_hex(hex).value();
    auto const at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes.at(i)); };
    if (at(0) == 0) {
        std::uint32_t slots = 0;
        for (std::size_t i = 4; i >= 1; --i) slots = (slots << 8) | at(i);
        return wire::QrpReset{slots, at(5)};
    }
    return wire::QrpPatch{at(1), at(2), at(3) == 1, at(4), Bytes(bytes.begin() + 5, bytes.end())};
}

std::string slots_text(QueryRoutingTable const& table) {
    std::string text(table.slots(), '0');
    table.for_each_set([&](std::uint32_t slot) { text[slot] = '1'; });
    return text;
}

std::string after(std::vector<std::string> const& messages) {
    PatchReceiver receiver;
    for (auto const& one : messages)
        if (!receiver.apply(message(one)).has_value()) return "error";
    return slots_text(*receiver.table());
}

Bytes deflated(Bytes const& plain) {
    uLongf size = compressBound(static_cast<uLong>(plain.size()));
    Bytes out(size);
    compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<Bytef const*>(plain.data()),
              static_cast<uLong>(plain.size()), 9);
    out.resize(size);
    return out;
}

QueryRoutingTable random_table(Rng& rng, std::uint32_t slots, std::uint64_t one_in) {
    QueryRoutingTable table{slots};
    for (std::uint32_t slot = 0; slot < slots; ++slot)
        if (rng.below(one_in) == 0) table.set(slot);
    if (rng.below(2) == 0) table.compact();
    return table;
}

constexpr char const* reset_8 = "000800000007";

}  // namespace

TEST_CASE("the published sequence of tables comes out slot by slot, in 8 and 4 bits and deflated") {
    CHECK(after({reset_8}) == "00000000");
    for (char const* add_test :
         {"01010100080000fa0000000000", "010101000400a00000", "0101010104789c6358c0c0000001e400a1"})
        for (char const* add_qrp : {"010101000800000000000000fa", "01010100040000000a"}) {
            CHECK(after({reset_8, add_test}) == "00100000");
            CHECK(after({reset_8, add_test, add_qrp}) == "00100001");
            for (char const* remove : {"01010100080000060000000000",
                                       "01010100040060000"
                                       "0"})
                CHECK(after({reset_8, add_test, add_qrp, remove}) == "00000001");
        }
}

TEST_CASE("a deflated patch of 65536 slots sets the four words it is made of") {
    PatchReceiver receiver;
    REQUIRE(receiver.apply(message("000000010002")).has_value());
    auto const progress = receiver.apply(
        message("010101010478daedd9310d000008c0301ce0df251290404808572b61ef2200000000000000000000662501c095944061"
                "00000000000016fc1f000000000000000000000000001e355d5a011e"));
    REQUIRE(progress.has_value());
    CHECK((progress->finished && progress->changed));
    REQUIRE(receiver.table()->count() == 4);
    for (std::uint32_t const slot : {23439U, 20712U, 24147U, 37459U}) CHECK(receiver.table()->test(slot));
    CHECK(receiver.memory_bytes() < 200);
}

TEST_CASE("two-bit entries are signed and one-bit entries flip") {
    CHECK(after({reset_8,
                 "0101010002"
                 "8003"}) == "10000001");
    CHECK(after({reset_8,
                 "0101010002"
                 "8003",
                 "0101010002"
                 "4000"}) == "00000001");
    CHECK(after({reset_8,
                 "0101010001"
                 "81",
                 "0101010001"
                 "80"}) == "00000001");
}

TEST_CASE("messages out of order, without RESET or of a changed kind are refused") {
    for (auto const& bad : std::vector<std::vector<std::string>>{
             {"010101000400000000"},                             // no RESET
             {reset_8, "010201000400000000"},                    // number above count
             {reset_8, "010001000400000000"},                    // number 0
             {reset_8, "010102000400", "010302000400"},          // a number left out
             {reset_8, "010102000400", "010203000400"},          // another count
             {reset_8, "010102000400", "010202000800"},          // other entry bits
             {reset_8, "010102000400", "010202010400"},          // another compressor
             {reset_8, "010101000300000000"},                    // 3 bits
             {reset_8, "010101000400"},                          // ends too early
             {reset_8, "01010100040000000000"},                  // too much
             {reset_8, "0101010104deadbeef"},                    // not zlib
             {reset_8, "0101010104789c6358c0c0000001e400a1ff"},  // something after the stream
             {"000900000007"},
             {"000000000007"},
             {"000800000000"},
             {"000000400007"}})
        CHECK(after(bad) == "error");
}

TEST_CASE("after an error nothing is taken until a RESET") {
    PatchReceiver receiver;
    REQUIRE(receiver.apply(message(reset_8)).has_value());
    REQUIRE(receiver.apply(message("010101000400")).has_error());
    CHECK(receiver.table() == nullptr);
    CHECK(receiver.apply(message("010101000400a00000")).has_error());
    REQUIRE(receiver.apply(message(reset_8)).has_value());
    CHECK(receiver.apply(message("010101000400a00000")).has_value());
}

TEST_CASE("a bomb stops where the table ends") {
    Bytes const bomb = deflated(Bytes(64U << 20, std::byte{0xFF}));
    PatchReceiver receiver;
    REQUIRE(receiver.apply(wire::QrpReset{1U << 16, 7}).has_value());
    auto const outcome = receiver.apply(wire::QrpPatch{1, 1, true, 8, bomb});
    REQUIRE(outcome.has_error());
    CHECK(outcome.error() == WireError::limit_exceeded);
    CHECK(receiver.memory_bytes() == 0);
}

TEST_CASE("the largest table of zeros costs nothing once it is complete") {
    PatchReceiver receiver;
    REQUIRE(receiver.apply(wire::QrpReset{slots_max, 7}).has_value());
    REQUIRE(receiver.apply(wire::QrpPatch{1, 1, true, 4, deflated(Bytes(slots_max / 2))}).has_value());
    CHECK(receiver.memory_bytes() == 0);
}

TEST_CASE("a table that has not changed needs no message, a new neighbour a RESET") {
    Rng rng{1};
    QueryRoutingTable const table = random_table(rng, 1024, 10);
    CHECK(make_update(&table, table).empty());
    CHECK(std::holds_alternative<wire::QrpReset>(make_update(nullptr, table).at(0)));
    QueryRoutingTable const larger = table.scaled(2048);
    CHECK(std::holds_alternative<wire::QrpReset>(make_update(&table, larger).at(0)));
    QueryRoutingTable changed = table;
    if (!changed.set(17)) changed.clear(17);
    CHECK(std::holds_alternative<wire::QrpPatch>(make_update(&table, changed).at(0)));
}

TEST_CASE("the largest random table fits into one sequence of bounded chunks") {
    Rng rng{2};
    QueryRoutingTable const table = random_table(rng, slots_max, 2);
    auto const messages = make_update(nullptr, table);
    REQUIRE(messages.size() > 2);
    REQUIRE(messages.size() <= 1 + patch_messages_max);
    PatchReceiver receiver;
    for (auto const& one : messages) {
        if (auto const* patch = std::get_if<wire::QrpPatch>(&one)) CHECK(patch->data.size() <= patch_chunk_bytes_max);
        REQUIRE(receiver.apply(one).has_value());
    }
    CHECK(*receiver.table() == table);
}

TEST_CASE("whatever tables follow each other, a receiver ends with the sender's") {
    Rng rng{3};
    PatchReceiver receiver;
    std::optional<QueryRoutingTable> sent;
    for (int round = 0; round < 60; ++round) {
        std::uint32_t const slots = 1U << (rng.below(3) == 0 ? rng.below(17) : 14);
        QueryRoutingTable const next = random_table(rng, slots, 1 + rng.below(200));
        for (auto const& one : make_update(sent ? &*sent : nullptr, next)) REQUIRE(receiver.apply(one).has_value());
        sent = next;
        REQUIRE(receiver.table() != nullptr);
        REQUIRE(*receiver.table() == next);
    }
}

TEST_CASE("a deflated patch gives the same table however it is cut into messages") {
    Rng rng{4};
    QueryRoutingTable const table = random_table(rng, 4096, 20);
    auto const whole = std::get<wire::QrpPatch>(make_update(nullptr, table).at(1));
    REQUIRE(whole.deflated);
    for (std::uint8_t count = 1; count < 40; ++count) {
        PatchReceiver receiver;
        REQUIRE(receiver.apply(wire::QrpReset{4096, 7}).has_value());
        for (std::uint8_t number = 1; number <= count; ++number) {
            std::size_t const from = whole.data.size() * (number - 1U) / count, to = whole.data.size() * number / count;
            Bytes part(whole.data.begin() + static_cast<std::ptrdiff_t>(from),
                       whole.data.begin() + static_cast<std::ptrdiff_t>(to));
            auto const progress = receiver.apply(wire::QrpPatch{number, count, true, 4, std::move(part)});
            REQUIRE(progress.has_value());
            CHECK(progress->finished == (number == count));
        }
        CHECK(*receiver.table() == table);
    }
}

TEST_CASE("every truncation of a patch is an error") {
    Rng rng{5};
    for (bool const dense : {true, false}) {
        auto patch = std::get<wire::QrpPatch>(make_update(nullptr, random_table(rng, 512, dense ? 1 : 9)).at(1));
        while (patch.data.size() > 8) {
            patch.data.resize(patch.data.size() - 8);
            PatchReceiver receiver;
            REQUIRE(receiver.apply(wire::QrpReset{512, 7}).has_value());
            CHECK(receiver.apply(patch).has_error());
        }
    }
}

TEST_CASE("garbage never does more than end in an error") {
    Rng rng{6};
    PatchReceiver receiver;
    int taken = 0;
    for (int round = 0; round < 20000; ++round) {
        wire::Qrp one = wire::QrpReset{1U << rng.below(10), static_cast<std::uint8_t>(rng.below(8))};
        if (rng.below(3) != 0) {
            Bytes data(rng.below(40));
            for (auto& byte : data) byte = static_cast<std::byte>(rng.next());
            if (rng.below(4) == 0) data = deflated(data);
            one =
                wire::QrpPatch{static_cast<std::uint8_t>(1 + rng.below(2)), static_cast<std::uint8_t>(1 + rng.below(2)),
                               rng.below(2) == 0, static_cast<std::uint8_t>(1U << rng.below(4)), data};
        }
        taken += receiver.apply(one).has_value() ? 1 : 0;
        if (receiver.table() != nullptr) REQUIRE(receiver.table()->count() <= receiver.table()->slots());
    }
    CHECK(taken > 1000);
}

}  // namespace patch_test
