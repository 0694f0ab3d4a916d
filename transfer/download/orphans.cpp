// Partial files that belong to no download, because the database was lost or replaced. They may be all that is left of
// hours of work: they are named, and deleted by nobody but the user.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "transfer/download/manager_impl.hpp"

#include "node/log/log.hpp"

namespace praline::download {

namespace {

constexpr std::string_view part_ending = ".part";

}  // namespace

std::vector<Orphan> DownloadManager::Impl::orphans() const {
    std::vector<Orphan> all;
    std::error_code error;
    for (auto at = std::filesystem::directory_iterator{options.partial_directory, error};
         !error && at != std::filesystem::directory_iterator{} && all.size() < orphans_max; at.increment(error)) {
        auto const name = at->path().filename().string();
        if (!name.ends_with(part_ending) || find(name.substr(0, name.size() - part_ending.size()))) continue;
        struct stat facts {};
        if (::lstat(at->path().c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
        all.push_back(
            {name, at->path().string(), static_cast<std::uint64_t>(facts.st_size), std::int64_t{facts.st_mtim.tv_sec}});
    }
    std::sort(all.begin(), all.end(), [](Orphan const& left, Orphan const& right) { return left.name < right.name; });
    return all;
}

void DownloadManager::Impl::name_orphans() const {
    for (auto const& one : orphans())
        log::warn(
            "The partial file {} ({} bytes) belongs to no download; `praline partials` lists and removes such files.",
            one.path, one.size_bytes);
}

std::vector<Orphan> DownloadManager::orphans() const { return impl_->orphans(); }

std::string DownloadManager::remove_orphan(std::string const& name) {
    auto const all = impl_->orphans();
    auto const at = std::find_if(all.begin(), all.end(), [&](Orphan const& one) { return one.name == name; });
    if (at == all.end()) return "No partial file without a download is called " + name + ".";
    if (::unlink(at->path.c_str()) == 0) return {};
    return "The file " + at->path + " cannot be deleted: " + std::strerror(errno) + ".";
}

}  // namespace praline::download
