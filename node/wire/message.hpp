#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/urn.hpp"

/// The messages of Gnutella 0.6 as values. Codecs: header.hpp, and one decode_/encode_ pair for each in codec.hpp.
namespace praline::wire {

enum class Function : std::uint8_t {
    ping = 0x00,
    pong = 0x01,
    bye = 0x02,
    qrp = 0x30,
    vendor = 0x31,
    standard_vendor = 0x32,
    push = 0x40,
    query = 0x80,
    query_hit = 0x81,
};

/// The 23 bytes before every payload.
struct Header {
    Guid guid;
    std::uint8_t function = 0;  ///< any value: unknown ones are dropped by whoever routes
    Ttl ttl{1};
    Hops hops{0};
    std::uint32_t payload_bytes = 0;
    friend bool operator==(Header const&, Header const&) = default;
};

/// One GGEP extension, decoded (COBS and deflate undone).
struct GgepItem {
    std::string id;
    Bytes data;
    friend bool operator==(GgepItem const&, GgepItem const&) = default;
};
using Ggep = std::vector<GgepItem>;

struct Ping {
    Ggep ggep;
    friend bool operator==(Ping const&, Ping const&) = default;
};

struct Pong {
    Endpoint endpoint;
    std::uint32_t files = 0;
    std::uint32_t kilobytes = 0;  ///< a power of two of at least 8 marks an ultrapeer
    Ggep ggep;
    friend bool operator==(Pong const&, Pong const&) = default;
};

struct Bye {
    std::uint16_t code = 200;
    std::string reason;
    friend bool operator==(Bye const&, Bye const&) = default;
};

struct Push {
    Guid servent;
    std::uint32_t file_index = 0;
    Endpoint call_back;
    Ggep ggep;
    friend bool operator==(Push const&, Push const&) = default;
};

/// Flag bits of a query's first two bytes (big-endian).
struct QueryFlags {
    static constexpr std::uint16_t marked = 0x8000, firewalled = 0x4000, xml = 0x2000, guided = 0x1000, ggep_h = 0x0800,
                                   out_of_band = 0x0400, fw2fw = 0x0200, sr_udp = 0x0100, hits_mask = 0x00FF;
};

struct Query {
    std::uint16_t flags = QueryFlags::marked | QueryFlags::ggep_h;
    std::string text;       ///< UTF-8; "\" when only URNs are asked for
    std::vector<Urn> urns;  ///< HUGE, GGEP u or GGEP H
    Ggep ggep;              ///< everything else
    friend bool operator==(Query const&, Query const&) = default;
};

struct HitRecord {
    std::uint32_t index = 0;
    std::uint64_t size_bytes = 0;
    std::string name;
    Urn urn;                           ///< from HUGE text, GGEP H, u or TT
    std::vector<Endpoint> alternates;  ///< GGEP ALT
    Ggep ggep;                         ///< everything else
    friend bool operator==(HitRecord const&, HitRecord const&) = default;
};

/// What files say of themselves beyond their names, as XML for all records of a hit; its sender may have found them by
/// that. Read only: it is neither sent on nor part of what two hits are compared by.
struct HitMetadata {
    std::string text;  ///< at most metadata_bytes_max
    friend bool operator==(HitMetadata const&, HitMetadata const&) { return true; }
};

struct QueryHit {
    Endpoint endpoint;
    std::uint32_t speed_kbits = 0;
    std::vector<HitRecord> records;  ///< 1 to 255
    std::string vendor;              ///< 4 characters, or empty
    bool push_needed = false;
    bool busy = false;
    bool has_uploaded = false;
    bool browsable = false;              ///< GGEP BH
    std::vector<Endpoint> push_proxies;  ///< GGEP PUSH
    Ggep ggep;                           ///< everything else of the trailer
    HitMetadata metadata{};
    Guid servent;
    friend bool operator==(QueryHit const&, QueryHit const&) = default;
};

struct QrpReset {
    std::uint32_t slots = 0;
    std::uint8_t infinity = 7;
    friend bool operator==(QrpReset const&, QrpReset const&) = default;
};
struct QrpPatch {
    std::uint8_t number = 1;  ///< 1-based
    std::uint8_t count = 1;
    bool deflated = false;
    std::uint8_t entry_bits = 4;
    Bytes data;
    friend bool operator==(QrpPatch const&, QrpPatch const&) = default;
};
using Qrp = std::variant<QrpReset, QrpPatch>;

/// A vendor message taken apart no further than its name; vendor.hpp has the payloads we know.
struct Vendor {
    std::string code;  ///< 4 bytes, "\0\0\0\0" for null
    std::uint16_t selector = 0;
    std::uint16_t version = 0;
    Bytes data;
    friend bool operator==(Vendor const&, Vendor const&) = default;
};

}  // namespace praline::wire
