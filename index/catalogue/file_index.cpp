#include "index/catalogue/file_index.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <span>

#include "index/catalogue/file_table.hpp"
#include "index/catalogue/schema.hpp"
#include "node/base/check.hpp"

namespace praline::index::catalogue {
namespace {

constexpr std::size_t capacity_least = 1024;
constexpr std::size_t full_tenths = 8;  // then it grows by half

__extension__ using Wide = unsigned __int128;

/// Sixteen bytes at a step: the product of two words that the key has gone into, folded.
std::uint64_t mixed(std::uint64_t left, std::uint64_t right) {
    auto const product = Wide{left} * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t word_at(std::byte const* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

std::uint64_t hash(std::uint64_t state, ByteView bytes) {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ULL, other = 0xD1B54A32D192ED03ULL;
    constexpr std::size_t step = 2 * sizeof(std::uint64_t);
    auto const mix = [&state](std::byte const* two) {
        state = mixed(word_at(two) ^ state ^ odd,
                      word_at(two + sizeof(std::uint64_t)) ^ (state >> 32U | state << 32U) ^ other);
    };
    state ^= mixed(bytes.size() + odd, other);
    for (; bytes.size() >= step; bytes = bytes.subspan(step)) mix(bytes.data());
    std::array<std::byte, step> rest{};
    std::copy(bytes.begin(), bytes.end(), rest.begin());
    mix(rest.data());
    return mixed(state ^ odd, other);
}

template <class Id>
ByteView bytes_of(Id const& id) {
    return std::as_bytes(std::span{id.bytes});
}

}  // namespace

FileIndex::FileIndex()
    : key_{std::uint64_t{std::random_device{}()} << 32U | std::random_device{}()},
      hashes_(capacity_least),
      values_(capacity_least) {}

std::uint64_t FileIndex::hash_of(Sha1 const& sha1) const {
    return std::max<std::uint64_t>(hash(key_, bytes_of(sha1)), 1);
}

std::uint64_t FileIndex::print(Entry const& entry) const {
    auto state = hash(~key_ ^ entry.size_bytes, bytes_of(entry.sha1));
    if (entry.tiger_root) state = hash(state, bytes_of(*entry.tiger_root));
    return std::max<std::uint64_t>(hash(state ^ (entry.tiger_root ? 1U : 0U), as_view(entry.name)), 1);
}

std::size_t FileIndex::home(std::uint64_t hash, std::size_t capacity) const {
    return static_cast<std::size_t>(Wide{hash} * capacity >> 64U);
}

std::optional<FileState> FileIndex::find(Sha1 const& sha1, std::size_t nth) const {
    auto const hash = hash_of(sha1);
    std::lock_guard const lock{mutex_};
    for (auto at = home(hash, hashes_.size()); hashes_[at] != 0; at = next(at)) {
        if (hashes_[at] != hash || nth-- > 0) continue;
        return state_at(at);
    }
    return std::nullopt;
}

std::optional<FileState> FileIndex::find(Sha1 const& sha1, FileId file) const {
    auto const hash = hash_of(sha1);
    std::lock_guard const lock{mutex_};
    auto const at = place_of(hash, file);
    return hashes_[at] == 0 ? std::nullopt : std::optional{state_at(at)};
}

FileState FileIndex::state_at(std::size_t at) const {
    return {values_[at].file(), values_[at].sources(), values_[at].print};
}

FileIndex::Value FileIndex::value_of(FileState const& state) {
    return {state.print,
            static_cast<std::uint64_t>(state.file.value()) << sources_bits | std::min(state.sources, sources_max)};
}

std::size_t FileIndex::place_of(std::uint64_t hash, FileId file) const {
    auto at = home(hash, hashes_.size());
    while (hashes_[at] != 0 && (hashes_[at] != hash || values_[at].file() != file)) at = next(at);
    return at;
}

void FileIndex::insert(std::uint64_t hash, Value const& value) {
    auto const at = place_of(hash, value.file());
    files_ += hashes_[at] == 0 ? 1 : 0;
    hashes_[at] = hash;
    values_[at] = value;
}

void FileIndex::erase(std::size_t at) {
    --files_;
    // Those behind move up, so that none is looked for in vain behind the gap.
    for (auto from = next(at); hashes_[from] != 0; from = next(from)) {
        auto const wanted = home(hashes_[from], hashes_.size());
        bool const may_move = at <= from ? wanted <= at || wanted > from : wanted <= at && wanted > from;
        if (!may_move) continue;
        hashes_[at] = hashes_[from];
        values_[at] = values_[from];
        at = from;
    }
    hashes_[at] = 0;
}

void FileIndex::grow_if_full() {
    if (10 * (files_ + 1) <= full_tenths * hashes_.size()) return;
    auto const capacity = hashes_.size() + hashes_.size() / 2;
    std::vector<std::uint64_t> hashes(capacity);
    std::vector<Value> values(capacity);
    // Readers go on meanwhile: nobody but this thread writes.
    for (std::size_t from = 0; from < hashes_.size(); ++from) {
        if (hashes_[from] == 0) continue;
        auto at = home(hashes_[from], capacity);
        while (hashes[at] != 0) at = at + 1 == capacity ? 0 : at + 1;
        hashes[at] = hashes_[from];
        values[at] = values_[from];
    }
    std::lock_guard const lock{mutex_};
    hashes_.swap(hashes);
    values_.swap(values);
}

void FileIndex::add(Sha1 const& sha1, FileState const& state) {
    auto const hash = hash_of(sha1);
    grow_if_full();
    undo_.push_back({hash, value_of(state), false});
    std::lock_guard const lock{mutex_};
    insert(hash, value_of(state));
}

void FileIndex::change(Sha1 const& sha1, FileState const& state) {
    auto const hash = hash_of(sha1);
    auto const at = place_of(hash, state.file);
    check(hashes_[at] != 0);
    undo_.push_back({hash, values_[at], true});
    std::lock_guard const lock{mutex_};
    values_[at] = value_of(state);
}

void FileIndex::remove(Sha1 const& sha1, FileId file) {
    auto const hash = hash_of(sha1);
    auto const at = place_of(hash, file);
    check(hashes_[at] != 0);
    undo_.push_back({hash, values_[at], true});
    std::lock_guard const lock{mutex_};
    erase(at);
}

void FileIndex::undone() {
    for (; !undo_.empty(); undo_.pop_back()) {
        auto const& step = undo_.back();
        if (step.was_there) grow_if_full();
        std::lock_guard const lock{mutex_};
        auto const at = place_of(step.hash, step.value.file());
        if (step.was_there)
            insert(step.hash, step.value);
        else if (hashes_[at] != 0)
            erase(at);
    }
}

void FileIndex::load(store::Database& database) {
    {
        std::lock_guard const lock{mutex_};
        std::fill(hashes_.begin(), hashes_.end(), 0);
        files_ = 0;
    }
    auto files = database.prepare("SELECT file, body FROM file ORDER BY file");
    auto sources = database.prepare("SELECT file, count(*) FROM source GROUP BY file ORDER BY file");
    bool more = sources.step();
    while (files.step()) {
        auto const file = files.integer(0);
        auto const record = decode_file(files.blob_view(1));
        while (more && sources.integer(0) < file) more = sources.step();
        if (!record || !more || sources.integer(0) != file) fail_as_damaged(database.file());
        bool const has_first = !record->variants.empty() && record->variants[0];
        auto const count = std::min<std::int64_t>(sources.integer(1), sources_max);
        grow_if_full();
        std::lock_guard const lock{mutex_};
        insert(hash_of(record->sha1), value_of({FileId{file}, static_cast<std::uint32_t>(count),
                                                has_first ? print(record->variants[0]->entry(record->sha1)) : 0}));
    }
}

}  // namespace praline::index::catalogue
