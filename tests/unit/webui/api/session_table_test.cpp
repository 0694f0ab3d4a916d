#include "webui/api/session_table.hpp"

#include <catch2/catch.hpp>

#include "webui/api/limits.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui::session_table_test {
namespace {

using namespace std::chrono_literals;

constexpr UnixSeconds today = 1'800'000'000;
Instant const start{1000s};

/// The table of the next life of the program, `later` after `start`, when the system's clock says `unix_now`.
SessionTable restarted(SessionTable const& table, Instant now, UnixSeconds unix_now) {
    SessionTable next;
    (void)next.restore(table.text(start, today), now, unix_now);
    return next;
}

TEST_CASE("a session is opened by both of its halves and by no other pair") {
    SessionTable table;
    auto const one = table.open(start), other = table.open(start);
    REQUIRE(table.matches(one.cookie, one.key, start));
    REQUIRE(table.matches(other.cookie, other.key, start));
    REQUIRE_FALSE(table.matches(one.cookie, other.key, start));
    REQUIRE_FALSE(table.matches(one.cookie, "", start));
    REQUIRE_FALSE(table.matches(one.cookie, one.cookie, start));
    REQUIRE_FALSE(table.matches("", one.key, start));
    REQUIRE(table.knows_cookie(one.cookie, start));
    table.close(one.cookie);
    REQUIRE_FALSE(table.knows_cookie(one.cookie, start));
    REQUIRE(table.matches(other.cookie, other.key, start));
}

TEST_CASE("a session ends after its time, and the oldest is evicted when there are too many") {
    SessionTable table;
    auto const oldest = table.open(start);
    REQUIRE(table.matches(oldest.cookie, oldest.key, start + session_time - 1s));
    REQUIRE_FALSE(table.matches(oldest.cookie, oldest.key, start + session_time));
    for (std::size_t i = 0; i < sessions_max; ++i) (void)table.open(start);
    REQUIRE(table.size() == sessions_max);
    REQUIRE_FALSE(table.matches(oldest.cookie, oldest.key, start));
}

TEST_CASE("sessions outlive a restart, on another steady clock, and what is kept on disk holds no secret") {
    SessionTable table;
    auto const session = table.open(start - 24h);
    auto const text = table.text(start, today);
    REQUIRE(text.find(session.cookie) == std::string::npos);
    REQUIRE(text.find(session.key) == std::string::npos);
    Instant const other_clock{5s};
    auto next = restarted(table, other_clock, today + 3600);
    REQUIRE(next.matches(session.cookie, session.key, other_clock));
    REQUIRE_FALSE(next.matches(session.cookie, "", other_clock));
    REQUIRE(next.matches(session.cookie, session.key, other_clock + 24h * 28));
    REQUIRE_FALSE(next.matches(session.cookie, session.key, other_clock + 24h * 29));
    REQUIRE(restarted(table, other_clock, today + 30 * 86'400).size() == 0);
}

TEST_CASE("a session opened while the clock was ahead counts as opened at the next start, and that is said") {
    SessionTable table;
    auto const session = table.open(start);
    SessionTable next;
    REQUIRE(next.restore(table.text(start, today), start, today - 10LL * 365 * 86'400));
    REQUIRE(next.matches(session.cookie, session.key, start + session_time - 1s));
    REQUIRE_FALSE(next.matches(session.cookie, session.key, start + session_time));
    SessionTable usual;
    REQUIRE_FALSE(usual.restore(table.text(start, today), start, today + 1));
}

TEST_CASE("a file that is damaged, foreign or too long gives what is sound in it and no more than there is room for") {
    SessionTable table;
    auto const session = table.open(start);
    auto const line = table.text(start, today);
    SessionTable next;
    REQUIRE_FALSE(next.restore("port 8970\n\n  \nx y z\n" + line.substr(0, 100) + "\n" + std::string(64, 'g') + " " +
                                   std::string(64, 'a') + " 5\n" + line + std::string(64, 'a') + " " +
                                   std::string(64, 'a') + " 99999999999999999999999\n",
                               start, today));
    REQUIRE(next.size() == 1);
    REQUIRE(next.matches(session.cookie, session.key, start));
    std::string many;
    for (std::size_t i = 0; i < 3 * sessions_max; ++i) many += line;
    SessionTable full;
    (void)full.restore(many, start, today);
    REQUIRE(full.size() == sessions_max);
}

TEST_CASE(
    "sessions are listed with what their browsers call themselves, and ended by their ids, also after a restart") {
    SessionTable table;
    auto const phone = table.open(start, "Phone\n\xff" + std::string(browser_name_bytes_max, 'x'));
    auto const laptop = table.open(start + 1h, "Laptop 7 %");
    auto next = restarted(table, start + 2h, today + 7200);
    auto const listed = next.list(start + 2h);
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].browser.starts_with("Phone"));
    CHECK(listed[0].browser == table.list(start)[0].browser);
    CHECK(listed[1].browser == "Laptop 7 %");
    CHECK(listed[1].id == SessionTable::id_of(secret_hash(laptop.cookie)));
    CHECK(next.revoke("", start + 2h).empty());
    CHECK(next.revoke(listed[0].id, start + 2h) == secret_hash(phone.cookie));
    CHECK(next.revoke(listed[0].id, start + 2h).empty());
    CHECK_FALSE(next.knows_cookie(phone.cookie, start + 2h));
    CHECK(next.matches(laptop.cookie, laptop.key, start + 2h));
    CHECK(next.list(start + session_time + 1h).empty());
}

TEST_CASE("a proof holds for one token, one nonce and one address") {
    std::string const nonce(64, 'a');
    auto const proof = node_proof("token", nonce, "127.0.0.1:8970");
    REQUIRE(proof.size() == 64);
    REQUIRE(same_secret(proof, node_proof("token", nonce, "127.0.0.1:8970")));
    REQUIRE_FALSE(same_secret(proof, node_proof("other", nonce, "127.0.0.1:8970")));
    REQUIRE_FALSE(same_secret(proof, node_proof("token", std::string(64, 'b'), "127.0.0.1:8970")));
    REQUIRE_FALSE(same_secret(proof, node_proof("token", nonce, "127.0.0.1:8971")));
    for (auto const& bad :
         {std::string{}, std::string(31, 'a'), std::string(129, 'a'), std::string(32, 'g'), std::string(40, '|')})
        REQUIRE_FALSE(nonce_is_usable(bad));
    REQUIRE(nonce_is_usable(nonce));
}

}  // namespace
}  // namespace praline::webui::session_table_test
