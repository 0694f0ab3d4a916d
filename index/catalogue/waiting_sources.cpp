#include "index/catalogue/waiting_sources.hpp"

#include <utility>

namespace praline::index::catalogue {
namespace {

void append_of(FileId file, std::set<Source> const& from, std::vector<Source>& to) {
    for (auto at = from.lower_bound({file, 0, {}}); at != from.end() && at->file == file; ++at) to.push_back(*at);
}

}  // namespace

WaitingSources::View::View(WaitingSources& sources) : sources_{sources} {
    std::lock_guard const lock{sources_.mutex_};
    epoch_ = sources_.epoch_;
    sources_.readers_.insert(epoch_);
}

WaitingSources::View::~View() {
    std::lock_guard const lock{sources_.mutex_};
    sources_.readers_.erase(sources_.readers_.find(epoch_));
    sources_.let_go();
}

std::vector<Source> WaitingSources::View::of(FileId file) const {
    std::vector<Source> found;
    std::lock_guard const lock{sources_.mutex_};
    append_of(file, sources_.waiting_, found);
    for (auto const& leaving : sources_.leaving_)
        if (leaving.epoch > epoch_) append_of(file, leaving.sources, found);
    return found;
}

void WaitingSources::committed(std::vector<Source> const& settled, std::set<Source> const& removed,
                               std::set<Source> added) {
    if (settled.empty() && removed.empty() && added.empty()) return;
    std::lock_guard const lock{mutex_};
    Leaving leaving{++epoch_, {}};
    auto at = settled.empty() ? waiting_.end() : waiting_.lower_bound(settled.front());
    for (auto const& source : settled) {
        while (at != waiting_.end() && *at < source) ++at;  // they are neighbours
        if (at != waiting_.end() && *at == source)
            leaving.sources.insert(leaving.sources.end(), waiting_.extract(at++));
    }
    for (auto const& source : removed) waiting_.erase(source);
    waiting_.merge(added);
    if (!leaving.sources.empty()) leaving_.push_back(std::move(leaving));
    let_go();
}

void WaitingSources::let_go() {
    // A reader who began at an epoch sees what was settled until then in its snapshot.
    while (!leaving_.empty() && (readers_.empty() || leaving_.front().epoch <= *readers_.begin())) leaving_.pop_front();
}

std::size_t WaitingSources::leaving() const {
    std::lock_guard const lock{mutex_};
    std::size_t count = 0;
    for (auto const& leaving : leaving_) count += leaving.sources.size();
    return count;
}

}  // namespace praline::index::catalogue
