#include "webui/api/session_table.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "node/base/text.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t session_secret_bytes = 32;
constexpr std::size_t hash_digits = 64;

bool is_hash(std::string_view text) { return text.size() == hash_digits && from_hex(text).has_value(); }

}  // namespace

NewSession SessionTable::open(Instant now) {
    NewSession made{random_hex(session_secret_bytes), random_hex(session_secret_bytes)};
    add({secret_hash(made.cookie), secret_hash(made.key), now});
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

std::string SessionTable::text(Instant now, UnixSeconds unix_now) const {
    std::string all;
    for (Session const& known : sessions_) {
        auto const age = std::chrono::duration_cast<std::chrono::seconds>(now - known.opened).count();
        all += known.cookie_hash + ' ' + known.key_hash + ' ' + std::to_string(unix_now - age) + '\n';
    }
    return all;
}

bool SessionTable::restore(std::string_view text, Instant now, UnixSeconds unix_now) {
    bool of_the_future = false;
    for (std::string_view const line : split(text, '\n')) {
        auto const words = split(line, ' ');
        auto const opened = words.size() == 3 ? parse_number(words[2]) : std::nullopt;
        if (!opened || !is_hash(words[0]) || !is_hash(words[1])) continue;
        auto age = std::chrono::seconds{unix_now} -
                   std::chrono::seconds{static_cast<std::int64_t>(std::min<std::uint64_t>(*opened, INT32_MAX * 4ULL))};
        if (age.count() < 0) of_the_future = true, age = {};
        if (age >= session_time) continue;
        add({std::string{words[0]}, std::string{words[1]}, now - age});
    }
    std::stable_sort(sessions_.begin(), sessions_.end(),
                     [](Session const& one, Session const& other) { return one.opened < other.opened; });
    return of_the_future;
}

}  // namespace praline::webui
