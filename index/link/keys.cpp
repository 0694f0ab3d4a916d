#include "index/link/keys.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "node/base/check.hpp"
#include "node/base/text.hpp"
#include "node/store/durable_file.hpp"

namespace praline::index::link {
namespace {

constexpr std::size_t seed_octets = 32;
constexpr std::size_t secret_octets = 32;
constexpr std::size_t key_file_octets_max = 4096;
/// Sets this use of the secret apart from any other there may be one day (RFC 5869, section 3.2).
constexpr std::string_view group_key_use = "praline index group key 1";

std::string why() { return std::string{std::strerror(errno)} + "."; }

struct OpenFile {
    int number;
    ~OpenFile() { ::close(number); }
};

/// The file's text; empty: there is none. What others may read is no secret, and is refused.
std::optional<std::string> read_secret_file(std::string const& file) {
    OpenFile const open{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (open.number < 0 && errno == ENOENT) return std::nullopt;
    if (open.number < 0) throw std::runtime_error{"The key file " + file + " cannot be read: " + why()};
    struct stat state {};
    if (::fstat(open.number, &state) != 0) throw std::runtime_error{"The key file " + file + " cannot be read: " + why()};
    if (!S_ISREG(state.st_mode)) throw std::runtime_error{"The key file " + file + " is not a file."};
    if ((state.st_mode & 077U) != 0) {
        throw std::runtime_error{"The key file " + file + " can be used by others than its owner. If nobody has read it, run: chmod 600 " + file};
    }
    std::array<char, key_file_octets_max + 1> content{};
    std::size_t length = 0;
    while (length < content.size()) {
        auto const count = ::read(open.number, content.data() + length, content.size() - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw std::runtime_error{"The key file " + file + " cannot be read: " + why()};
        if (count == 0) break;
        length += static_cast<std::size_t>(count);
    }
    if (length > key_file_octets_max) throw std::runtime_error{"The key file " + file + " is too long for a key."};
    return std::string{content.data(), length};
}

void write_secret_file(std::string const& file, std::string const& content) {
    // One left behind could be open to others, and would stay so.
    ::unlink((file + ".new").c_str());
    store::write_file_durably(file, content, 0600);
}

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }
std::shared_ptr<BIO> owned(BIO* bio) { return {bio, BIO_free}; }

/// A key file that asks for a passphrase must not stop a server at its terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

std::string to_pem(EVP_PKEY* key) {
    auto const out = owned(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        throw std::runtime_error{"OpenSSL cannot write an Ed25519 key."};
    }
    char* text = nullptr;
    auto const length = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

Bytes random_octets(std::size_t count) {
    Bytes octets(count);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error{"OpenSSL has no random numbers to make a key from."};
    }
    return octets;
}

std::optional<Bytes> parse_secret(std::string const& text) {
    auto octets = from_hex(trim(text));
    if (!octets || octets->size() != secret_octets) return std::nullopt;
    return octets;
}

std::runtime_error no_secret(std::string const& file) {
    return std::runtime_error{"The file " + file + " holds no group secret: it must be one line of 64 hexadecimal digits."};
}

}  // namespace

Ed25519Key Ed25519Key::load_or_create(std::string const& file) {
    auto const text = read_secret_file(file);
    if (!text) {
        auto const made = from_seed(random_octets(seed_octets));
        write_secret_file(file, to_pem(made.handle()));
        return made;
    }
    auto const in = owned(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
    auto key = owned(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
    if (!key) throw std::runtime_error{"The file " + file + " holds no private key in PEM that can be read without a passphrase."};
    if (EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) throw std::runtime_error{"The key in " + file + " is not an Ed25519 key."};
    return Ed25519Key{std::move(key)};
}

Ed25519Key Ed25519Key::from_seed(ByteView seed) {
    check(seed.size() == seed_octets);
    auto key = owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<unsigned char const*>(seed.data()), seed.size()));
    if (!key) throw std::runtime_error{"OpenSSL cannot make an Ed25519 key."};
    return Ed25519Key{std::move(key)};
}

PublisherId Ed25519Key::public_key() const {
    PublisherId id;
    auto length = id.bytes.size();
    check(EVP_PKEY_get_raw_public_key(key_.get(), id.bytes.data(), &length) == 1 && length == id.bytes.size());
    return id;
}

GroupSecret GroupSecret::load(std::string const& file) {
    auto const text = read_secret_file(file);
    if (!text) throw std::runtime_error{"There is no group secret at " + file + ". Copy the file of another server of the group there."};
    auto octets = parse_secret(*text);
    if (!octets) throw no_secret(file);
    return GroupSecret{std::move(*octets)};
}

GroupSecret GroupSecret::load_or_create(std::string const& file) {
    auto const text = read_secret_file(file);
    if (text) {
        auto octets = parse_secret(*text);
        if (!octets) throw no_secret(file);
        return GroupSecret{std::move(*octets)};
    }
    auto octets = random_octets(secret_octets);
    write_secret_file(file, to_hex(octets) + '\n');
    return GroupSecret{std::move(octets)};
}

GroupSecret GroupSecret::from_octets(Bytes octets) {
    check(octets.size() == secret_octets);
    return GroupSecret{std::move(octets)};
}

Ed25519Key GroupSecret::key() const {
    std::shared_ptr<EVP_KDF> const method{EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free};
    std::shared_ptr<EVP_KDF_CTX> const context{method ? EVP_KDF_CTX_new(method.get()) : nullptr, EVP_KDF_CTX_free};
    std::string digest = "SHA256";
    std::string use{group_key_use};
    Bytes secret = octets_;
    std::array<OSSL_PARAM, 4> const parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, use.data(), use.size()),
        OSSL_PARAM_construct_end(),
    };
    Bytes seed(seed_octets);
    if (!context || EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(seed.data()), seed.size(), parameters.data()) != 1) {
        throw std::runtime_error{"OpenSSL cannot derive the key of the group (HKDF-SHA256)."};
    }
    return Ed25519Key::from_seed(seed);
}

}  // namespace praline::index::link
