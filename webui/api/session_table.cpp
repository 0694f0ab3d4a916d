#include "webui/api/session_table.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t session_secret_bytes = 32;
constexpr std::size_t hash_digits = 64;
constexpr std::size_t id_digits = 12;
constexpr std::size_t readable_bytes_max =
    3 * browser_name_bytes_max;  ///< of a name of nothing but bytes that are no text
/// Begins a line about the session of the line before. It is no hash: programs that know no such lines leave them out.
constexpr std::string_view browser_word = "browser";

bool is_hash(std::string_view text) { return text.size() == hash_digits && from_hex(text).has_value(); }

}  // namespace

NewSession SessionTable::open(Instant now, std::string_view browser) {
    NewSession made{random_hex(session_secret_bytes), random_hex(session_secret_bytes)};
    add({secret_hash(made.cookie), secret_hash(made.key), now,
         readable_text(browser.substr(0, browser_name_bytes_max))});
    return made;
}

void SessionTable::add(Session session) {
    if (sessions_.size() >= sessions_max) sessions_.pop_front();
    sessions_.push_back(std::move(session));
}

void SessionTable::close(std::string_view cookie) {
    auto const hash = secret_hash(cookie);
    std::erase_if(sessions_, [&](Session const& known) { return same_secret(known.cookie_hash, hash); });
}

SessionTable::Session const* SessionTable::find(std::string_view cookie, Instant now) const {
    auto const hash = secret_hash(cookie);
    Session const* found = nullptr;
    for (Session const& known : sessions_)
        if (same_secret(known.cookie_hash, hash) && now - known.opened < session_time) found = &known;
    return found;
}

bool SessionTable::knows_cookie(std::string_view cookie, Instant now) const { return find(cookie, now) != nullptr; }

bool SessionTable::matches(std::string_view cookie, std::string_view key, Instant now) const {
    Session const* const known = find(cookie, now);
    return known != nullptr && same_secret(known->key_hash, secret_hash(key));
}

std::string SessionTable::id_of(std::string_view cookie_hash) { return std::string{cookie_hash.substr(0, id_digits)}; }

std::vector<SessionInfo> SessionTable::list(Instant now) const {
    std::vector<SessionInfo> all;
    for (Session const& known : sessions_)
        if (now - known.opened < session_time)
            all.push_back({id_of(known.cookie_hash), now - known.opened, known.browser});
    return all;
}

std::string SessionTable::revoke(std::string_view id, Instant now) {
    auto const at = std::find_if(sessions_.begin(), sessions_.end(), [&](Session const& known) {
        return id_of(known.cookie_hash) == id && now - known.opened < session_time;
    });
    if (at == sessions_.end()) return {};
    auto hash = std::move(at->cookie_hash);
    sessions_.erase(at);
    return hash;
}

std::string SessionTable::text(Instant now, UnixSeconds unix_now) const {
    std::string all;
    for (Session const& known : sessions_) {
        auto const age = std::chrono::duration_cast<std::chrono::seconds>(now - known.opened).count();
        all += known.cookie_hash + ' ' + known.key_hash + ' ' + std::to_string(unix_now - age) + '\n';
        if (!known.browser.empty())
            all += std::string{browser_word} + ' ' + known.cookie_hash + ' ' + percent_encode(known.browser) + '\n';
    }
    return all;
}

bool SessionTable::restore(std::string_view text, Instant now, UnixSeconds unix_now) {
    bool of_the_future = false;
    for (std::string_view const line : split(text, '\n')) {
        auto const words = split(line, ' ');
        if (words.size() == 3 && words[0] == browser_word && !sessions_.empty() &&
            sessions_.back().cookie_hash == words[1])
            sessions_.back().browser =
                readable_text(percent_decode(words[2]).value_or("")).substr(0, readable_bytes_max);
        auto const opened = words.size() == 3 ? parse_number(words[2]) : std::nullopt;
        if (!opened || !is_hash(words[0]) || !is_hash(words[1])) continue;
        auto age = std::chrono::seconds{unix_now} -
                   std::chrono::seconds{static_cast<std::int64_t>(std::min<std::uint64_t>(*opened, INT32_MAX * 4ULL))};
        if (age.count() < 0) of_the_future = true, age = {};
        if (age >= session_time) continue;
        add({std::string{words[0]}, std::string{words[1]}, now - age, {}});
    }
    std::stable_sort(sessions_.begin(), sessions_.end(),
                     [](Session const& one, Session const& other) { return one.opened < other.opened; });
    return of_the_future;
}

}  // namespace praline::webui
