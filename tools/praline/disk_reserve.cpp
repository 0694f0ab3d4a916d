#include "tools/praline/disk_reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace praline {

std::uint64_t DiskReserve::free_bytes() const {
    struct statvfs disk {};
    if (::statvfs(folder_.c_str(), &disk) != 0) return UINT64_MAX;
    if (disk.f_files != 0 && disk.f_favail == 0) return 0;  // no further file has room
    return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

bool DiskReserve::give_up_if_full() {
    if (free_bytes() >= full_bytes) return false;
    ::unlink(file_.c_str());
    return true;
}

void DiskReserve::keep() {
    struct stat held {};
    if (::stat(file_.c_str(), &held) == 0 && static_cast<std::uint64_t>(held.st_blocks) * 512 >= bytes) return;
    if (free_bytes() < plenty_bytes) return;
    int const file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    bool const taken = ::posix_fallocate(file, 0, static_cast<off_t>(bytes)) == 0;
    ::close(file);
    if (!taken) ::unlink(file_.c_str());
}

}  // namespace praline
