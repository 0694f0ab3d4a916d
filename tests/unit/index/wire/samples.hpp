#pragma once

#include <vector>

#include "index/wire/codec.hpp"

/// At least one of every message, with every field off its default somewhere.
namespace praline::index::samples {

inline PublisherId publisher_id(std::uint8_t first) {
    PublisherId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(first + i);
    return id;
}

inline Sha1 sha1(std::uint8_t first) {
    Sha1 value;
    for (std::size_t i = 0; i < value.bytes.size(); ++i) value.bytes[i] = static_cast<std::uint8_t>(first + i);
    return value;
}

inline TigerHash tiger(std::uint8_t first) {
    TigerHash value;
    for (std::size_t i = 0; i < value.bytes.size(); ++i) value.bytes[i] = static_cast<std::uint8_t>(first + i);
    return value;
}

inline Guid servent() {
    Guid value;
    for (std::size_t i = 0; i < value.bytes.size(); ++i) value.bytes[i] = static_cast<std::uint8_t>(0x50 + i);
    return value;
}

inline Entry plain_entry() { return {sha1(1), std::nullopt, 5, "été.ogg"}; }
inline Entry full_entry() { return {sha1(2), tiger(9), size_bytes_max, std::string(name_bytes_max, 'n')}; }
inline Publisher publisher() { return {publisher_id(3), {0x7F000001, 6346}, servent(), true, "Praline/0.1"}; }
inline Change change() {
    return {{1, 2}, {3, 0x0405060708090A0B}, true, {sha1(7), sha1(8)}, {plain_entry(), full_entry()}};
}
inline Claim claim() { return {11, ServerId{12}}; }
inline Record record() { return {publisher(), {1, 9}, {~0ULL, 0x123456789ABCDEF0}, 77, claim()}; }
inline Member member(std::uint64_t id) { return {ServerId{id}, 13, {0xC0000201, 6347}, 255}; }
inline GroupTimes group_times() { return {500'000, 4, 60'000'000}; }
inline Query query() { return {"blue été", Urn{sha1(4), std::nullopt}, 200, 10, 1ULL << 40, "audio"}; }
inline Answer answer() {
    return {{Row{full_entry(), 1000, std::vector<Publisher>(row_sources_max, publisher())}, Row{plain_entry(), 0, {}}},
            true,
            true};
}

inline std::vector<FromNode> from_node() {
    return {
        SignIn{protocol_version, "Praline/0.1", 6346, true, servent(), {2, 3}},
        Publish{change()},
        Publish{},
        Search{9, query()},
        Search{10, Query{"words", Urn{std::nullopt, tiger(5)}, 0, 0, UINT64_MAX, ""}},
        Search{},
        Ping{0xFEDCBA9876543210},
        SignOut{},
    };
}

inline std::vector<ToNode> to_node() {
    return {
        Welcome{protocol_version, ServerId{1}, {1, 2}, {3, 4}, 60'000, 1'000'000, {member(1), member(2)}},
        Published{{1, 2}, {3, 4}, 2, 3},
        Behind{{1, 2}, {3, 4}},
        Found{7, answer()},
        Found{},
        Pong{8, 9, {member(3)}},
        Leaving{{member(4)}},
        Refused{RefusalReason::search_failed, "It went wrong.", 5},
        Refused{RefusalReason::protocol_too_old, "", 0},
    };
}

inline Envelope envelope() { return {ServerId{21}, ServerId{22}, 23, true}; }
inline DigestNode digest_node() { return {8, 0xABCDEF01, 3, 4, 5}; }

inline std::vector<ServerMessage> between_servers() {
    return {
        Hello{server_protocol_version, member(1), true, group_times()},
        Members{{member(1), member(2), member(3)}},
        Leave{},
        Heartbeat{1, 2, 3},
        Probe{4},
        ProbeAnswer{5},
        Acquire{publisher_id(1), claim()},
        Grant{publisher_id(1), claim(), record()},
        Grant{publisher_id(1), claim(), {}},
        Deny{publisher_id(2), claim(), {12, ServerId{13}}},
        Write{6, publisher(), claim(), change()},
        WriteAck{6, WriteOutcome::applied, {1, 2}, claim()},
        WriteAck{7, WriteOutcome::denied, {1, 2}, claim()},
        Digests{8, {digest_node(), {}}},
        Records{9, digest_node(), true, {{record(), 1000}, {}}, {publisher_id(5), publisher_id(6)}},
        CopyAsk{publisher_id(4), {1, 2}, false, sha1(9)},
        CopyPart{{record(), 5}, false, sha1(3), {plain_entry(), full_entry()}, true, false},
        CopyPart{{}, true, {}, {}, false, true},
        AskFor{10, query()},
        AnswerFor{11, answer()},
        RecordsAsk{12, {publisher_id(7), publisher_id(8)}},
    };
}

}  // namespace praline::index::samples
