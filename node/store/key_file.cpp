#include "node/store/key_file.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "node/store/durable_file.hpp"

namespace praline::store {
namespace {

constexpr std::size_t key_file_bytes_max = 4096;

std::string key_file_trouble() { return std::string{std::strerror(errno)} + "."; }

struct KeyFileDescriptor {
    int number;
    ~KeyFileDescriptor() { ::close(number); }
};

}  // namespace

std::optional<std::string> read_secret_file(std::string const& file) {
    KeyFileDescriptor const open{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (open.number < 0 && errno == ENOENT) return std::nullopt;
    if (open.number < 0) throw std::runtime_error{"The key file " + file + " cannot be read: " + key_file_trouble()};
    struct stat state {};
    if (::fstat(open.number, &state) != 0)
        throw std::runtime_error{"The key file " + file + " cannot be read: " + key_file_trouble()};
    if (!S_ISREG(state.st_mode)) throw std::runtime_error{"The key file " + file + " is not a file."};
    if ((state.st_mode & 077U) != 0) {
        throw std::runtime_error{"The key file " + file +
                                 " can be used by others than its owner. If nobody has read it, run: chmod 600 " +
                                 file};
    }
    std::array<char, key_file_bytes_max + 1> content{};
    std::size_t length = 0;
    while (length < content.size()) {
        auto const count = ::read(open.number, content.data() + length, content.size() - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw std::runtime_error{"The key file " + file + " cannot be read: " + key_file_trouble()};
        if (count == 0) break;
        length += static_cast<std::size_t>(count);
    }
    if (length > key_file_bytes_max) throw std::runtime_error{"The key file " + file + " is too long for a key."};
    return std::string{content.data(), length};
}

void write_secret_file(std::string const& file, std::string const& content) {
    // One left behind could be open to others, and would stay so.
    ::unlink((file + ".new").c_str());
    write_file_durably(file, content, 0600);
}

Bytes random_bytes(std::size_t count) {
    Bytes random(count);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error{"OpenSSL has no random numbers to make a key from."};
    }
    return random;
}

identity::Ed25519Key load_or_create_key(std::string const& file) {
    using identity::Ed25519Key;
    auto const text = read_secret_file(file);
    if (!text) {
        auto const made = Ed25519Key::from_seed(random_bytes(Ed25519Key::seed_bytes));
        write_secret_file(file, made.pem());
        return made;
    }
    Ed25519Key::PemFault fault{};
    auto key = Ed25519Key::from_pem(*text, fault);
    if (fault == Ed25519Key::PemFault::other_kind)
        throw std::runtime_error{"The key in " + file + " is not an Ed25519 key."};
    if (!key)
        throw std::runtime_error{"The file " + file +
                                 " holds no private key in PEM that can be read without a passphrase."};
    return std::move(*key);
}

}  // namespace praline::store
