#include "node/identity/ed25519_key.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <stdexcept>

#include "node/base/check.hpp"

namespace praline::identity {
namespace {

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }
std::shared_ptr<BIO> owned(BIO* bio) { return {bio, BIO_free}; }
std::shared_ptr<EVP_MD_CTX> digest_context() { return {EVP_MD_CTX_new(), EVP_MD_CTX_free}; }

unsigned char const* plain(ByteView bytes) { return reinterpret_cast<unsigned char const*>(bytes.data()); }

/// A key that asks for a passphrase must not stop a server at its terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

Ed25519Key Ed25519Key::from_seed(ByteView seed) {
    check(seed.size() == seed_bytes);
    auto key = owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, plain(seed), seed.size()));
    if (!key) throw std::runtime_error{"OpenSSL cannot make an Ed25519 key."};
    return Ed25519Key{std::move(key)};
}

std::optional<Ed25519Key> Ed25519Key::from_pem(std::string const& text, PemFault& fault) {
    auto const in = owned(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    auto key = owned(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
    fault = !key                                             ? PemFault::unreadable
            : EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519 ? PemFault::other_kind
                                                             : PemFault::none;
    if (fault != PemFault::none) return std::nullopt;
    return Ed25519Key{std::move(key)};
}

std::string Ed25519Key::pem() const {
    auto const out = owned(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        throw std::runtime_error{"OpenSSL cannot write an Ed25519 key."};
    }
    char* text = nullptr;
    auto const length = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

PublicKey Ed25519Key::public_key() const {
    PublicKey key;
    auto length = key.bytes.size();
    check(EVP_PKEY_get_raw_public_key(key_.get(), key.bytes.data(), &length) == 1 && length == key.bytes.size());
    return key;
}

Signature Ed25519Key::sign(ByteView message) const {
    Signature signature{};
    auto length = signature.size();
    auto const context = digest_context();
    check(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    check(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, plain(message),
                         message.size()) == 1 &&
          length == signature.size());
    return signature;
}

bool verify(PublicKey const& signer, ByteView message, Signature const& signature) {
    auto const key =
        owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, signer.bytes.data(), signer.bytes.size()));
    auto const context = digest_context();
    if (!key || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
        return false;
    return EVP_DigestVerify(context.get(), plain(signature), signature.size(), plain(message), message.size()) == 1;
}

}  // namespace praline::identity
