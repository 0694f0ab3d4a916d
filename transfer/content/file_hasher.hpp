#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include "node/base/bytes.hpp"
#include "node/base/urn.hpp"
#include "transfer/content/tiger_tree.hpp"

namespace praline::content {

/// SHA-1 in portions (OpenSSL).
class Sha1Hasher {
public:
    Sha1Hasher();
    ~Sha1Hasher();
    Sha1Hasher(Sha1Hasher&&) noexcept;
    Sha1Hasher& operator=(Sha1Hasher&&) noexcept;
    void update(ByteView data);
    [[nodiscard]] Sha1 finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

struct FileDigest {
    Sha1 sha1;
    TreeLevel tree;
};

/// SHA-1 and Tiger tree in one pass over the file. `progress` gets bytes done so far and may return false to stop
/// (operation_canceled). Fails with errc::io_error-like codes of the system, or `errc::resource_unavailable_try_again`
/// when the file changed size while it was read.
/// @threads blocks; call on a pool thread.
[[nodiscard]] boost::system::result<FileDigest, boost::system::error_code> hash_file(
    std::string const& path, std::function<bool(std::uint64_t)> const& progress = {});
/// The same for a file that the caller has opened, from its start; it stays open.
[[nodiscard]] boost::system::result<FileDigest, boost::system::error_code> hash_handle(
    int handle, std::function<bool(std::uint64_t)> const& progress = {});

}  // namespace praline::content
