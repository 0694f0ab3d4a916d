#include "unit/node/wire/vectors.hpp"

#include "node/base/check.hpp"
#include "node/base/text.hpp"

namespace praline::wire {

Bytes hex(std::string_view text) {
    std::string digits;
    for (char const c : text)
        if (c != ' ' && c != '\n') digits.push_back(c);
    auto const bytes = from_hex(digits);
    check(bytes.has_value());
    return *bytes;
}

Bytes bytes_of(std::string_view text) {
    auto const view = as_view(text);
    return Bytes{view.begin(), view.end()};
}

Bytes random_bytes(Rng& rng, std::size_t count) {
    Bytes bytes(count);
    for (auto& byte : bytes) byte = static_cast<std::byte>(rng.next() >> 56);
    return bytes;
}

namespace vectors {

std::string_view const ping = "1011121314151617ff191a1b1c1d1e00 00 01 00 00000000";
std::string_view const ping_ggep = R"(1011121314151617ff191a1b1c1d1e00 00 01 00 10000000
c3035343504101825643455445535410)";
std::string_view const pong = R"(1011121314151617ff191a1b1c1d1e00 01 01 00 32000000
ca18c000020a0c00000000040000c302445542201c034755454102034c4f4342656e02555043020a0582564345544553
5410)";
std::string_view const pong_hosts = R"(1011121314151617ff191a1b1c1d1e00 01 01 00 30000000
ca18c000020a0000000008000000c30349505052c0000214ca18c6336407d5c8cb007109cb18874950505f544c5341a0)";
std::string_view const query = R"(2021222324252627ff292a2b2c2d2e00 80 03 00 16000000
c80074696e7920746573742066696c6500c3814d4104)";
std::string_view const query_urn_ggep = R"(2021222324252627ff292a2b2c2d2e00 80 03 00 33000000
88005c0075726e3a736861313a56474d54344e534841324157564f523645565958515547434e534f4e425745351cc381
4d4104)";
std::string_view const query_urn = R"(2021222324252627ff292a2b2c2d2e00 80 03 00 2d000000
88005c0075726e3a736861313a56474d54344e534841324157564f523645565958515547434e534f4e42574535)";
std::string_view const query_oob = "c000020a24252627ff292a2b2cca1800 80 03 00 0c000000 8c0074696e7900c382534f40";
std::string_view const query_hit = R"(2021222324252627ff292a2b2c2d2e00 81 04 00 d1000000
02ca18c000020ae803000001000000030000006162632e7478740075726e3a736861313a56474d54344e534841324157
564f523645565958515547434e534f4e425745351cc3c24354450104105e5f00020000000104000074686f7573616e64
2d612e62696e00c301486d02a50e7941e785dbdbf88cc2bc21fd09f84f9993ff7e591c1cd8f2e6121fdbcd8071ba2796
26b771642d10a3db83414c5446c6336407ca180054455354022c21c302424840045055534846c0000214ca1883544c53
40a0a1a2a3a4a5a6a7ffa9aaabacadae00)";
std::string_view const push = R"(1011121314151617ff191a1b1c1d1e00 40 04 00 1a000000
a0a1a2a3a4a5a6a7ffa9aaabacadae0002000000c000020aca18)";
std::string_view const push_tls = R"(1011121314151617ff191a1b1c1d1e00 40 04 00 20000000
a0a1a2a3a4a5a6a7ffa9aaabacadae0002000000c000020aca18c383544c5340)";
std::string_view const bye = "1011121314151617ff191a1b1c1d1e00 02 01 00 0b000000 ca0053687574646f776e00";
std::string_view const messages_supported = R"(1011121314151617ff191a1b1c1d1e00 31 01 00 2a000000
00000000000000000400424541520400010047544b47070002004c494d45150001004c494d4516000200)";
std::string_view const features = R"(1011121314151617ff191a1b1c1d1e00 31 01 00 16000000
000000000a0000000200485345500100544c53210100)";
std::string_view const hops_flow = "1011121314151617ff191a1b1c1d1e00 31 01 00 09000000 424541520400010003";
std::string_view const tcp_connect_back = "1011121314151617ff191a1b1c1d1e00 31 01 00 0a000000 4245415207000100ca18";
std::string_view const push_proxy_request = "a0a1a2a3a4a5a6a7ffa9aaabacadae00 31 01 00 08000000 4c494d4515000100";
std::string_view const push_proxy_ack = R"(a0a1a2a3a4a5a6a7ffa9aaabacadae00 31 01 00 0e000000
4c494d4516000200c0000214ca18)";
std::string_view const oob_indication = "2021222324252627ff292a2b2c2d2e00 31 01 00 0a000000 4c494d450c0002000701";
std::string_view const oob_ack = R"(2021222324252627ff292a2b2c2d2e00 31 01 00 12000000
4c494d450b00030007c382534f44deadbeef)";
std::string_view const head_ping = R"(2021222324252627ff292a2b2c2d2e00 31 01 00 32000000
4c494d45170002000375726e3a736861313a56474d54344e534841324157564f523645565958515547434e534f4e42574535)";

std::string_view const all[21] = {
    ping,
    ping_ggep,
    pong,
    pong_hosts,
    query,
    query_urn_ggep,
    query_urn,
    query_oob,
    query_hit,
    push,
    push_tls,
    bye,
    messages_supported,
    features,
    hops_flow,
    tcp_connect_back,
    push_proxy_request,
    push_proxy_ack,
    oob_indication,
    oob_ack,
    head_ping,
};

}  // namespace vectors

}  // namespace praline::wire
