#include <algorithm>
#include <cerrno>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transfer/download/manager_impl.hpp"

namespace praline::download {

namespace asio = boost::asio;

namespace {

struct Judged {
    std::vector<std::uint64_t> good, bad;
};

/// The slices that lie wholly in the block.
Judged judge_block(Block const& block, content::TreeLevel const& tree) {
    Judged judged;
    auto const size = tree.slice_bytes;
    auto const end = block.begin + block.size;
    for (auto slice = (block.begin + size - 1) / size; slice * size < end; ++slice) {
        auto const slice_end = std::min((slice + 1) * size, tree.file_bytes);
        if (slice_end > end) break;
        auto const view = block.view().subspan(static_cast<std::size_t>(slice * size - block.begin),
                                               static_cast<std::size_t>(slice_end - slice * size));
        bool const good = content::hash_slice(view) == tree.nodes[slice];
        (good ? judged.good : judged.bad).push_back(slice);
    }
    return judged;
}

/// Reads `range` in blocks and gives them to `take`; false: it cannot be read or was cancelled.
template <class Take>
bool read_range(PartFile const& part, ByteRange range, std::atomic<bool> const& cancel, Take const& take) {
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes, range.size())));
    for (auto at = range.begin; at < range.end;) {
        auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), range.end - at));
        auto const into = std::span{buffer}.first(count);
        if (cancel || part.read(at, into) != 0) return false;
        take(ByteView{into});
        at += count;
    }
    return true;
}

int write_block(PartFile const& part, Block const& block) {
    int const error = part.write(block.begin, block.view());
    auto const end = block.begin + block.size;
    if (error == 0 && end / writeback_bytes != block.begin / writeback_bytes) {
        part.begin_writeback((end / writeback_bytes - 1) * writeback_bytes, writeback_bytes);
    }
    return error;
}

bool slice_is_right(PartFile const& part, content::TreeLevel const& tree, std::uint64_t slice, ByteRange range,
                    std::atomic<bool> const& cancel) {
    content::TigerTreeHasher hasher{tree.slice_bytes};
    if (!read_range(part, range, cancel, [&](ByteView bytes) { hasher.update(bytes); })) return false;
    return hasher.finish().root() == tree.nodes[slice];
}

}  // namespace

BlockPtr DownloadManager::Impl::take_block() {
    if (free_blocks.empty()) return std::make_shared<Block>();
    auto block = std::move(free_blocks.back());
    free_blocks.pop_back();
    return block;
}

/// Kept if nobody else has it any more.
void DownloadManager::Impl::recycle(BlockPtr block) {
    if (block.use_count() == 1 && free_blocks.size() < free_blocks_max) free_blocks.push_back(std::move(block));
}

void DownloadManager::Impl::reset_lane(Job& job) {
    job.lane = std::make_shared<Sha1Lane>(PoolStrand{pool.get_executor()});
    job.lane_at = 0;
    job.unfed.clear();
}

/// SHA-1 sees slices in order and only when they are verified: what is fetched again would be in it twice. What it does
/// not see here it reads from the disk in the end.
void DownloadManager::Impl::feed_lane(JobPtr const& job, BlockPtr block) {
    if (!job->needs_sha1()) return;
    if (block->begin < job->lane_at || (block->begin > job->lane_at && job->unfed.size() >= unfed_blocks_max)) return;
    job->unfed[block->begin] = std::move(block);
    auto const self = shared_from_this();
    for (auto at = job->unfed.begin(); at != job->unfed.end() && at->first <= job->lane_at; at = job->unfed.erase(at)) {
        if (at->first != job->lane_at) continue;
        auto next = std::move(at->second);
        job->lane_at += next->size;
        asio::post(job->lane->strand, [self, lane = job->lane, next = std::move(next)]() mutable {
            lane->hasher.update(next->view());
            asio::post(self->io, [self, next = std::move(next)]() mutable { self->recycle(std::move(next)); });
        });
    }
}

void DownloadManager::Impl::feed_lane_from_disk(JobPtr const& job, ByteRange range) {
    if (range.begin != job->lane_at || !job->needs_sha1()) return;
    job->lane_at = range.end;
    asio::post(job->lane->strand, [job, lane = job->lane, part = job->part, range] {
        // A read that fails shows in the digest; reading the slice to check it has just worked.
        read_range(*part, range, job->cancel, [&](ByteView bytes) { lane->hasher.update(bytes); });
    });
}

std::string DownloadManager::Impl::part_path(Job const& job) const {
    return options.partial_directory + "/" + job.id + ".part";
}

bool DownloadManager::Impl::open_part(Job& job) {
    if (job.part) return true;
    int error = make_directories(options.partial_directory);
    if (error == 0) job.part = PartFile::open(part_path(job), options.disk_fault, error);
    job.disk_error = error;
    return error == 0;
}

void DownloadManager::Impl::start_map(Job& job, std::uint64_t slice_bytes) {
    job.map = PieceMap{*job.size_bytes, slice_bytes};
    job.has_map = true;
    job.dirty = true;
    ++job.epoch;
    if (job.tree) job.contributors.clear();
    reset_lane(job);
}

/// What is on disk already is checked against the tree before anything else is fetched. @pre nothing is in flight.
void DownloadManager::Impl::adopt_tree(Job& job, content::TreeLevel tree, std::uint32_t giver) {
    auto const before = std::move(job.map);
    bool const had_map = job.has_map;
    job.tree_giver = job.root_given ? 0 : giver;
    job.tree = std::move(tree);
    start_map(job, job.tree->slice_bytes);
    save(job);
    if (!had_map || before.received_bytes() == 0) return;
    for (std::uint64_t slice = 0; slice < job.map.piece_count(); ++slice)
        if (before.has(job.map.range_of(slice))) job.map.accept(slice);
    job.recheck = true;
}

/// Writes a block and checks the slices in it.
void DownloadManager::Impl::submit(JobPtr const& job, BlockPtr block, std::uint32_t source) {
    job->in_flight += block->size;
    auto const self = shared_from_this();
    auto tree = job->tree ? std::shared_ptr<content::TreeLevel const>{job, &*job->tree} : nullptr;
    if (!job->writer) job->writer.emplace(pool.get_executor());
    asio::post(pool, [self, job, block, source, tree, part = job->part, epoch = job->epoch]() mutable {
        auto judged = tree ? judge_block(*block, *tree) : Judged{};
        asio::post(*job->writer,
                   [self, job, block = std::move(block), source, part, epoch, judged = std::move(judged)]() mutable {
                       int const error = write_block(*part, *block);
                       asio::post(self->io, [self, job, block = std::move(block), source, error, epoch,
                                             judged = std::move(judged)]() mutable {
                           job->in_flight -= block->size;
                           // After stop() the pool takes nothing more: what it were given would keep us for ever.
                           if (epoch == job->epoch && !self->stopped)
                               self->written(job, block, error, judged.good, judged.bad, source);
                           self->recycle(std::move(block));
                           job->room.cancel();
                       });
                   });
    });
}

void DownloadManager::Impl::written(JobPtr const& job, BlockPtr const& block, int error,
                                    std::vector<std::uint64_t> const& good, std::vector<std::uint64_t> const& bad,
                                    std::uint32_t source) {
    if (error != 0) {
        job->disk_error = error;
        return;
    }
    job->disk_wait = std::chrono::milliseconds{0};
    if (!job->tree) job->contributors.insert(source);
    for (auto const slice : job->map.written(block->range())) {
        if (!job->tree) {
            job->map.accept(slice);
        } else if (std::find(good.begin(), good.end(), slice) != good.end()) {
            judge(job, slice, true, source);
        } else if (std::find(bad.begin(), bad.end(), slice) != bad.end()) {
            judge(job, slice, false, source);
        } else {
            check_on_disk(job, slice, source);
        }
    }
    job->dirty = true;
    bool all_verified = true;
    for (auto slice = block->begin / job->map.piece_bytes(); job->map.range_of(slice).begin < block->range().end;
         ++slice) {
        all_verified = all_verified && job->map.is_verified(slice);
        if (job->map.range_of(slice).end >= job->map.file_bytes()) break;
    }
    if (all_verified) feed_lane(job, block);
}

/// A slice that came in several blocks.
void DownloadManager::Impl::check_on_disk(JobPtr const& job, std::uint64_t slice, std::uint32_t source) {
    ++job->checks;
    auto const self = shared_from_this();
    std::shared_ptr<content::TreeLevel const> const tree{job, &*job->tree};
    asio::post(
        pool, [self, job, slice, source, tree, part = job->part, range = job->map.range_of(slice), epoch = job->epoch] {
            bool const good = slice_is_right(*part, *tree, slice, range, job->cancel);
            asio::post(self->io, [self, job, slice, source, good, epoch] {
                --job->checks;
                if (epoch == job->epoch && !self->stopped) {
                    self->judge(job, slice, good, source);
                    if (good) self->feed_lane_from_disk(job, job->map.range_of(slice));
                }
                job->room.cancel();
            });
        });
}

void DownloadManager::Impl::judge(JobPtr const& job, std::uint64_t slice, bool good, std::uint32_t source) {
    job->dirty = true;
    if (good) {
        job->map.accept(slice);
        return;
    }
    job->map.reject(slice);
    if (job->map.range_of(slice).begin < job->lane_at) reset_lane(*job);
    if (stopped || job->cancel) return;
    // A tree that nothing has proved yet may condemn only the source that gave it.
    if (job->root_given || job->tree_giver == source) {
        auto const* const known = job->sources.find(source);
        if (known != nullptr) job->reason = known->source.endpoint.text() + " sent bytes that are not of this file.";
        if (job->sources.failed(source, Fault::corrupt, std::nullopt, now())) job->claims.forget(source);
    } else {
        disagrees(*job, source);
    }
    // What it sends next is no better: the connection ends, and another source has its turn.
    if (job->asked != source) return;
    job->condemned = true;
    close_connection(*job);
}

/// After a restart: which of the slices that were written are there, and SHA-1 as far as they reach from the start.
asio::awaitable<void> DownloadManager::Impl::recheck(JobPtr job) {
    struct Found {
        std::vector<bool> good;
        content::Sha1Hasher hasher;
        std::uint64_t in_order = 0;
    };
    set_state(*job, State::verifying, "What is on disk is checked.");
    auto const tree = job->tree;
    auto const map = job->map;
    auto const part = job->part;
    bool const needs_sha1 = job->needs_sha1();
    // Named: GCC 12 destroys a closure twice that is a temporary of a co_await.
    auto on_pool = [job, tree, map, part, needs_sha1]() -> asio::awaitable<std::shared_ptr<Found>> {
        auto result = std::make_shared<Found>();
        result->good.resize(static_cast<std::size_t>(map.piece_count()));
        for (std::uint64_t slice = 0; slice < map.piece_count() && !job->cancel; ++slice) {
            auto const range = map.range_of(slice);
            // The map on disk may be a second old. With a tree, what was written since shows by itself.
            if (!map.is_verified(slice) && !(tree && part->may_hold(range.begin, range.size()))) continue;
            bool good = !tree || slice_is_right(*part, *tree, slice, range, job->cancel);
            if (good && needs_sha1 && result->in_order == range.begin) {
                // Read again, from the page cache: SHA-1 may only see what is right.
                good = read_range(*part, range, job->cancel, [&](ByteView bytes) { result->hasher.update(bytes); });
                result->in_order = range.end;
            }
            result->good[static_cast<std::size_t>(slice)] = good;
        }
        co_return result;
    };
    auto const found = co_await asio::co_spawn(pool, std::move(on_pool), asio::use_awaitable);
    if (job->cancel || stopped) co_return;
    for (std::uint64_t slice = 0; slice < map.piece_count(); ++slice) {
        bool const good = found->good[static_cast<std::size_t>(slice)];
        if (good && !map.is_verified(slice)) job->map.accept(slice);
        if (!good && map.is_verified(slice)) job->map.reject(slice);
    }
    reset_lane(*job);
    job->lane->hasher = std::move(found->hasher);
    job->lane_at = found->in_order;
    job->recheck = false;
    job->dirty = true;
    set_state(*job, State::queued);
}

}  // namespace praline::download
