#include "transfer/library/hash_memory.hpp"

#include <algorithm>

#include "node/log/log.hpp"
#include "transfer/library/limits.hpp"

namespace praline::library {
namespace {

/// Of one change in memory, beside its tree: paths, hashes, the nodes of two maps.
constexpr std::size_t change_bytes = 600;

std::size_t bytes_of(content::TreeLevel const* tree) {
    return change_bytes + (tree ? tree->nodes.size() * sizeof(TigerHash) : 0);
}

}  // namespace

HashMemory::Change& HashMemory::change(std::string const& path) {
    auto const [at, is_new] = changes_.try_emplace(path);
    if (is_new) unsaved_bytes_ += change_bytes;
    return at->second;
}

void HashMemory::drop(std::map<std::string, Change>::iterator at) {
    if (auto const& hash = at->second.hash) {
        auto const [first, last] = by_inode_.equal_range({hash->stamp.inode, hash->stamp.ctime_ns});
        auto const mine = std::find_if(first, last, [&](auto const& one) { return one.second == at->first; });
        if (mine != last) by_inode_.erase(mine);
    }
    unsaved_bytes_ -= bytes_of(at->second.tree.get());
    changes_.erase(at);
}

std::optional<Remembered> HashMemory::find(std::string const& path, FileStamp const& stamp) {
    auto const waiting = changes_.find(path);
    if (waiting != changes_.end() && waiting->second.hash &&
        is_same_file(path, waiting->second.hash->stamp, path, stamp)) {
        waiting->second.missing = false;
        return waiting->second.hash;
    }
    bool const row_is_void = waiting != changes_.end() && (waiting->second.forget || waiting->second.hash);
    bool const to_be_missing = waiting != changes_.end() && waiting->second.missing;
    if (stamp.inode != 0) {
        auto const [first, last] = by_inode_.equal_range({stamp.inode, stamp.ctime_ns});
        for (auto at = first; at != last; ++at)
            if (auto const& hash = changes_.at(at->second).hash; is_same_file(at->second, hash->stamp, path, stamp))
                return hash;
    }
    std::optional<Remembered> found;
    with_store([&](FileStore& store) {
        auto known = store.file(path);
        if (known && !row_is_void && is_same_file(path, known->stamp, path, stamp)) {
            if (known->missing || to_be_missing || known->stamp != stamp)
                learned_again(path, stamp, known->sha1, known->tiger_root);
            found = std::move(known);
            return;
        }
        if (stamp.inode == 0) return;
        for (Remembered& other : store.files_of_inode(stamp)) {
            auto const newer = changes_.find(other.path);
            if (newer != changes_.end() && (newer->second.forget || newer->second.hash)) continue;
            if (!is_same_file(other.path, other.stamp, path, stamp)) continue;
            found = std::move(other);
            return;
        }
    });
    return found;
}

void HashMemory::learned(std::string const& path, FileStamp const& stamp, content::FileDigest digest) {
    learned_again(path, stamp, digest.sha1, digest.tree.root());
    Change& now = change(path);
    now.tree = std::make_shared<content::TreeLevel>(std::move(digest.tree));
    unsaved_bytes_ += bytes_of(now.tree.get()) - change_bytes;
    make_room();
}

void HashMemory::learned_again(std::string const& path, FileStamp const& stamp, Sha1 const& sha1,
                               TigerHash const& root) {
    if (auto const old = changes_.find(path); old != changes_.end()) {
        // A tree that waits to be written belongs to its content, which may have other paths.
        auto const tree = old->second.hash && old->second.hash->sha1 == sha1 ? old->second.tree : nullptr;
        drop(old);
        if (tree) {
            change(path).tree = tree;
            unsaved_bytes_ += bytes_of(tree.get()) - change_bytes;
        }
    }
    Change& now = change(path);
    now.hash = Remembered{path, stamp, sha1, root, false};
    if (stamp.inode != 0) by_inode_.emplace(Inode{stamp.inode, stamp.ctime_ns}, path);
}

void HashMemory::missing(std::string const& path) {
    change(path).missing = true;
    make_room();
}

void HashMemory::missing_in(std::string const& folder, std::int64_t now_s) {
    save(Clock::now(), now_s);  // or what waits would come back after it
    with_store([&](FileStore& store) { store.set_all_missing(folder, now_s); });
}

void HashMemory::forget(std::string const& path) {
    if (auto const old = changes_.find(path); old != changes_.end()) drop(old);
    change(path).forget = true;
}

/// While the database cannot be written: hashes that are lost are worked out again after the next start.
void HashMemory::make_room() {
    while (unsaved_bytes_ > unsaved_bytes_max && !changes_.empty()) {
        drop(changes_.begin());
        ++lost_;
    }
}

void HashMemory::write(std::string const& path, Change const& change, std::int64_t now_s) {
    if (change.forget && !change.hash) store_.remove(path);
    if (change.hash) store_.put(path, change.hash->stamp, change.hash->sha1, change.hash->tiger_root);
    if (change.hash && change.tree) store_.put_tree(change.hash->sha1, *change.tree);
    if (change.missing) store_.set_missing(path, now_s);
}

void HashMemory::save(Clock::time_point now, std::int64_t now_s) {
    if (!has_unsaved() || now < next_save_) return;
    try {
        store::Transaction transaction{store_.database()};
        for (auto const& [path, change] : changes_) write(path, change, now_s);
        transaction.commit();
        changes_.clear();
        by_inode_.clear();
        unsaved_bytes_ = 0;
        for (; !later_.empty(); later_.pop_front()) later_.front()(store_);
    } catch (store::DatabaseError const& error) {
        note(error);
        next_save_ = Clock::now() + save_again_after;
        return;
    }
    problem_.clear();
    if (lost_ > 0)
        log::warn("library: the hashes of {} files could not be kept and are worked out again after the next start",
                  lost_);
    lost_ = 0;
}

void HashMemory::note(store::DatabaseError const& error) {
    std::string const problem = "Hashes cannot be remembered, and are worked out again after the next start: " +
                                std::string{error.is_disk_full() ? "the disk is full. " : ""} + error.what();
    if (problem_ != problem) log::warn("library: {}", problem);
    problem_ = problem;
}

bool HashMemory::with_store(std::function<void(FileStore&)> const& act) {
    try {
        act(store_);
        return true;
    } catch (store::DatabaseError const& error) {
        note(error);
        // The problem stays until something could be written.
        next_save_ = std::max(next_save_, Clock::now() + save_again_after);
        return false;
    }
}

}  // namespace praline::library
