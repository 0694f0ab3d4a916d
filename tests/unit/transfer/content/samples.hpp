#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <rhash.h>

#include "node/base/bytes.hpp"
#include "node/base/rng.hpp"
#include "node/base/text.hpp"
#include "node/base/urn.hpp"

namespace praline::content::samples {

inline Bytes letters(std::size_t count, char letter = 'A') { return Bytes(count, static_cast<std::byte>(letter)); }

inline Bytes random_bytes(std::size_t count, std::uint64_t seed) {
    Rng rng{seed};
    Bytes bytes(count);
    for (auto& byte : bytes) byte = static_cast<std::byte>(rng.next());
    return bytes;
}

inline std::string hex(TigerHash const& hash) { return to_hex(std::as_bytes(std::span{hash.bytes})); }

/// The answer of librhash, a program none of us wrote.
template <class Digest>
Digest by_rhash(unsigned which, ByteView data) {
    static bool const ready = (rhash_library_init(), true);
    (void)ready;
    Digest digest;
    rhash_msg(which, data.data(), data.size(), digest.bytes.data());
    return digest;
}
inline TigerHash root_by_rhash(ByteView data) { return by_rhash<TigerHash>(RHASH_TTH, data); }

/// A folder that goes when the test ends.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "praline-test-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    [[nodiscard]] std::filesystem::path const& path() const { return path_; }
    std::string write(std::string const& name, ByteView data) const {
        std::ofstream out{path_ / name, std::ios::binary};
        out.write(reinterpret_cast<char const*>(data.data()), static_cast<std::streamsize>(data.size()));
        return (path_ / name).string();
    }

private:
    std::filesystem::path path_;
};

}  // namespace praline::content::samples
