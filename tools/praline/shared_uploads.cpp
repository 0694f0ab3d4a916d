#include "tools/praline/shared_uploads.hpp"

#include "node/net/system_clock.hpp"
#include "node/wire/codec.hpp"
#include "tools/praline/hit_packer.hpp"

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

/// A partial file is known by its hash alone: it has no index, and no search finds it.
std::optional<upload::ServedFile> served(std::optional<download::Partial> const& partial) {
    if (!partial) return std::nullopt;
    upload::ServedFile file;
    file.name = partial->name;
    file.path = partial->path;
    file.root = partial->directory;
    file.size_bytes = partial->size_bytes;
    file.sha1 = partial->sha1;
    file.tiger_root = partial->tiger_root;
    file.verified.emplace();
    for (auto const& range : partial->verified) file.verified->push_back({range.begin, range.end});
    return file;
}

}  // namespace

std::optional<upload::ServedFile> NodeContent::by_sha1(Sha1 const& sha1) {
    if (auto file = served(library_.by_sha1(sha1))) return file;
    return downloads_ != nullptr ? served(downloads_->partial(sha1)) : std::nullopt;
}

std::optional<upload::ServedFile> NodeContent::by_tiger_root(TigerHash const& root) {
    if (auto file = served(library_.by_tiger_root(root))) return file;
    return downloads_ != nullptr ? served(downloads_->partial(root)) : std::nullopt;
}

std::optional<content::TreeLevel> NodeContent::tree(Sha1 const& sha1) {
    if (auto tree = library_.tree(sha1)) return tree;
    return downloads_ != nullptr ? downloads_->partial_tree(sha1) : std::nullopt;
}

std::optional<upload::ServedFile> NodeContent::by_index(std::uint32_t index) {
    auto const file = library_.by_index(index);
    if (!file) return std::nullopt;
    return by_sha1(file->sha1);
}

upload::ListPart NodeContent::list_behind(std::string const& position, Guid const& id) {
    if (!list_head_) return {};
    auto const files = library_.after(position, files_per_part);
    if (files.empty()) return {};
    HitPacker hits{list_head_, list_hit_bytes_max};
    for (auto const& file : files) hits.add(record_of(*file));
    upload::ListPart part{{}, files.back()->virtual_path};
    for (auto const& hit : hits.take()) {
        auto const message = wire::encode_message(id, wire::Function::query_hit, Ttl{1}, Hops{0}, hit);
        part.messages.insert(part.messages.end(), message.begin(), message.end());
    }
    return part;
}

SharedUploads::SharedUploads(boost::asio::io_context& io, library::Library& library, NodeIdentity const& identity,
                             std::size_t slots)
    : content_{library},
      server_{io, content_, upload_limits(slots), user_agent, identity.servent},
      advertised_{identity.advertised} {
    server_.connect_from(identity.bound.address);
    content_.locations()->set_own(identity.advertised);
}

std::vector<Endpoint> SharedUploads::places_for_hits(Sha1 const& sha1, std::size_t most) {
    content::AltLocations::Asker const anybody{advertised_.address, {advertised_}, false};  // ALT has no place for IPv6
    return locations().confirmed(sha1, anybody, most, net::now());
}

bool SharedUploads::has_news() {
    bool const uploading = !server_.uploads().empty();
    return std::exchange(shown_, uploading) || uploading;
}

}  // namespace praline
