#include "tools/praline/shared_file_content.hpp"

#include <utility>

#include <unistd.h>

#include "transfer/upload/http_reply.hpp"

namespace praline {

std::shared_ptr<webui::ContentSource> SharedFileContent::open(library::SharedFile const& file,
                                                              std::function<void()> on_change) {
    return open(file, file.sha1.urn(), upload::etag_of(file.sha1), std::move(on_change));
}

std::shared_ptr<webui::ContentSource> SharedFileContent::open(library::SharedFile const& file, std::string id,
                                                              std::string etag, std::function<void()> on_change) {
    auto opened =
        upload::SharedFd::open({file.root, file.path, file.size_bytes, file.mtime_ns, file.ctime_ns, file.inode});
    if (!opened) return nullptr;
    webui::ContentFacts facts;
    facts.id = std::move(id);
    facts.name = file.name;
    facts.size_bytes = file.size_bytes;
    facts.etag = std::move(etag);
    facts.modified_s = file.mtime_ns / 1'000'000'000;
    return std::shared_ptr<webui::ContentSource>{
        new SharedFileContent{std::move(*opened), std::move(facts), std::move(on_change)}};
}

void SharedFileContent::read(std::uint64_t at, std::size_t most, Done done) {
    Bytes block(most);
    auto const got = ::pread(file_.get(), block.data(), block.size(), static_cast<off_t>(at));
    block.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    // Looked at after the bytes were read: what was written before that shows.
    if (!file_.is_unchanged()) {
        block.clear();
        on_change_();
    }
    done(std::move(block));
}

}  // namespace praline
