#include "transfer/browse/list_reader.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "node/wire/codec.hpp"

namespace praline::browse::list_reader_test {

namespace {

using State = ListReader::State;

wire::QueryHit hit_of(std::vector<std::string> const& names) {
    wire::QueryHit hit;
    hit.endpoint = *Endpoint::parse("192.0.2.1:6346");
    hit.vendor = "TEST";
    hit.browsable = true;
    hit.servent.bytes[0] = 7;
    for (auto const& name : names) {
        auto& record = hit.records.emplace_back();
        record.index = static_cast<std::uint32_t>(hit.records.size());
        record.size_bytes = 5;
        record.name = name;
        record.urn.sha1 = Sha1{};
    }
    return hit;
}

std::string message_of(wire::QueryHit const& hit) {
    return std::string{as_text(wire::encode_message(Guid{}, wire::Function::query_hit, Ttl{1}, Hops{0}, hit))};
}

std::string const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/x-gnutella-packets\r\n";

struct Read {
    State state = State::more;
    std::vector<std::string> names;
    std::string problem;
    friend bool operator==(Read const&, Read const&) = default;
};

/// What is read of an answer that comes in pieces of this size, and ends with the connection.
Read read(std::string const& answer, std::size_t piece = 1000, ListLimits const& limits = {}) {
    ListReader reader{limits};
    Read result;
    std::vector<wire::QueryHit> hits;
    for (std::size_t at = 0; at < answer.size() && result.state == State::more; at += piece)
        result.state = reader.take(as_view(std::string_view{answer}.substr(at, piece)), hits);
    if (result.state == State::more) result.state = reader.end();
    for (auto const& hit : hits)
        for (auto const& record : hit.records) result.names.push_back(record.name);
    result.problem = reader.problem();
    return result;
}

}  // namespace

TEST_CASE("a list is the same chunked, with its length and up to the end, in pieces of any size") {
    auto const one = message_of(hit_of({"a.ogg", "b.ogg"})), two = message_of(hit_of({"c.ogg"}));
    auto const body = one + two;
    auto const chunk = [](std::string const& bytes) {
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
        return size + bytes + "\r\n";
    };
    std::vector<std::string> const answers{
        ok + "\r\n" + body,
        ok + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
        ok + "Transfer-Encoding: chunked\r\n\r\n" + chunk(body.substr(0, 30)) + chunk(body.substr(30)) + "0\r\n\r\n",
    };
    Read const whole{State::done, {"a.ogg", "b.ogg", "c.ogg"}, {}};
    for (auto const& answer : answers)
        for (std::size_t const piece : {1U, 7U, 100U, 100'000U}) CHECK(read(answer, piece) == whole);
    CHECK(read(ok + "Content-Length: 0\r\n\r\n") == Read{State::done, {}, {}});
    // Behind its end nothing is read.
    CHECK(read(answers[1] + two) == whole);
}

TEST_CASE("a hit as it goes over the wire is read, byte by byte") {
    // Header: GUID, hit, TTL 1, hops 0, length. Payload: one record, port 6346, 192.0.2.1, index 1, 5 bytes, "a", no
    // extensions; vendor TEST, two bytes of flags, no push; GUID.
    auto const message = from_hex(
        "000102030405060708090a0b0c0d0e0f"
        "81"
        "01"
        "00"
        "2d000000"
        "01"
        "ca18"
        "c0000201"
        "00000000"
        "01000000"
        "05000000"
        "6100"
        "00"
        "54455354"
        "02"
        "0000"
        "101112131415161718191a1b1c1d1e1f");
    REQUIRE(message.has_value());
    CHECK(read(ok + "\r\n" + std::string{as_text(*message)}) == Read{State::done, {"a"}, {}});
}

TEST_CASE("what is no list is named, and what came before is kept") {
    auto const good = message_of(hit_of({"a.ogg"}));
    auto const failed = [](std::string const& answer, ListLimits const& limits = {}) {
        auto const result = read(answer, 1000, limits);
        CHECK(result.state == State::failed);
        return result;
    };
    CHECK(failed("HTTP/1.1 403 Forbidden\r\n\r\n").problem ==
          "gives no list of its files, which its user would have to allow. Search for what it has instead");
    CHECK(failed("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").problem ==
          "gives no list of its files, which its user would have to allow. Search for what it has instead");
    CHECK(failed("HTTP/1.1 503 Busy\r\nRetry-After: 20\r\n\r\n").problem == "is busy. Ask again in 20 seconds");
    CHECK(failed("HTTP/1.1 302 Found\r\nLocation: http://192.0.2.9/\r\n\r\n").problem ==
          "answers with status 302 instead of a list of its files. Check the port");
    CHECK(failed("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>").problem ==
          "sends a page for people instead of a list for programs. Check the port");
    CHECK(failed(ok + "Content-Encoding: deflate\r\n\r\nx").problem ==
          "sends a compressed list, which nobody asked for and which is not read");
    CHECK(failed("SSH-2.0-OpenSSH_9.2\r\n\r\n").problem == "does not answer as a server of files. Check the port");
    CHECK(failed(std::string(100'000, 'x')).problem == "does not answer as a server of files. Check the port");
    CHECK(failed("").problem == "ended the connection without an answer. Try again later");
    CHECK(failed(ok + "\r\n" + std::string(23, '\xff')).problem ==
          "sends something that is no list of files. Check the port");
    auto const torn = failed(ok + "\r\n" + good + good.substr(0, 40));
    CHECK(torn.problem == "ended its list in the middle of a result. Try again later");
    CHECK(torn.names == std::vector<std::string>{"a.ogg"});
    CHECK(failed(ok + "Content-Length: 5000\r\n\r\n" + good).problem ==
          "ended the connection before the end of its list. Try again later");
    CHECK(failed(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n").problem ==
          "ended the connection before the end of its list. Try again later");
    CHECK(failed(ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n").problem ==
          "sends chunks that are wrong, or too many of them. Try again later");
}

TEST_CASE("a list without end ends at its limits") {
    auto const good = message_of(hit_of({"a.ogg", "b.ogg"}));
    std::string body;
    for (int i = 0; i < 1000; ++i) body += good;
    ListLimits limits;
    limits.files_max = 10;
    auto const files = read(ok + "\r\n" + body, 64, limits);
    CHECK(files.state == State::failed);
    CHECK(files.names.size() == 10);
    CHECK(files.problem.find("more than 10 files") != std::string::npos);
    limits = {};
    limits.messages_max = 7;
    CHECK(read(ok + "\r\n" + body, 1000, limits).problem ==
          "sends more messages than a list may have, and is read no further");
    limits = {};
    limits.bytes_max = 5000;
    CHECK(read(ok + "\r\n" + body, 1000, limits).problem == "sends more than a list may have, and is read no further");
    CHECK(read(ok + "Transfer-Encoding: chunked\r\n\r\nfffff\r\n" + body, 1000, limits).state == State::failed);
}

TEST_CASE("messages of other kinds and hits that cannot be read are left out") {
    auto const good = message_of(hit_of({"a.ogg"}));
    auto const ping =
        std::string{as_text(wire::encode_message(Guid{}, wire::Function::ping, Ttl{1}, Hops{0}, wire::Ping{}))};
    auto broken = good;
    broken[23] = '\x09';  // as many records as there are not
    CHECK(read(ok + "\r\n" + ping + broken + good) == Read{State::done, {"a.ogg"}, {}});
}

TEST_CASE("whatever a host claims, its files are to be had of itself") {
    auto const host = *Endpoint::parse("198.51.100.7:6346");
    auto hit = hit_of({"a.ogg"});
    hit.push_needed = true;
    OwnHits direct{host, Guid{}, false};
    direct.attribute(hit);
    CHECK(hit.endpoint == host);
    CHECK_FALSE(hit.push_needed);
    auto const first = hit.servent;
    auto other = hit_of({"b.ogg"});
    other.servent.bytes[0] = 99;
    direct.attribute(other);
    CHECK(other.servent == first);
    Guid known;
    known.bytes[3] = 3;
    OwnHits called{host, known, true};
    called.attribute(other);
    CHECK(other.servent == known);
    CHECK(other.push_needed);
}

}  // namespace praline::browse::list_reader_test
