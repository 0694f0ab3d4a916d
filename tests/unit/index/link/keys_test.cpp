#include "index/link/keys.hpp"

#include <catch2/catch.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "node/base/text.hpp"
#include "node/store/key_file.hpp"

namespace keys_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::link;

namespace {

struct Folder {
    std::string path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "praline-keys-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::string file(std::string const& name) const { return path + "/" + name; }
};

void write(std::string const& file, std::string const& content, unsigned mode = 0600) {
    std::ofstream{file} << content;
    REQUIRE(::chmod(file.c_str(), mode) == 0);
}

std::string read(std::string const& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

unsigned mode_of(std::string const& file) {
    struct stat state {};
    REQUIRE(::stat(file.c_str(), &state) == 0);
    return state.st_mode & 07777U;
}

/// Under the passphrase "praline" if there is a cipher.
std::string pem_of(EVP_PKEY* key, EVP_CIPHER const* cipher) {
    BIO* const out = BIO_new(BIO_s_mem());
    REQUIRE(PEM_write_bio_PKCS8PrivateKey(out, key, cipher, "praline", 7, nullptr, nullptr) == 1);
    char* text = nullptr;
    auto const length = BIO_get_mem_data(out, &text);
    std::string const pem{text, static_cast<std::size_t>(length)};
    BIO_free(out);
    EVP_PKEY_free(key);
    return pem;
}

}  // namespace

TEST_CASE("the key of a seed is the one RFC 8032 gives") {
    // Section 7.1, tests 1 and 2.
    auto const key = [](char const* seed) { return Ed25519Key::from_seed(*from_hex(seed)).public_key().hex(); };
    REQUIRE(key("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60") ==
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    REQUIRE(key("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb") ==
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
}

TEST_CASE("a key is made once, for its owner only, and read again") {
    Folder folder;
    auto const file = folder.file("key.pem");
    write(file + ".new", "left behind", 0644);
    auto const made = store::load_or_create_key(file).public_key();
    REQUIRE(mode_of(file) == 0600);
    REQUIRE_THAT(read(file), Catch::StartsWith("-----BEGIN PRIVATE KEY-----\n"));
    REQUIRE(store::load_or_create_key(file).public_key() == made);
    REQUIRE(store::load_or_create_key(folder.file("other.pem")).public_key() != made);
}

TEST_CASE("a key file that others may use is refused, and left as it is") {
    Folder folder;
    auto const file = folder.file("key.pem");
    static_cast<void>(store::load_or_create_key(file));
    for (unsigned const mode : {0640U, 0604U, 0620U}) {
        REQUIRE(::chmod(file.c_str(), mode) == 0);
        REQUIRE_THROWS_WITH(store::load_or_create_key(file),
                            Catch::Contains(file) && Catch::Contains("chmod 600 " + file));
        REQUIRE(mode_of(file) == mode);
    }
}

TEST_CASE("a key file with anything else in it gives a sentence, and is not written over") {
    Folder folder;
    auto const file = folder.file("key.pem");
    for (std::string const& content : {std::string{}, std::string{"hello"}, std::string(4096, 'x')}) {
        write(file, content);
        REQUIRE_THROWS_WITH(store::load_or_create_key(file),
                            "The file " + file + " holds no private key in PEM that can be read without a passphrase.");
        REQUIRE(read(file) == content);
    }
    write(file, std::string(4097, 'x'));
    REQUIRE_THROWS_WITH(store::load_or_create_key(file), "The key file " + file + " is too long for a key.");
    REQUIRE_THROWS_WITH(store::load_or_create_key(folder.path), Catch::Contains(folder.path));
    REQUIRE_THROWS_WITH(store::load_or_create_key(folder.file("no/such/folder")), Catch::Contains("no/such/folder"));
}

TEST_CASE("a key of another kind, or one under a passphrase, gives a sentence") {
    Folder folder;
    auto const file = folder.file("key.pem");
    write(file, pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), nullptr));
    REQUIRE_THROWS_WITH(store::load_or_create_key(file), "The key in " + file + " is not an Ed25519 key.");
    write(file, pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_aes_128_cbc()));
    REQUIRE_THROWS_WITH(store::load_or_create_key(file), Catch::Contains("without a passphrase"));
}

TEST_CASE("the key of a group is derived as HKDF-SHA256 says") {
    // Computed apart, with HMAC of Python's standard library: no salt, info "praline index group key 1".
    REQUIRE(GroupSecret::from_bytes(Bytes(32, std::byte{0x2A})).key().public_key() ==
            Ed25519Key::from_seed(*from_hex("a9a9f3818d2da354cf308e6fc2d1374ae7123a827ac605f411aa859263b50170"))
                .public_key());
}

TEST_CASE("a group secret is made once and is the same key on every server") {
    Folder folder;
    auto const file = folder.file("group");
    auto const made = GroupSecret::load_or_create(file).key().public_key();
    REQUIRE(mode_of(file) == 0600);
    REQUIRE(read(file).size() == 65);
    REQUIRE(GroupSecret::load(file).key().public_key() == made);
    REQUIRE(GroupSecret::load_or_create(file).key().public_key() == made);
    auto const copy = folder.file("copy");
    write(copy, "  " + read(file) + "\n\n");
    REQUIRE(GroupSecret::load(copy).key().public_key() == made);
    REQUIRE(GroupSecret::load_or_create(folder.file("other")).key().public_key() != made);
}

TEST_CASE("a group secret that is missing, open to others or no secret gives a sentence") {
    Folder folder;
    auto const file = folder.file("group");
    REQUIRE_THROWS_WITH(GroupSecret::load(file), "There is no group secret at " + file +
                                                     ". Copy the file of another server of the group there.");
    REQUIRE(!std::filesystem::exists(file));
    for (std::string const& content :
         {std::string{}, std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'g')}) {
        write(file, content);
        auto const sentence =
            "The file " + file + " holds no group secret: it must be one line of 64 hexadecimal digits.";
        REQUIRE_THROWS_WITH(GroupSecret::load(file), sentence);
        REQUIRE_THROWS_WITH(GroupSecret::load_or_create(file), sentence);
        REQUIRE(read(file) == content);
    }
    write(file, std::string(64, 'a') + "\n", 0644);
    REQUIRE_THROWS_WITH(GroupSecret::load(file), Catch::Contains("chmod 600 " + file));
}

}  // namespace keys_test
