#include "tools/praline/download_content.hpp"

#include <utility>

#include <sys/stat.h>

#include "tools/praline/shared_file_content.hpp"

namespace praline {

namespace {

/// Of the file that is asked for, and so the same before it is finished and after.
std::string etag_of(Urn const& urn, std::string const& id) {
    if (urn.sha1) return '"' + urn.sha1->base32() + '"';
    return '"' + (urn.tiger_root ? urn.tiger_root->base32() : id) + '"';
}

}  // namespace

DownloadContent::DownloadContent(download::DownloadManager& downloads, download::DownloadInfo const& info)
    : downloads_{downloads} {
    facts_.id = info.id;
    facts_.name = info.name;
    facts_.size_bytes = info.size_bytes.value_or(0);
    facts_.etag = etag_of(info.urn, info.id);
}

void DownloadContent::read(std::uint64_t at, std::size_t most, Done done) {
    downloads_.read(facts_.id, at, most, weak_from_this(), std::move(done));
}

std::shared_ptr<webui::ContentSource> finished_content(download::DownloadInfo const& info) {
    struct stat state {};
    if (::stat(info.path.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) return nullptr;
    library::SharedFile file;
    file.path = info.path;
    file.root = info.path.substr(0, info.path.rfind('/'));
    file.name = info.name;
    file.size_bytes = static_cast<std::uint64_t>(state.st_size);
    file.mtime_ns = std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + state.st_mtim.tv_nsec;
    file.ctime_ns = std::int64_t{state.st_ctim.tv_sec} * 1'000'000'000 + state.st_ctim.tv_nsec;
    file.inode = state.st_ino;
    return SharedFileContent::open(file, info.id, etag_of(info.urn, info.id), [] {});
}

}  // namespace praline
