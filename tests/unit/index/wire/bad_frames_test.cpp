#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "index/wire/codec.hpp"
#include "node/base/byte_writer.hpp"
#include "node/base/text.hpp"
#include "unit/index/wire/samples.hpp"

namespace bad_frames_test {
using namespace praline;
using namespace praline::index;

namespace {

struct Reading {
    std::optional<WireError> error;
    Bytes again;           ///< what was read, written once more
    bool foreign = false;  ///< of another protocol: the rest was not read
};

template <class Message>
bool is_foreign(Message const& message) {
    return std::visit(
        [](auto const& fixed) {
            if constexpr (std::is_same_v<std::decay_t<decltype(fixed)>, Hello>)
                return fixed.protocol != server_protocol_version;
            else if constexpr (requires { fixed.protocol; })
                return fixed.protocol != protocol_version;
            else
                return false;
        },
        message);
}

Reading read_from_node(ByteView frame) {
    auto const message = decode_from_node(frame);
    if (!message) return {message.error(), {}, false};
    return {std::nullopt, encode(*message), is_foreign(*message)};
}
Reading read_to_node(ByteView frame) {
    auto const message = decode_to_node(frame);
    if (!message) return {message.error(), {}, false};
    return {std::nullopt, encode(*message), is_foreign(*message)};
}
Reading read_between_servers(ByteView frame) {
    auto const addressed = decode_between_servers(frame);
    if (!addressed) return {addressed.error(), {}, false};
    return {std::nullopt, encode(addressed->envelope, addressed->message), is_foreign(addressed->message)};
}

struct Case {
    Bytes frame;
    Reading (*read)(ByteView);
};

std::vector<Case> every_sample() {
    std::vector<Case> cases;
    for (auto const& message : samples::from_node()) cases.push_back({encode(message), read_from_node});
    for (auto const& message : samples::to_node()) cases.push_back({encode(message), read_to_node});
    for (auto const& message : samples::between_servers())
        cases.push_back({encode(samples::envelope(), message), read_between_servers});
    for (auto& one : cases) one.frame.erase(one.frame.begin(), one.frame.begin() + 4);
    return cases;
}

bool same_bytes(ByteView frame, Bytes const& with_length) {
    auto const written = ByteView{with_length}.subspan(4);
    return std::equal(written.begin(), written.end(), frame.begin(), frame.end());
}

/// A message of hexadecimal bytes, for one error each.
WireError error_of(Reading (*read)(ByteView), std::string const& hex) {
    auto const reading = read(*from_hex(hex));
    REQUIRE(reading.error);
    return *reading.error;
}

std::string times(std::size_t count, std::string const& hex) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += hex;
    return text;
}

/// Whether writing ends the program, as it must when what is written is our own mistake.
template <class Write>
bool ends_the_program(Write write) {
    auto const child = ::fork();
    if (child == 0) {
        ::close(STDERR_FILENO);
        std::signal(SIGABRT, SIG_DFL);
        write();
        ::_exit(0);
    }
    int state = 0;
    REQUIRE(::waitpid(child, &state, 0) == child);
    return WIFSIGNALED(state) && WTERMSIG(state) == SIGABRT;
}

std::string const zero_version = times(12, "00");
/// A `Publish` from no version to none, without reset, and what its lists hold.
std::string publish(std::string const& lists) { return "02" + zero_version + zero_version + "00" + lists; }

}  // namespace

TEST_CASE("no message that is cut short is read") {
    for (auto const& [frame, read] : every_sample()) {
        for (std::size_t bytes = 0; bytes < frame.size(); ++bytes) {
            Bytes const cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(bytes));
            if (!read(cut).error)
                FAIL("a message of type " << to_hex(ByteView{frame}.first(1)) << " was read from its first " << bytes
                                          << " bytes");
        }
    }
}

TEST_CASE("bytes left over are an error in every message") {
    for (auto [frame, read] : every_sample()) {
        frame.push_back(std::byte{0});
        REQUIRE(read(frame).error == WireError::bad_length);
    }
}

TEST_CASE("a message with one byte changed is refused, or read as exactly what it says") {
    constexpr std::size_t all_values_bytes_max = 300;  // longer ones: each bit, so that this takes no minute
    for (auto const& [frame, read] : every_sample()) {
        for (std::size_t at = 0; at < frame.size(); ++at) {
            for (unsigned change = 1; change < 256; ++change) {
                bool const one_bit = (change & (change - 1)) == 0;
                if (!one_bit && frame.size() > all_values_bytes_max) continue;
                Bytes changed = frame;
                changed[at] ^= static_cast<std::byte>(change);
                auto const reading = read(changed);
                if (reading.error || reading.foreign || same_bytes(changed, reading.again)) continue;
                FAIL("byte " << at << " changed by " << change << " in " << to_hex(frame) << " is read as "
                             << to_hex(reading.again));
            }
        }
    }
}

TEST_CASE("of another protocol only its number is read") {
    auto const sign_in =
        decode_from_node(*from_hex("01"
                                   "0200"
                                   "ffffffff"));
    REQUIRE(std::get<SignIn>(sign_in.value()) == SignIn{2, "", 0, false, {}, {}});
    auto const welcome =
        decode_to_node(*from_hex("41"
                                 "0900"));
    REQUIRE(std::get<Welcome>(welcome.value()).protocol == 9);
    auto const hello = decode_between_servers(*from_hex("81" + times(24, "00") +
                                                        "00"
                                                        "0000"
                                                        "77"));
    REQUIRE(std::get<Hello>(hello.value().message).protocol == 0);
    // Servers had the number of nodes once, and a Hello without times.
    auto const old = decode_between_servers(*from_hex("81" + times(24, "00") +
                                                      "00"
                                                      "0100" +
                                                      times(23, "01") + "01"));
    REQUIRE(std::get<Hello>(old.value().message) == Hello{1, {}, false, {}});
    REQUIRE(error_of(read_from_node,
                     "01"
                     "02") == WireError::truncated);
    REQUIRE(error_of(read_from_node,
                     "01"
                     "0100"
                     "ff") == WireError::truncated);
}

TEST_CASE("types that nobody knows, and those of other talks, are refused") {
    for (auto const* const type : {"00", "06", "40", "41", "48", "80", "81", "93", "ff"})
        REQUIRE(error_of(read_from_node, type) == WireError::unknown_type);
    for (auto const* const type : {"00", "05", "40", "48", "81"})
        REQUIRE(error_of(read_to_node, type) == WireError::unknown_type);
    for (auto const* const type : {"00", "05", "47", "80", "93", "ff"})
        REQUIRE(error_of(read_between_servers, type + times(25, "00")) == WireError::unknown_type);
    REQUIRE(error_of(read_from_node, "") == WireError::truncated);
    REQUIRE(error_of(read_to_node, "") == WireError::truncated);
    REQUIRE(error_of(read_between_servers, "") == WireError::truncated);
}

TEST_CASE("lists over their limit are refused, and those longer than the frame before anything is set aside") {
    REQUIRE(error_of(read_from_node, publish("e903")) == WireError::limit_exceeded);
    REQUIRE(error_of(read_from_node, publish("e803")) == WireError::truncated);
    // Added and removed together.
    REQUIRE(error_of(read_from_node, publish("e703" + times(999, times(20, "01")) + "0200" + times(64, "00"))) ==
            WireError::limit_exceeded);
    REQUIRE(error_of(read_to_node,
                     "46"
                     "4100") == WireError::limit_exceeded);
    REQUIRE(error_of(read_to_node,
                     "46"
                     "4000" +
                         times(63, times(23, "01"))) == WireError::truncated);
    REQUIRE(error_of(read_to_node,
                     "44"
                     "01000000"
                     "c900") == WireError::limit_exceeded);
}

TEST_CASE("names that could do harm are refused") {
    auto const entry = [](std::string const& name) {
        ByteWriter text;
        text.le16(static_cast<std::uint16_t>(name.size()));
        text.text(name);
        return publish(
            "0000"
            "0100" +
            times(20, "01") + "00" + times(8, "00") + to_hex(text.bytes()));
    };
    REQUIRE(!read_from_node(*from_hex(entry("a"))).error);
    REQUIRE(!read_from_node(*from_hex(entry("..."))).error);
    REQUIRE(!read_from_node(*from_hex(entry(std::string(255, 'a')))).error);
    REQUIRE(error_of(read_from_node, entry(std::string(256, 'a'))) == WireError::limit_exceeded);
    for (std::string const& name :
         {std::string{}, std::string{"a/b"}, std::string{"."}, std::string{".."}, std::string{"a\0b", 3},
          std::string{"a\n"}, std::string{"\x7F"}, std::string{"\xC3"}, std::string{"\xED\xA0\x80"}}) {
        REQUIRE(error_of(read_from_node, entry(name)) == (name.empty() ? WireError::truncated : WireError::bad_value));
        REQUIRE(!is_file_name(name));
        Entry const written{{}, std::nullopt, 1, name};
        REQUIRE(!fits_wire(written));
        REQUIRE(ends_the_program([&written] {
            static_cast<void>(encode(FromNode{Publish{{{}, {}, false, {}, {written}}}}));
        }));
    }
    REQUIRE(!is_file_name(std::string(256, 'a')));
}

TEST_CASE("values that the format does not know are refused") {
    REQUIRE(error_of(read_to_node,
                     "47"
                     "00"
                     "0000"
                     "00000000") == WireError::bad_value);
    REQUIRE(error_of(read_to_node,
                     "47"
                     "0d"
                     "0000"
                     "00000000") == WireError::bad_value);
    REQUIRE(error_of(read_from_node, "02" + zero_version + zero_version +
                                         "02"
                                         "0000"
                                         "0000") == WireError::bad_value);
    REQUIRE(error_of(read_from_node, publish("0000"
                                             "0100" +
                                             times(20, "01") + "00" + times(7, "00") +
                                             "80"
                                             "0100"
                                             "61")) == WireError::bad_value);
    // A URN that names nothing; a digest node deeper than its prefix.
    REQUIRE(error_of(read_from_node,
                     "03"
                     "01000000"
                     "0000"
                     "01"
                     "00"
                     "00"
                     "6400" +
                         times(16, "00") + "0000") == WireError::bad_value);
    REQUIRE(error_of(read_between_servers, "8c" + times(24, "00") + "00" + times(8, "00") +
                                               "0100"
                                               "09" +
                                               times(24, "00")) == WireError::bad_value);
}

TEST_CASE("what the other side would refuse is not written") {
    auto const refuses = [](FromNode const& message) {
        return ends_the_program([&message] { static_cast<void>(encode(message)); });
    };
    auto const refuses_answer = [](ToNode const& message) {
        return ends_the_program([&message] { static_cast<void>(encode(message)); });
    };
    Query query;
    REQUIRE(fits_wire(query));
    query.words = std::string(query_bytes_max + 1, 'a');
    REQUIRE((!fits_wire(query) && refuses(Search{1, query})));
    query = Query{};
    query.urn = Urn{};
    REQUIRE((!fits_wire(query) && refuses(Search{1, query})));
    query = Query{};
    query.kind = std::string(kind_bytes_max + 1, 'a');
    REQUIRE((!fits_wire(query) && refuses(Search{1, query})));
    REQUIRE(refuses(Publish{{{}, {}, false, std::vector<Sha1>(change_entries_max), {samples::plain_entry()}}}));
    REQUIRE(!refuses(Publish{{{}, {}, false, std::vector<Sha1>(change_entries_max), {}}}));
    REQUIRE(refuses(SignIn{protocol_version, std::string(agent_bytes_max + 1, 'a'), 0, false, {}, {}}));
    REQUIRE(refuses_answer(Refused{}));
    REQUIRE(refuses_answer(Leaving{std::vector<Member>(members_max + 1)}));
    REQUIRE(refuses_answer(
        Found{1, {std::vector<Row>(answer_rows_max + 1, Row{samples::plain_entry(), 0, {}}), false, false}}));
}

TEST_CASE("any sentence can be said: it is cut at a character and made plain") {
    auto const said = [](std::string const& sentence) {
        auto const frame = encode(ToNode{Refused{RefusalReason::busy, sentence, 0}});
        return std::get<Refused>(decode_to_node(ByteView{frame}.subspan(4)).value()).sentence;
    };
    REQUIRE(said("Déjà vu.") == "Déjà vu.");
    REQUIRE(said(std::string(sentence_bytes_max, 'a')) == std::string(sentence_bytes_max, 'a'));
    REQUIRE(said(std::string(sentence_bytes_max - 1, 'a') + "été") == std::string(sentence_bytes_max - 1, 'a'));
    REQUIRE(said("two\nlines") == "two?lines");
    REQUIRE(said("broken \xC3 text") == "broken ? text");
    REQUIRE(said(std::string(1000, '\x80')).size() <= sentence_bytes_max);
}

}  // namespace bad_frames_test
