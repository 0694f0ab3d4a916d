#include "transfer/download/orphan_files.hpp"

#include <algorithm>
#include <filesystem>

#include <sys/stat.h>

#include "node/log/log.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

namespace {

constexpr std::string_view part_ending = ".part";

}  // namespace

std::vector<Orphan> orphans_in(std::string const& folder, std::function<bool(std::string const& id)> const& is_known) {
    std::vector<Orphan> all;
    std::error_code error;
    for (auto at = std::filesystem::directory_iterator{folder, error};
         !error && at != std::filesystem::directory_iterator{} && all.size() < orphans_max; at.increment(error)) {
        auto const name = at->path().filename().string();
        if (!name.ends_with(part_ending) || is_known(name.substr(0, name.size() - part_ending.size()))) continue;
        struct stat facts {};
        if (::lstat(at->path().c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
        all.push_back(
            {name, at->path().string(), static_cast<std::uint64_t>(facts.st_size), std::int64_t{facts.st_mtim.tv_sec}});
    }
    std::sort(all.begin(), all.end(), [](Orphan const& left, Orphan const& right) { return left.name < right.name; });
    return all;
}

void name_orphans(std::vector<Orphan> const& orphans) {
    for (auto const& one : orphans)
        log::warn(
            "The partial file {} ({} bytes) belongs to no download; `praline partials` lists and removes such files.",
            one.path, one.size_bytes);
}

}  // namespace praline::download
