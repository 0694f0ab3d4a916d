#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "transfer/download/connections.hpp"

namespace praline::download {

/// The coroutine of each download that is wanted: from finding out what the file is to giving it its name.
/// Private to this room.   @threads the node's; held by a shared_ptr, which the coroutines share
class Workers : public std::enable_shared_from_this<Workers> {
public:
    Workers(ContextPtr context, std::shared_ptr<Belief> belief, std::shared_ptr<Connections> connections)
        : context_{std::move(context)}, belief_{std::move(belief)}, connections_{std::move(connections)} {}

    /// It works from now on, unless it is not wanted; if it does already it looks at once what there is to do.
    void ensure(JobPtr const& job);
    /// From time to time, while it fetches: a folder that is gone, or closed, ends that until it is back.
    void watch_folder(JobPtr const& job, Instant time);

private:
    boost::asio::awaitable<void> work(JobPtr job);
    boost::asio::awaitable<void> step(JobPtr job);
    boost::asio::awaitable<void> scout(JobPtr job);
    boost::asio::awaitable<void> fetch(JobPtr job);
    boost::asio::awaitable<void> sleep(JobPtr job, std::chrono::milliseconds time);
    boost::asio::awaitable<void> wait_for_sources(JobPtr job);
    void look_for_sources(Job& job, Instant time);
    boost::asio::awaitable<void> wait_for_disk(JobPtr job);
    boost::asio::awaitable<void> wait_for_folder(JobPtr job);
    boost::asio::awaitable<bool> folder_is_there(JobPtr job);
    bool take_look(Job& job, int error);
    boost::asio::awaitable<void> recheck(JobPtr job);
    boost::asio::awaitable<void> complete(JobPtr job);
    boost::asio::awaitable<void> come_to_rest(JobPtr job);

    ContextPtr context_;
    std::shared_ptr<Belief> belief_;
    std::shared_ptr<Connections> connections_;
};

}  // namespace praline::download
