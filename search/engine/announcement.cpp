#include "search/engine/announcement.hpp"

#include "search/qrp/table_update.hpp"

namespace praline::search {

std::vector<wire::Qrp> const& UpdateCache::update(TablePtr const& before, TablePtr const& now) {
    if (now_ == nullptr || before_ != before || now_ != now) {
        messages_ = qrp::make_update(before.get(), *now);
        before_ = before;
        now_ = now;
    }
    return messages_;
}

}  // namespace praline::search
