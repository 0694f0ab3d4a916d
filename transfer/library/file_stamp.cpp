#include "transfer/library/file_stamp.hpp"

#include <string_view>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

namespace praline::library {
namespace {

std::int64_t nanoseconds(timespec const& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

std::string_view last_component(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

FileStamp stamp_from(struct stat const& state, bool has_inodes) {
    FileStamp stamp;
    stamp.size_bytes = static_cast<std::uint64_t>(state.st_size);
    stamp.mtime_ns = nanoseconds(state.st_mtim);
    stamp.ctime_ns = nanoseconds(state.st_ctim);
    stamp.device = state.st_dev;
    stamp.inode = has_inodes ? state.st_ino : 0;
    stamp.one_name = state.st_nlink <= 1;
    return stamp;
}

FileSystem file_system_of(int handle) {
    FileSystem kind;
    struct statfs facts {};
    if (::fstatfs(handle, &facts) != 0) return kind;
    switch (static_cast<std::uint32_t>(facts.f_type)) {  // statfs(2)
        case 0x4D44:                                     // msdos, vfat
        case 0x2011BAB0:                                 // exfat
            kind.has_inodes = false;
            break;
        case 0x65735546:  // fuse
            kind.has_inodes = false;
            kind.is_local = false;
            break;
        case 0x6969:      // nfs
        case 0x517B:      // smb
        case 0xFF534D42:  // cifs
        case 0xFE534D42:  // smb2
        case 0x01021997:  // 9p
        case 0x00C36400:  // ceph
        case 0x5346414F:  // afs
            kind.is_local = false;
            break;
        case 0x9FA0:      // proc
        case 0x62656572:  // sysfs
        case 0x1CD1:      // devpts
        case 0x64626720:  // debugfs
        case 0x74726163:  // tracefs
        case 0x73636673:  // securityfs
        case 0x27E0EB:    // cgroup
        case 0x63677270:  // cgroup2
        case 0xCAFE4A11:  // bpf
        case 0x62656570:  // configfs
        case 0x6165676C:  // pstore
        case 0xDE5E81E4:  // efivarfs
        case 0x19800202:  // mqueue
        case 0x65735543:  // fusectl
        case 0x42494E4D:  // binfmt_misc
        case 0xF97CFF8C:  // selinux
        case 0x6E736673:  // nsfs
            kind.is_real = false;
            break;
        default: break;
    }
    return kind;
}

bool is_same_file(std::string const& known_path, FileStamp const& known, std::string const& path,
                  FileStamp const& now) {
    if (known.size_bytes != now.size_bytes || known.mtime_ns != now.mtime_ns) return false;
    if (known.ctime_ns == 0) return known_path == path && now.ctime_ns == now.mtime_ns;
    if (known.ctime_ns != now.ctime_ns) return false;
    if (known.inode == 0 || now.inode == 0) return known_path == path;
    if (known.inode != now.inode) return false;
    return known.device == now.device || known_path == path || last_component(known_path) == last_component(path);
}

}  // namespace praline::library
