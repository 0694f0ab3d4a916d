#include "transfer/library/moves.hpp"

#include "transfer/library/limits.hpp"

namespace praline::library {

void Moves::left(std::uint32_t cookie, MovedFile what) {
    under_way_.insert_or_assign(cookie, std::move(what));
    cookies_.push_back(cookie);
    make_room();
}

bool Moves::arrived(std::uint32_t cookie, std::string const& path) {
    arrived_.erase(path);  // what was there before has been replaced
    auto const found = under_way_.find(cookie);
    if (found == under_way_.end()) return false;
    arrived_.insert_or_assign(path, std::move(found->second));
    under_way_.erase(found);
    paths_.push_back(path);
    make_room();
    return true;
}

bool Moves::left_again(std::uint32_t cookie, std::string const& path) {
    auto const found = arrived_.find(path);
    if (found == arrived_.end()) return false;
    MovedFile what = std::move(found->second);
    arrived_.erase(found);
    left(cookie, std::move(what));
    return true;
}

void Moves::touched(std::string const& path) { arrived_.erase(path); }

void Moves::clear() {
    under_way_.clear();
    arrived_.clear();
    cookies_.clear();
    paths_.clear();
}

/// The oldest are evicted: their files are hashed again, if they are ever looked at.
void Moves::make_room() {
    for (; cookies_.size() > moves_max; cookies_.pop_front()) under_way_.erase(cookies_.front());
    for (; paths_.size() > moves_max; paths_.pop_front()) arrived_.erase(paths_.front());
}

std::optional<MovedFile> Moves::take(std::string const& path, FileStamp const& now) {
    auto const found = arrived_.find(path);
    if (found == arrived_.end()) return std::nullopt;
    MovedFile const what = found->second;
    arrived_.erase(found);
    FileStamp const& then = what.stamp;
    bool const same = now.inode != 0 && then.inode == now.inode && then.device == now.device &&
                      then.size_bytes == now.size_bytes && then.mtime_ns == now.mtime_ns && then.one_name &&
                      now.one_name && now.ctime_ns >= then.ctime_ns;
    return same ? std::optional{what} : std::nullopt;
}

}  // namespace praline::library
