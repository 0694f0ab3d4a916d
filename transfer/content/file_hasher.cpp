#include "transfer/content/file_hasher.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <new>

#include <openssl/evp.h>

#include "node/base/check.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {

struct Sha1Hasher::Impl {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
    void start() { check(EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr) == 1); }
};

Sha1Hasher::Sha1Hasher() : impl_{std::make_unique<Impl>()} {
    if (!impl_->context) throw std::bad_alloc{};
    impl_->start();
}
Sha1Hasher::~Sha1Hasher() = default;
Sha1Hasher::Sha1Hasher(Sha1Hasher&&) noexcept = default;
Sha1Hasher& Sha1Hasher::operator=(Sha1Hasher&&) noexcept = default;

void Sha1Hasher::update(ByteView data) { check(EVP_DigestUpdate(impl_->context.get(), data.data(), data.size()) == 1); }

Sha1 Sha1Hasher::finish() {
    Sha1 sha1;
    unsigned length = 0;
    check(EVP_DigestFinal_ex(impl_->context.get(), sha1.bytes.data(), &length) == 1 && length == sha1.bytes.size());
    impl_->start();
    return sha1;
}

namespace {

using boost::system::error_code;

error_code system_error(int number) { return {number, boost::system::system_category()}; }
error_code error_of(boost::system::errc::errc_t code) { return boost::system::errc::make_error_code(code); }

class File {
public:
    /// Non-blocking, so that opening a pipe does not wait for its writer.
    explicit File(std::string const& path) : handle_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}
    ~File() {
        if (handle_ >= 0) ::close(handle_);
    }
    File(File const&) = delete;
    File& operator=(File const&) = delete;
    [[nodiscard]] int handle() const { return handle_; }

private:
    int handle_;
};

bool same_state(struct stat const& left, struct stat const& right) {
    return left.st_size == right.st_size && left.st_mtim.tv_sec == right.st_mtim.tv_sec &&
           left.st_mtim.tv_nsec == right.st_mtim.tv_nsec;
}

/// Fills the block as far as the file goes. @return bytes read.
boost::system::result<std::size_t, error_code> read_block(int handle, std::span<std::byte> block) {
    std::size_t filled = 0;
    while (filled < block.size()) {
        ssize_t const count = ::read(handle, block.data() + filled, block.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error(errno);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

}  // namespace

boost::system::result<FileDigest, error_code> hash_file(std::string const& path,
                                                        std::function<bool(std::uint64_t)> const& progress) {
    File const file{path};
    if (file.handle() < 0) return system_error(errno);
    return hash_handle(file.handle(), progress);
}

boost::system::result<FileDigest, error_code> hash_handle(int handle,
                                                          std::function<bool(std::uint64_t)> const& progress) {
    struct stat before {
    }, after{};
    if (::fstat(handle, &before) != 0) return system_error(errno);
    if (!S_ISREG(before.st_mode)) return error_of(boost::system::errc::invalid_argument);
    ::posix_fadvise(handle, 0, 0, POSIX_FADV_SEQUENTIAL);

    auto const size = static_cast<std::uint64_t>(before.st_size);
    Sha1Hasher sha1;
    TigerTreeHasher tree{good_slice_bytes(size)};
    Bytes block(file_block_bytes);
    std::uint64_t done = 0;
    for (;;) {
        auto const count = read_block(handle, block);
        if (!count) return count.error();
        ByteView const data{block.data(), *count};
        sha1.update(data);
        tree.update(data);
        done += *count;
        if (progress && !progress(done)) return error_of(boost::system::errc::operation_canceled);
        // A file that grows as fast as it is read would never end.
        if (*count < block.size() || done > size) break;
    }
    if (::fstat(handle, &after) != 0) return system_error(errno);
    if (done != size || !same_state(before, after))
        return error_of(boost::system::errc::resource_unavailable_try_again);
    return FileDigest{sha1.finish(), tree.finish()};
}

}  // namespace praline::content
