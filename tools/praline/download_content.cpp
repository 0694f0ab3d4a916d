#include "tools/praline/download_content.hpp"

#include <filesystem>
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
    : downloads_{downloads}, story_{info.story} {
    facts_.id = info.id;
    facts_.name = info.name;
    facts_.size_bytes = info.size_bytes.value_or(0);
    facts_.etag = etag_of(info.urn, info.id);
}

void DownloadContent::read(std::uint64_t at, std::size_t most, Done done) {
    if (finished_) return finished_->read(at, most, std::move(done));
    auto answer = [self = weak_from_this(), at, most, done = std::move(done)](Bytes bytes) {
        auto const here = self.lock();
        if (!here) return;
        if (bytes.empty() && here->turn_to_finished()) return here->finished_->read(at, most, done);
        done(std::move(bytes));
    };
    downloads_.read(facts_.id, story_, at, most, weak_from_this(), std::move(answer));
}

bool DownloadContent::turn_to_finished() {
    auto const info = downloads_.find(facts_.id);
    if (!info || info->state != download::State::completed) return false;
    auto finished = finished_content(*info);
    bool const is_same =
        finished && finished->facts().size_bytes == facts_.size_bytes && finished->facts().etag == facts_.etag;
    if (is_same) finished_ = std::move(finished);
    return is_same;
}

std::shared_ptr<webui::ContentSource> finished_content(download::DownloadInfo const& info) {
    // By a way without symbolic links, as what is sent is opened.
    std::filesystem::path const where{info.path};
    std::error_code error;
    auto const folder = std::filesystem::canonical(where.parent_path(), error);
    auto const path = (folder / where.filename()).string();
    struct stat state {};
    if (error || ::stat(path.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) return nullptr;
    library::SharedFile file;
    file.path = path;
    file.root = folder.string();
    file.name = info.name;
    file.size_bytes = static_cast<std::uint64_t>(state.st_size);
    file.mtime_ns = std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + state.st_mtim.tv_nsec;
    file.ctime_ns = std::int64_t{state.st_ctim.tv_sec} * 1'000'000'000 + state.st_ctim.tv_nsec;
    file.inode = state.st_ino;
    return SharedFileContent::open(file, info.id, etag_of(info.urn, info.id), [] {});
}

}  // namespace praline
