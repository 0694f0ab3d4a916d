#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "webui/api/scope.hpp"

namespace praline::webui {

struct NamedToken {
    std::string name, hash;
    Scope scope = Scope::read;
};

/// How named tokens outlive the program.
struct TokenKeeping {
    std::string kept{};  ///< what `keep` was given in an earlier life; empty: nothing
    /// To be kept where only the owner reads, wholly or not at all. Returns a sentence when it could not be; must not throw.
    /// Empty: tokens live as long as the program.
    std::function<std::string(std::string const&)> keep{};
};

/// Letters, digits, dots, hyphens and underscores, `token_name_bytes_max` at most; not "." or "..", which addresses cannot end with.
[[nodiscard]] bool is_token_name(std::string_view name);

/// Tokens for programs, beside the one of the data directory: each has a name and a scope and can be revoked. Only hashes
/// are kept. At most `named_tokens_max`. A token that cannot be kept is not made; one that is revoked is over even when that
/// cannot be kept.   @threads one.
class TokenTable {
public:
    /// What became of a change.
    struct Change {
        enum class Result { done, refused, not_kept };
        Result result = Result::done;
        std::string text;     ///< done: the secret of a new token, shown once; else a sentence
        std::string ended{};  ///< the hash of the revoked one
    };

    /// Takes in the tokens of an earlier life, and leaves out what is none; later changes are kept.
    void keep_in(TokenKeeping keeping);
    /// @pre `is_token_name(name)`, and a scope that is not `none`.
    [[nodiscard]] Change add(std::string_view name, Scope scope);
    [[nodiscard]] Change revoke(std::string_view name);
    /// Null: no such token. In constant time for each.
    [[nodiscard]] NamedToken const* find(std::string_view secret) const;
    [[nodiscard]] bool knows_hash(std::string_view hash) const;
    [[nodiscard]] std::vector<NamedToken> const& list() const { return tokens_; }

private:
    /// Keeps `changed` and takes it over, or changes nothing. @returns a sentence when it could not be kept
    [[nodiscard]] std::string replace(std::vector<NamedToken> changed);

    std::vector<NamedToken> tokens_;  ///< in the order in which they were made
    TokenKeeping keeping_;
};

}  // namespace praline::webui
