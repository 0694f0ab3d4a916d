#include "index/link/keys.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "node/base/check.hpp"
#include "node/base/text.hpp"
#include "node/store/key_file.hpp"

namespace praline::index::link {
namespace {

constexpr std::size_t secret_bytes = 32;
/// Sets this use of the secret apart from any other there may be one day (RFC 5869, section 3.2).
constexpr std::string_view group_key_use = "praline index group key 1";

std::optional<Bytes> parse_secret(std::string const& text) {
    auto bytes = from_hex(trim(text));
    if (!bytes || bytes->size() != secret_bytes) return std::nullopt;
    return bytes;
}

std::runtime_error no_secret(std::string const& file) {
    return std::runtime_error{"The file " + file +
                              " holds no group secret: it must be one line of 64 hexadecimal digits."};
}

}  // namespace

GroupSecret GroupSecret::load(std::string const& file) {
    auto const text = store::read_secret_file(file);
    if (!text)
        throw std::runtime_error{"There is no group secret at " + file +
                                 ". Copy the file of another server of the group there."};
    auto bytes = parse_secret(*text);
    if (!bytes) throw no_secret(file);
    return GroupSecret{std::move(*bytes)};
}

GroupSecret GroupSecret::load_or_create(std::string const& file) {
    auto const text = store::read_secret_file(file);
    if (text) {
        auto bytes = parse_secret(*text);
        if (!bytes) throw no_secret(file);
        return GroupSecret{std::move(*bytes)};
    }
    auto secret = store::random_bytes(secret_bytes);
    store::write_secret_file(file, to_hex(secret) + '\n');
    return GroupSecret{std::move(secret)};
}

GroupSecret GroupSecret::from_bytes(Bytes bytes) {
    check(bytes.size() == secret_bytes);
    return GroupSecret{std::move(bytes)};
}

Ed25519Key GroupSecret::key() const {
    std::shared_ptr<EVP_KDF> const method{EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free};
    std::shared_ptr<EVP_KDF_CTX> const context{method ? EVP_KDF_CTX_new(method.get()) : nullptr, EVP_KDF_CTX_free};
    std::string digest = "SHA256";
    std::string use{group_key_use};
    Bytes secret = bytes_;
    std::array<OSSL_PARAM, 4> const parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, use.data(), use.size()),
        OSSL_PARAM_construct_end(),
    };
    Bytes seed(Ed25519Key::seed_bytes);
    if (!context || EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(seed.data()), seed.size(),
                                   parameters.data()) != 1) {
        throw std::runtime_error{"OpenSSL cannot derive the key of the group (HKDF-SHA256)."};
    }
    return Ed25519Key::from_seed(seed);
}

}  // namespace praline::index::link
