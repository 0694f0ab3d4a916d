#include "transfer/download/piece_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transfer/download/whole_file.hpp"

namespace praline::download {

namespace asio = boost::asio;

namespace {

struct Judged {
    std::vector<std::uint64_t> good, bad;
};

/// The pieces that lie wholly in the block.
Judged judge_block(Block const& block, content::PieceProof const& proof) {
    Judged judged;
    auto const size = proof.piece_bytes();
    auto const end = block.begin + block.size;
    for (auto piece = (block.begin + size - 1) / size; piece * size < end; ++piece) {
        auto const piece_end = std::min((piece + 1) * size, proof.file_bytes());
        if (piece_end > end) break;
        auto const view = block.view().subspan(static_cast<std::size_t>(piece * size - block.begin),
                                               static_cast<std::size_t>(piece_end - piece * size));
        (proof.is_right(piece, view) ? judged.good : judged.bad).push_back(piece);
    }
    return judged;
}

int write_block(PartFile const& part, Block const& block) {
    int const error = part.write(block.begin, block.view());
    auto const end = block.begin + block.size;
    if (error == 0 && end / writeback_bytes != block.begin / writeback_bytes)
        part.begin_writeback((end / writeback_bytes - 1) * writeback_bytes, writeback_bytes);
    return error;
}

/// @return an errno
int check_named(PartFile const& part, std::uint64_t size, content::FileProof const& named,
                std::atomic<bool> const& cancel, bool& is_right) {
    is_right = size == named.file_bytes;
    if (!is_right || !named.sha256) return 0;
    content::Sha256 sha256{};
    int const error = hash_whole(part, size, sha256, cancel);
    is_right = sha256 == *named.sha256;
    return error;
}

/// For what takes no longer than a piece does.
std::atomic<bool> const never{false};

bool overlap(ByteRange left, ByteRange right) { return left.begin < right.end && right.begin < left.end; }

bool contains(std::vector<std::uint64_t> const& all, std::uint64_t one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

PieceDisk::PieceDisk(asio::io_context& io, std::shared_ptr<DiskPool> pool, Listener listener)
    : io_{io}, pool_{std::move(pool)}, listener_{std::move(listener)}, writer_{pool_->threads.get_executor()} {
    reset_lane();
}

int PieceDisk::open(std::string const& path, PartFile::FaultHook hook) {
    int error = 0;
    if (!part_) part_ = PartFile::open(path, std::move(hook), error);
    return error;
}

void PieceDisk::begin(std::uint64_t file_bytes, std::uint64_t piece_bytes, content::PieceProof proof, bool needs_sha1) {
    file_bytes_ = file_bytes;
    piece_bytes_ = piece_bytes;
    proof_ = std::move(proof);
    needs_sha1_ = needs_sha1;
    right_.clear();
    reset_lane();
}

ByteRange PieceDisk::range_of(std::uint64_t piece) const {
    return {piece * piece_bytes_, std::min((piece + 1) * piece_bytes_, file_bytes_)};
}

void PieceDisk::on_node(std::function<void()> act) {
    asio::post(io_, [self = shared_from_this(), act = std::move(act)] {
        if (self->pool_->is_stopped) return;
        try {
            act();
            self->listener_.progressed();
        } catch (std::exception const& error) {
            self->listener_.broke(error);
        }
    });
}

void PieceDisk::write(BlockPtr block) {
    if (block->size == 0) return pool_->blocks.give_back(std::move(block));
    in_flight_bytes_ += block->size;
    pending_.push_back({std::move(block)});
    begin_writes();
}

/// Two threads may change the order of two blocks: of those for the same bytes the later waits.
void PieceDisk::begin_writes() {
    for (auto at = pending_.begin(); at != pending_.end(); ++at) {
        auto const range = at->block->range();
        bool const waits =
            std::any_of(pending_.begin(), at, [&](Pending const& one) { return overlap(one.block->range(), range); });
        if (at->begun || waits) continue;
        at->begun = true;
        write_now(*at->block);
    }
}

/// `pending_` owns the block until it is written: whoever else held it would keep it from being used again.
void PieceDisk::write_now(Block const& block) {
    asio::post(pool_->threads, [self = shared_from_this(), &block, proof = proof_, part = part_] {
        auto judged = proof ? judge_block(block, proof) : Judged{};
        asio::post(self->writer_, [self, &block, part, judged = std::move(judged)] {
            int const error = write_block(*part, block);
            self->on_node(
                [self = self.get(), &block, error, judged] { self->written(block, error, judged.good, judged.bad); });
        });
    });
}

void PieceDisk::written(Block const& which, int error, std::vector<std::uint64_t> const& good,
                        std::vector<std::uint64_t> const& bad) {
    auto const at =
        std::find_if(pending_.begin(), pending_.end(), [&](Pending const& one) { return one.block.get() == &which; });
    auto block = std::move(at->block);
    pending_.erase(at);
    auto const range = block->range();
    in_flight_bytes_ -= block->size;
    if (error != 0) {
        auto const first = range.begin / piece_bytes_;
        std::erase_if(waiting_, [&](Waiting const& one) {
            return one.wanted.piece >= first && range_of(one.wanted.piece).begin < range.end;
        });
        listener_.failed(range, error);
    } else {
        listener_.written();
        for (auto& one : waiting_) {
            bool const is_good = contains(good, one.wanted.piece);
            if (!is_good && !contains(bad, one.wanted.piece)) continue;
            one.verdict = is_good;
            one.block = block;
        }
    }
    begin_writes();
    begin_checks();
    pool_->blocks.give_back(std::move(block));
}

void PieceDisk::check(swarm::CheckPiece const& wanted) {
    waiting_.push_back({wanted, std::nullopt, nullptr});
    // Not now: who asks is in the middle of something.
    on_node([self = this] { self->begin_checks(); });
}

void PieceDisk::begin_checks() {
    std::vector<Waiting> ready;
    std::erase_if(waiting_, [&](Waiting& one) {
        auto const range = range_of(one.wanted.piece);
        bool const waits = std::any_of(pending_.begin(), pending_.end(),
                                       [&](Pending const& block) { return overlap(block.block->range(), range); });
        if (!waits) ready.push_back(std::move(one));
        return !waits;
    });
    for (auto& one : ready) {
        if (!proof_)
            answer({one.wanted.check, true, {}}, one.wanted.piece, nullptr);
        else if (one.verdict && one.wanted.to_hash.empty())
            answer({one.wanted.check, *one.verdict, {}}, one.wanted.piece, std::move(one.block));
        else
            read_back(one.wanted);
    }
}

void PieceDisk::read_back(swarm::CheckPiece const& wanted) {
    ++checking_;
    asio::post(pool_->threads, [self = shared_from_this(), wanted, proof = proof_, part = part_] {
        auto found = hash_piece(*part, proof, wanted.piece, wanted.to_hash, never);
        self->on_node([self = self.get(), wanted, found = std::move(found)] {
            --self->checking_;
            if (found.error != 0)
                self->listener_.failed(self->range_of(wanted.piece), found.error);
            else
                self->answer({wanted.check, found.is_right, found.sha1}, wanted.piece, nullptr);
        });
    });
}

void PieceDisk::read(ByteRange range, std::function<void(Bytes)> done) {
    asio::post(pool_->threads, [self = shared_from_this(), range, part = part_, done = std::move(done)]() mutable {
        Bytes bytes(static_cast<std::size_t>(range.size()));
        if (!part || part->read(range.begin, bytes) != 0) bytes.clear();
        self->on_node([done = std::move(done), bytes = std::move(bytes)] { done(bytes); });
    });
}

void PieceDisk::answer(swarm::PieceChecked const& checked, std::uint64_t piece, BlockPtr block) {
    if (checked.is_right) feed_lane(piece, std::move(block));
    listener_.checked(checked);
}

/// What comes nearly in order is hashed from memory; a gap that is filled later, from the disk. The rest is read in the
/// end.
void PieceDisk::feed_lane(std::uint64_t piece, BlockPtr block) {
    if (!needs_sha1_) return;
    auto const range = range_of(piece);
    right_.add(range);
    if (block != nullptr && range.begin >= lane_at_ && lane_->unfed.size() < unfed_blocks_max)
        lane_->unfed.emplace(range.begin, Unfed{range, std::move(block)});
    auto& unfed = lane_->unfed;
    while (!unfed.empty() && unfed.begin()->first <= lane_at_ && !lane_->reads_disk &&
           lane_->blocks < unfed_blocks_max) {
        auto next = std::move(unfed.begin()->second);
        unfed.erase(unfed.begin());
        if (next.piece.begin == lane_at_)
            hash_from_memory(std::move(next));
        else
            pool_->blocks.give_back(std::move(next.block));
    }
    feed_lane_from_disk();
}

void PieceDisk::hash_from_memory(Unfed next) {
    lane_at_ = next.piece.end;
    ++lane_->blocks;
    asio::post(lane_->strand, [self = shared_from_this(), lane = lane_, next = std::move(next)]() mutable {
        auto const from = static_cast<std::size_t>(next.piece.begin - next.block->begin);
        lane->hasher.update(next.block->view().subspan(from, static_cast<std::size_t>(next.piece.size())));
        asio::post(self->io_, [self, lane, block = std::move(next.block)]() mutable {
            --lane->blocks;
            self->pool_->blocks.give_back(std::move(block));
        });
    });
}

void PieceDisk::feed_lane_from_disk() {
    if (!part_) return;  // closed while a read was under way
    auto const next = right_.first_in({lane_at_, file_bytes_});
    if (!next || next->begin != lane_at_ || lane_->reads_disk || lane_->unfed.contains(lane_at_)) return;
    lane_at_ = next->end;
    lane_->reads_disk = true;
    asio::post(lane_->strand, [self = shared_from_this(), lane = lane_, part = part_, range = *next] {
        int const error =
            read_range(*part, range, self->cancelled_, [&](ByteView bytes) { lane->hasher.update(bytes); });
        if (error != 0) lane->is_broken = true;
        self->on_node([self = self.get(), lane] {
            lane->reads_disk = false;
            if (lane == self->lane_) self->feed_lane_from_disk();
        });
    });
}

void PieceDisk::reset_lane() {
    lane_ = std::make_shared<Lane>(Strand{pool_->threads.get_executor()});
    lane_at_ = 0;
}

asio::awaitable<std::optional<std::vector<bool>>> PieceDisk::recheck(PieceMap map) {
    auto const self = shared_from_this();
    struct Found {
        std::vector<bool> good;
        content::Sha1Hasher hasher;
        std::uint64_t in_order = 0;
        bool hashes = false, is_whole = false;
    };
    // Named: GCC 12 destroys a closure twice that is a temporary of a co_await.
    auto on_pool = [self, map, proof = proof_, part = part_,
                    hashes = needs_sha1_]() -> asio::awaitable<std::shared_ptr<Found>> {
        auto found = std::make_shared<Found>();
        found->good.resize(static_cast<std::size_t>(map.piece_count()));
        found->hashes = hashes;
        for (std::uint64_t piece = 0; piece < map.piece_count() && !self->cancelled_; ++piece) {
            auto const range = map.range_of(piece);
            // The map on disk may be a second old. What was written since shows by itself, where pieces can be checked.
            if (!map.is_verified(piece) && !(proof && part->may_hold(range.begin, range.size()))) continue;
            bool good = !proof || hash_piece(*part, proof, piece, {}, self->cancelled_).is_right;
            if (good && found->hashes && found->in_order == range.begin) {
                // Read again, from the page cache: SHA-1 may only see what is right.
                found->hashes = read_range(*part, range, self->cancelled_,
                                           [&](ByteView bytes) { found->hasher.update(bytes); }) == 0;
                found->in_order = range.end;
            }
            found->good[static_cast<std::size_t>(piece)] = good;
        }
        found->is_whole = !self->cancelled_;
        co_return found;
    };
    auto const found = co_await asio::co_spawn(pool_->threads, std::move(on_pool), asio::use_awaitable);
    reset_lane();
    right_.clear();
    if (!found->is_whole) co_return std::nullopt;
    if (found->hashes) {
        lane_->hasher = std::move(found->hasher);
        lane_at_ = found->in_order;
    }
    for (std::uint64_t piece = 0; piece < map.piece_count(); ++piece)
        if (found->good[static_cast<std::size_t>(piece)]) right_.add(range_of(piece));
    co_return found->good;
}

asio::awaitable<std::optional<std::vector<Sha1>>> PieceDisk::hash(std::vector<ByteRange> ranges) {
    auto const self = shared_from_this();
    // Named: GCC 12 destroys a closure twice that is a temporary of a co_await.
    auto on_pool = [self, part = part_,
                    ranges = std::move(ranges)]() -> asio::awaitable<std::optional<std::vector<Sha1>>> {
        std::vector<Sha1> hashes;
        for (auto const& range : ranges) {
            content::Sha1Hasher hasher;
            int const error = read_range(*part, range, self->cancelled_, [&](ByteView bytes) { hasher.update(bytes); });
            if (error != 0) co_return std::nullopt;
            hashes.push_back(hasher.finish());
        }
        co_return hashes;
    };
    co_return co_await asio::co_spawn(pool_->threads, std::move(on_pool), asio::use_awaitable);
}

asio::awaitable<Finished> PieceDisk::finish(WholeProof wanted, bool needs_root, std::string part_path,
                                            std::string directory, std::string name) {
    auto const self = shared_from_this();
    // On the lane's strand, after its last update. Named: GCC 12 destroys a closure twice that is a temporary of a co_await.
    auto on_pool = [self, lane = lane_, part = part_, size = file_bytes_, from = lane_at_, wanted, needs_root,
                    part_path, directory, name]() -> asio::awaitable<Finished> {
        Finished done;
        done.disk_path = part_path.substr(0, part_path.rfind('/'));
        content::Sha1Hasher fresh;
        auto* const hasher = lane->is_broken ? &fresh : &lane->hasher;
        auto const hashes = hash_whole(*part, size, wanted.urn.sha1 ? hasher : nullptr, lane->is_broken ? 0 : from,
                                       needs_root, self->cancelled_);
        done.error = hashes.error;
        if (done.error != 0) co_return done;
        done.sha1_right = !wanted.urn.sha1 || hashes.sha1 == wanted.urn.sha1;
        done.root_right = !needs_root || hashes.root == wanted.urn.tiger_root;
        if (done.sha1_right && wanted.named)
            done.error = check_named(*part, size, *wanted.named, self->cancelled_, done.sha1_right);
        if (done.error != 0) co_return done;
        if (!done.sha1_right || !done.root_right) co_return done;
        // A source that was larger, or a partial file of an earlier life, must not leave bytes behind the end.
        done.error = part->cut_to(size);
        if (done.error == 0) done.error = part->sync();
        if (done.error != 0) co_return done;
        auto const placed = place(part_path, directory, name);
        done.error = placed.error;
        done.path = self->placed_path_ = placed.path;
        done.disk_path = directory;
        co_return done;
    };
    auto done = co_await asio::co_spawn(lane_->strand, std::move(on_pool), asio::use_awaitable);
    // Fed with all of it: another try reads it again.
    reset_lane();
    right_.clear();
    co_return done;
}

}  // namespace praline::download
