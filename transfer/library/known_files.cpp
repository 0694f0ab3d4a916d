#include "transfer/library/known_files.hpp"

namespace praline::library {

KnownFile* KnownFiles::find(std::string_view path) {
    std::size_t const slash = path.rfind('/');
    if (slash == std::string_view::npos) return nullptr;
    auto const directory = directories_.find(std::string{path.substr(0, slash)});
    if (directory == directories_.end()) return nullptr;
    auto const file = directory->second.files.find(std::string{path.substr(slash + 1)});
    return file == directory->second.files.end() ? nullptr : &file->second;
}

KnownDirectory* KnownFiles::find_directory(std::string const& path) {
    auto const found = directories_.find(path);
    return found == directories_.end() ? nullptr : &found->second;
}

KnownFile* KnownFiles::add(KnownDirectory& directory, std::string const& name, FileStamp const& stamp) {
    if (found_ >= files_max_) return nullptr;
    KnownFile& known = directory.files.try_emplace(name).first->second;
    known.stamp = stamp;
    count(known, 1);
    ++found_;
    return &known;
}

void KnownFiles::erase(KnownDirectory& directory, std::string const& path) {
    auto const file = directory.files.find(path.substr(path.rfind('/') + 1));
    if (file == directory.files.end()) return;
    set_state(directory, path, file->second, FileState::ready);  // which counts nowhere
    --found_;
    directory.files.erase(file);
}

void KnownFiles::set_state(KnownDirectory const& directory, std::string const& path, KnownFile& known,
                           FileState state) {
    set_stamp(directory, path, known, FileStamp{known.stamp}, state);
}

void KnownFiles::set_stamp(KnownDirectory const& directory, std::string const& path, KnownFile& known,
                           FileStamp const& stamp, FileState state) {
    count(known, -1);
    if (known.state == FileState::failed) roots_.left_out(directory.folder).remove(path);
    known.stamp = stamp;
    known.state = state;
    count(known, 1);
}

void KnownFiles::count(KnownFile const& file, int by) {
    if (file.state != FileState::waiting) return;
    auto const signed_by = static_cast<std::uint64_t>(static_cast<std::int64_t>(by));
    waiting_ += signed_by;
    bytes_waiting_ += signed_by * file.stamp.size_bytes;
}

bool KnownFiles::has_files_in(std::string const& path) const {
    for (auto at = directories_.lower_bound(path); at != directories_.end() && at->first.starts_with(path); ++at)
        if (is_within(at->first, path) && !at->second.files.empty()) return true;
    return false;
}

void KnownFiles::touch_all() {
    for (auto& [path, directory] : directories_)
        for (auto& [name, known] : directory.files) known.touched = true;
}

}  // namespace praline::library
