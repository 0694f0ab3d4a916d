#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/result.hpp"
#include "node/base/urn.hpp"
#include "node/wire/message.hpp"

/// The vendor messages we know. Between neighbours on a link unless said otherwise; TTL 1, hops 0.
/// @threads any: pure.   @source Vendor messages; node/wire/protocol/messages.md
namespace praline::wire {

struct VendorName {
    std::string code;  ///< 4 bytes
    std::uint16_t selector = 0;
    std::uint16_t version = 0;
    friend auto operator<=>(VendorName const&, VendorName const&) = default;
};

/// null/0: what the sender understands; the first vendor message on a link.
struct MessagesSupported {
    std::vector<VendorName> messages;
    friend bool operator==(MessagesSupported const&, MessagesSupported const&) = default;
};
/// null/10
struct FeaturesSupported {
    struct Feature {
        std::string name;  ///< 4 bytes
        std::uint16_t version = 0;
        friend bool operator==(Feature const&, Feature const&) = default;
    };
    std::vector<Feature> features;
    friend bool operator==(FeaturesSupported const&, FeaturesSupported const&) = default;
};
/// BEAR/4: send only queries with hops below this; 0 none at all, 255 all.
struct HopsFlow {
    std::uint8_t hops = 255;
    friend bool operator==(HopsFlow const&, HopsFlow const&) = default;
};
/// BEAR/7: please connect to my port and say two line ends.
struct TcpConnectBack {
    std::uint16_t port = 0;
    friend bool operator==(TcpConnectBack const&, TcpConnectBack const&) = default;
};
/// GTKG/7 v2: please send a Ping with this message's GUID to my UDP port.
struct UdpConnectBack {
    std::uint16_t port = 0;
    std::optional<Guid> guid;  ///< v1 carries it in the payload
    friend bool operator==(UdpConnectBack const&, UdpConnectBack const&) = default;
};
/// LIME/21; the message's GUID is the sender's servent GUID.
struct PushProxyRequest {
    friend bool operator==(PushProxyRequest const&, PushProxyRequest const&) = default;
};
/// LIME/22: v1 has the port alone, v2 the address too; the message's GUID is the servent's.
struct PushProxyAck {
    std::optional<std::uint32_t> address;  ///< as in Endpoint
    std::uint16_t port = 0;
    friend bool operator==(PushProxyAck const&, PushProxyAck const&) = default;
};
/// LIME/11, by UDP: so many of the promised hits are wanted. v3 carries a token.
struct OobAck {
    std::uint8_t wanted = 0;
    Bytes token;
    friend bool operator==(OobAck const&, OobAck const&) = default;
};
/// LIME/12, by UDP: so many hits are waiting. v1 has no flags.
struct OobIndication {
    std::uint8_t hits = 0;
    bool can_receive = false;   ///< unsolicited UDP reaches the sender
    std::uint16_t version = 2;  ///< 1 to 3
    friend bool operator==(OobIndication const&, OobIndication const&) = default;
};
/// LIME/23, UDP or link: do you have this file?
struct HeadPing {
    static constexpr std::uint8_t ranges = 0x01, alternates = 0x02, push_alternates = 0x04, fw2fw = 0x08,
                                  ggep_follows = 0x10, ipv6 = 0x20, no_ipv4 = 0x40;
    std::uint8_t flags = 0;  ///< `ggep_follows` is set from `ggep`
    Urn urn;
    Ggep ggep;
    std::uint16_t version = 2;  ///< 2: the answer shall be GGEP
    friend bool operator==(HeadPing const&, HeadPing const&) = default;
};
/// BEAR/11; the message's GUID is the query's.
struct HitsKeptQuestion {
    friend bool operator==(HitsKeptQuestion const&, HitsKeptQuestion const&) = default;
};
/// BEAR/12: hits a guided leaf has kept of this query; 0xFFFF: stop.
struct HitsKept {
    static constexpr std::uint16_t stop = 0xFFFF;
    std::uint16_t count = 0;
    friend bool operator==(HitsKept const&, HitsKept const&) = default;
};

using VendorMessage =
    std::variant<Vendor, MessagesSupported, FeaturesSupported, HopsFlow, TcpConnectBack, UdpConnectBack,
                 PushProxyRequest, PushProxyAck, OobAck, OobIndication, HeadPing, HitsKeptQuestion, HitsKept>;

/// What we do not know, or know in older versions only, comes back as it is.
/// @errors truncated: shorter than its version says; bad_value: a HEAD ping without a readable URN.
[[nodiscard]] Result<VendorMessage> decode_vendor_message(Vendor const& vendor);

[[nodiscard]] Vendor to_vendor(MessagesSupported const& message);
[[nodiscard]] Vendor to_vendor(FeaturesSupported const& message);
[[nodiscard]] Vendor to_vendor(HopsFlow const& message);
[[nodiscard]] Vendor to_vendor(TcpConnectBack const& message);
[[nodiscard]] Vendor to_vendor(UdpConnectBack const& message);
[[nodiscard]] Vendor to_vendor(PushProxyRequest const& message);
[[nodiscard]] Vendor to_vendor(PushProxyAck const& message);
[[nodiscard]] Vendor to_vendor(OobAck const& message);
[[nodiscard]] Vendor to_vendor(OobIndication const& message);
[[nodiscard]] Vendor to_vendor(HeadPing const& message);
[[nodiscard]] Vendor to_vendor(HitsKeptQuestion const& message);
[[nodiscard]] Vendor to_vendor(HitsKept const& message);

}  // namespace praline::wire
