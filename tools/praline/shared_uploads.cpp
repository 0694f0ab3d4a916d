#include "tools/praline/shared_uploads.hpp"

namespace praline {
namespace {

upload::Limits upload_limits(std::size_t slots) {
    upload::Limits limits;
    limits.slots = slots;
    return limits;
}

std::optional<upload::ServedFile> served(library::SharedFilePtr const& file) {
    if (!file) return std::nullopt;
    return upload::ServedFile{file->index, file->name,       file->path, file->size_bytes, file->mtime_ns,
                              file->sha1,  file->tiger_root, file->root, file->ctime_ns,   file->inode};
}

}  // namespace

std::optional<upload::ServedFile> LibraryContent::by_sha1(Sha1 const& sha1) { return served(library_.by_sha1(sha1)); }

std::optional<upload::ServedFile> LibraryContent::by_tiger_root(TigerHash const& root) {
    return served(library_.by_tiger_root(root));
}

std::optional<upload::ServedFile> LibraryContent::by_index(std::uint32_t index) {
    auto const file = library_.by_index(index);
    if (!file) return std::nullopt;
    return by_sha1(file->sha1);
}

SharedUploads::SharedUploads(boost::asio::io_context& io, library::Library& library, NodeIdentity const& identity,
                             std::size_t slots)
    : content_{library}, server_{io, content_, upload_limits(slots), user_agent, identity.servent} {
    server_.connect_from(identity.bound.address);
}

bool SharedUploads::has_news() {
    bool const uploading = !server_.uploads().empty();
    return std::exchange(shown_, uploading) || uploading;
}

}  // namespace praline
