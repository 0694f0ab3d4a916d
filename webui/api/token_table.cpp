#include "webui/api/token_table.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "node/base/text.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t token_secret_bytes = 32;
constexpr std::size_t token_hash_digits = 64;

/// A token a line: name, scope, hash.
std::string text_of(std::vector<NamedToken> const& tokens) {
    std::string all;
    for (NamedToken const& known : tokens)
        all += known.name + ' ' + std::string{to_string(known.scope)} + ' ' + known.hash + '\n';
    return all;
}

auto named(std::vector<NamedToken> const& tokens, std::string_view name) {
    return std::find_if(tokens.begin(), tokens.end(), [&](NamedToken const& known) { return known.name == name; });
}

}  // namespace

bool is_token_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.size() <= token_name_bytes_max &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || c == '.';
           });
}

void TokenTable::keep_in(TokenKeeping keeping) {
    keeping_ = std::move(keeping);
    auto const kept = std::exchange(keeping_.kept, {});
    for (std::string_view const line : split(kept, '\n')) {
        auto const words = split(line, ' ');
        if (words.size() != 3 || !is_token_name(words[0]) || tokens_.size() >= named_tokens_max) continue;
        auto const scope = scope_named(words[1]);
        if (!scope || words[2].size() != token_hash_digits || !from_hex(words[2])) continue;
        if (named(tokens_, words[0]) != tokens_.end()) continue;
        tokens_.push_back({std::string{words[0]}, std::string{words[2]}, *scope});
    }
}

TokenTable::Change TokenTable::add(std::string_view name, Scope scope) {
    using enum Change::Result;
    if (named(tokens_, name) != tokens_.end())
        return {refused, "There is a token " + std::string{name} + " already; revoke it first."};
    if (tokens_.size() >= named_tokens_max)
        return {refused, "There are " + std::to_string(named_tokens_max) + " tokens already; revoke one first."};
    auto secret = random_hex(token_secret_bytes);
    auto changed = tokens_;
    changed.push_back({std::string{name}, secret_hash(secret), scope});
    if (auto problem = replace(std::move(changed)); !problem.empty()) return {not_kept, std::move(problem)};
    return {done, std::move(secret)};
}

TokenTable::Change TokenTable::revoke(std::string_view name) {
    using enum Change::Result;
    auto const at = named(tokens_, name);
    if (at == tokens_.end()) return {refused, "There is no token " + std::string{name} + "."};
    auto hash = at->hash;
    // Over at once, whatever the disk says: a token that was stolen must not wait for room on it.
    tokens_.erase(at);
    auto problem = keeping_.keep ? keeping_.keep(text_of(tokens_)) : std::string{};
    return {problem.empty() ? done : not_kept, std::move(problem), std::move(hash)};
}

std::string TokenTable::replace(std::vector<NamedToken> changed) {
    auto problem = keeping_.keep ? keeping_.keep(text_of(changed)) : std::string{};
    if (problem.empty()) tokens_ = std::move(changed);
    return problem;
}

NamedToken const* TokenTable::find(std::string_view secret) const {
    auto const hash = secret_hash(secret);
    NamedToken const* found = nullptr;
    for (NamedToken const& known : tokens_)
        if (same_secret(known.hash, hash)) found = &known;
    return found;
}

bool TokenTable::knows_hash(std::string_view hash) const {
    return std::any_of(tokens_.begin(), tokens_.end(), [&](NamedToken const& known) { return known.hash == hash; });
}

}  // namespace praline::webui
