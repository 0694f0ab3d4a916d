#include "transfer/content/file_description.hpp"

#include "fuzz/fuzz.hpp"
#include "node/base/text.hpp"
#include "transfer/content/http_url.hpp"
#include "transfer/content/limits.hpp"

/// Any bytes as a Metalink or a .torrent file, and as a proof that the disk kept: files with a way to check them, or a
/// sentence; URLs that are some; a proof that fits the size of its file and comes back from the disk.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    using namespace praline::content;
    auto const text = as_text(fuzz::view(data, size));
    if (auto const proof = FileProof::unpacked(text)) fuzz::require(FileProof::unpacked(proof->packed()) == proof);
    auto const read = read_description(text);
    if (auto const* const problem = std::get_if<std::string>(&read)) {
        fuzz::require(!problem->empty());
        return 0;
    }
    auto const& files = std::get<std::vector<FileDescription>>(read);
    fuzz::require(!files.empty() && files.size() <= described_files_max);
    for (auto const& file : files) {
        fuzz::require(!file.name.empty() && is_valid_utf8(file.name) && is_valid_utf8(file.problem));
        fuzz::require(!file.problem.empty() || file.urn.sha1 || file.proof);
        fuzz::require(file.urls.size() <= described_urls_max);
        for (auto const& url : file.urls) fuzz::require(HttpUrl::parse(url).has_value());
        if (!file.proof) continue;
        fuzz::require(file.proof->is_consistent() && file.proof->file_bytes == file.size_bytes);
        fuzz::require(FileProof::unpacked(file.proof->packed()) == *file.proof);
    }
    return 0;
}
