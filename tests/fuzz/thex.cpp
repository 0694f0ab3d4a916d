#include "transfer/content/thex.hpp"

#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "transfer/content/dime.hpp"
#include "transfer/content/limits.hpp"

namespace {

using namespace praline;
using content::TreeLevel;

TreeLevel level_of(ByteView file, std::uint64_t slice_bytes) {
    content::TigerTreeHasher hasher{slice_bytes};
    hasher.update(file);
    return hasher.finish();
}

/// What is read back of a level that was sent. A level of one node is the root, whatever its slice was said to be.
void require_round_trip(TreeLevel const& level) {
    auto const body = content::thex_encode(level);
    if (body.size() > content::thex_bytes_max) return;
    auto const back = content::thex_decode(body, level.root(), level.file_bytes);
    fuzz::require(back && back->nodes == level.nodes && back->file_bytes == level.file_bytes);
    fuzz::require(level.nodes.size() == 1 || back->slice_bytes == level.slice_bytes);
    auto const other_size = content::thex_decode(body, level.root(), level.file_bytes + 1);
    fuzz::require(!other_size);
}

/// The bytes as the nodes of a level.
TreeLevel level_of_nodes(ByteView in) {
    TreeLevel level;
    level.slice_bytes = content::leaf_bytes << in.size() % 5;
    for (; in.size() >= sizeof(TigerHash); in = in.subspan(sizeof(TigerHash))) {
        auto& node = level.nodes.emplace_back();
        std::transform(in.begin(), in.begin() + sizeof(TigerHash), node.bytes.begin(),
                       [](std::byte one) { return std::to_integer<std::uint8_t>(one); });
    }
    // The last node stands for what is left: between one byte and a whole slice.
    level.file_bytes = level.nodes.size() * level.slice_bytes - in.size();
    return level;
}

}  // namespace

/// Any bytes as the reply of a peer, as the description of a tree, as its nodes and as the file itself: nothing comes
/// back but a tree that leads to the trusted root, and what was sent is read back.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const in = fuzz::view(data, size);
    static TreeLevel const known = level_of(Bytes(5120, std::byte{'A'}), content::leaf_bytes);

    if (auto const level = content::thex_decode(in, known.root(), known.file_bytes)) {
        fuzz::require(level->root() == known.root() && level->file_bytes == known.file_bytes);
        fuzz::require(level->slice_count() == (level->file_bytes - 1) / level->slice_bytes + 1);
    }
    content::DimeRecord description{content::DimeType::media, "text/xml", "", Bytes(in.begin(), in.end())};
    content::DimeRecord nodes{content::DimeType::uri, "", "x", content::thex_nodes(known)};
    auto const described =
        content::thex_decode(content::dime_encode({description, nodes}), known.root(), known.file_bytes);
    if (described) fuzz::require(*described == known);

    require_round_trip(level_of(in, content::leaf_bytes << size % 4));
    if (size >= sizeof(TigerHash)) require_round_trip(level_of_nodes(in));
    return 0;
}
