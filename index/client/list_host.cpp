#include "index/client/list_host.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "index/wire/limits.hpp"
#include "node/log/log.hpp"
#include "node/net/system_clock.hpp"
#include "node/store/database.hpp"

namespace praline::index::client {
namespace {

constexpr std::chrono::milliseconds disk_wait{5};  // until it is asked again whether the list's file is busy

}  // namespace

ListHost::ListHost(boost::asio::io_context& io, std::string const& file, std::size_t entries_per_slice, Owner owner)
    : owner_{std::move(owner)},
      list_{file},
      update_{list_, owner_.shared, std::max<std::size_t>(entries_per_slice, 1)},
      update_timer_{io, [this] { update_slice(); }},
      read_timer_{io,
                  [this] {
                      if (auto const action = std::exchange(to_read_, std::nullopt)) read(*action);
                  }},
      told_{list_.own()} {}

void ListHost::shared_changed() {
    update_.wanted(net::now());
    schedule_update();
}

void ListHost::schedule_update() {
    if (!stopped_) update_timer_.set(update_.due());
}

void ListHost::update_slice() {
    if (list_.busy()) return update_timer_.set(net::now() + disk_wait);
    auto const began = net::now();
    try {
        update_.slice();
        update_.done(began, net::now());
    } catch (store::DatabaseError const& error) {
        trouble_ = error.what();
        log::warn("The list of what is published cannot be kept. {}", trouble_);
        update_.failed(net::now());
    }
    tell_if_changed();
    schedule_update();
}

/// A small change costs the servers as much as a large one: a pass tells of what fills one, and of the rest at its end.
std::size_t ListHost::change_entries_least() const { return update_.under_way() ? change_entries_max : 0; }

void ListHost::tell_if_changed() {
    if (list_.own() == told_ && !held_back_) return;
    if (list_.waiting() < change_entries_least()) return;
    held_back_ = false;
    told_ = list_.own();
    owner_.feed(ListChanged{told_});
}

void ListHost::read(ReadChange const& action) {
    if (stopped_) return;
    to_read_.reset();
    if (list_.busy()) {
        to_read_ = action;
        return read_timer_.set(net::now() + disk_wait);
    }
    ChangeRead read;
    try {
        auto next = list_.next_change(action.held, action.digest, action.reset, change_entries_least());
        held_back_ = !next.change && list_.waiting() > 0;
        read = {std::move(next.change), next.digest};
        trouble_.clear();
    } catch (store::DatabaseError const& error) {
        trouble_ = error.what();
        log::warn("What is shared cannot be published. {}", trouble_);
    }
    owner_.feed(std::move(read));
}

void ListHost::stop() {
    stopped_ = true;
    update_timer_.cancel();
    read_timer_.cancel();
}

}  // namespace praline::index::client
