#include "index/catalogue/sha1_index.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <span>

#include "index/catalogue/rows.hpp"
#include "index/catalogue/schema.hpp"
#include "node/base/rng.hpp"

namespace praline::index {
namespace {

constexpr std::size_t settled_at_least = 64;   // by one transaction, while any wait

ByteView octets_of(Sha1 const& sha1) { return std::as_bytes(std::span{sha1.bytes}); }

template <class Files>
std::optional<FileId> find_in(Files const& files, Sha1 const& sha1) {
    auto const found = files.find(sha1);
    return found == files.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace

std::size_t RecentFiles::Hash::operator()(Sha1 const& sha1) const {
    std::array<std::uint64_t, 3> words{};
    std::memcpy(words.data(), sha1.bytes.data(), sha1.bytes.size());
    std::uint64_t state = key;
    for (auto const word : words) state = Rng{state ^ word}.next();
    return state;
}

RecentFiles::RecentFiles() : filling_{0, Hash{std::uint64_t{std::random_device{}()} << 32U | std::random_device{}()}}, settling_{0, filling_.hash_function()} {}

std::optional<FileId> RecentFiles::find(Sha1 const& sha1) const {
    std::lock_guard const lock{mutex_};
    if (auto const file = find_in(filling_, sha1)) return file;
    return find_in(settling_, sha1);
}

Sha1Index::Sha1Index(store::Database& database, RecentFiles& recent, std::size_t files_max)
    : database_{database}, recent_{recent}, files_max_{files_max}, select_{database.prepare("SELECT file FROM file_by_sha1 WHERE sha1 = ?")},
      replace_{database.prepare("REPLACE INTO file_by_sha1 VALUES (?, ?)")}, delete_{database.prepare("DELETE FROM file_by_sha1 WHERE sha1 = ?")},
      save_settled_{database.prepare("UPDATE total SET settled = max(settled, ?)")} {
    std::lock_guard const lock{recent_.mutex_};
    recent_.filling_.clear();
    recent_.settling_.clear();
    auto rows = database_.prepare("SELECT file, body FROM file WHERE file > (SELECT settled FROM total)");
    while (rows.step()) {
        auto const record = decode_file(rows.blob(1));
        if (!record) fail_as_damaged(database_.file());
        recent_.filling_.insert_or_assign(record->sha1, FileId{rows.integer(0)});
    }
}

std::optional<FileId> Sha1Index::find(Sha1 const& sha1) {
    if (!removed_.empty() && removed_.contains(sha1)) return std::nullopt;
    // Nobody else writes them, so the writer may look without the lock.
    if (auto const file = find_in(recent_.filling_, sha1)) return file;
    if (auto const file = find_in(recent_.settling_, sha1)) return file;
    Rows const rows{select_};
    select_.bind_borrowed(1, octets_of(sha1));
    if (!select_.step()) return std::nullopt;
    return FileId{select_.integer(0)};
}

void Sha1Index::add(Sha1 const& sha1, FileId file) {
    removed_.erase(sha1);
    std::lock_guard const lock{recent_.mutex_};
    auto const [at, is_new] = recent_.filling_.try_emplace(sha1, file);
    added_.emplace_back(sha1, is_new ? std::nullopt : std::optional{at->second});
    at->second = file;
}

void Sha1Index::remove(Sha1 const& sha1) {
    removed_.insert(sha1);
    delete_.bind(1, octets_of(sha1)).run();
}

void Sha1Index::settle_some() {
    if (next_ == order_.size()) return;
    auto const last = std::min(order_.size(), next_ + std::max(settled_at_least, 2 * added_.size()));
    for (auto at = next_; at < last; ++at) {
        auto const file = find_in(recent_.settling_, order_[at]);
        if (file && !removed_.contains(order_[at])) replace_.bind_borrowed(1, octets_of(order_[at])).bind(2, file->value()).run();
    }
    settled_ = last - next_;
    if (last == order_.size()) save_settled_.bind(1, settling_through_.value()).run();
}

void Sha1Index::committed() {
    std::lock_guard const lock{recent_.mutex_};
    auto& filling = recent_.filling_;
    auto& settling = recent_.settling_;
    for (; settled_ > 0; --settled_) settling.erase(order_[next_++]);
    for (auto const& sha1 : removed_) {
        filling.erase(sha1);
        settling.erase(sha1);
    }
    if (next_ == order_.size() && filling.size() >= files_max_) begin_to_settle();
    end_transaction();
}

void Sha1Index::begin_to_settle() {
    recent_.settling_.swap(recent_.filling_);
    order_.clear();
    next_ = 0;
    for (auto const& [sha1, file] : recent_.settling_) {
        order_.push_back(sha1);
        settling_through_ = std::max(settling_through_, file);
    }
    std::sort(order_.begin(), order_.end());
}

void Sha1Index::undone() {
    std::lock_guard const lock{recent_.mutex_};
    for (; !added_.empty(); added_.pop_back()) {
        auto const& [sha1, before] = added_.back();
        if (before) recent_.filling_.insert_or_assign(sha1, *before);
        else recent_.filling_.erase(sha1);
    }
    end_transaction();
}

void Sha1Index::end_transaction() {
    added_.clear();
    removed_.clear();
    settled_ = 0;
}

}  // namespace praline::index
