#include "webui/api/secrets.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "node/base/bytes.hpp"
#include "node/base/text.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t nonce_digits_min = 32;
constexpr std::size_t nonce_digits_max = 128;
constexpr std::string_view proof_label =
    "praline node proof 1";  // keeps it from being mistaken for any other use of the token

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

std::string hex_of(std::array<unsigned char, SHA256_DIGEST_LENGTH> const& digest) {
    return to_hex(std::as_bytes(std::span{digest}));
}

}  // namespace

std::string random_hex(std::size_t bytes) {
    Bytes random(bytes);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1)
        throw std::runtime_error{"The system has no random numbers to give."};
    return to_hex(random);
}

bool same_secret(std::string_view left, std::string_view right) {
    return !left.empty() && left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string secret_hash(std::string_view secret) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(bytes_of(secret), secret.size(), digest.data());
    return hex_of(digest);
}

std::string node_proof(std::string_view token, std::string_view nonce, std::string_view address) {
    std::string const text = std::string{proof_label} + "|" + std::string{nonce} + "|" + std::string{address};
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), token.data(), static_cast<int>(token.size()), bytes_of(text), text.size(), digest.data(),
             &size) == nullptr)
        throw std::runtime_error{"The system's OpenSSL cannot compute HMAC-SHA256."};
    return hex_of(digest);
}

bool nonce_is_usable(std::string_view nonce) {
    auto const digit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    return nonce.size() >= nonce_digits_min && nonce.size() <= nonce_digits_max &&
           std::all_of(nonce.begin(), nonce.end(), digit);
}

}  // namespace praline::webui
