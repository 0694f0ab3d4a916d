#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "transfer/download/belief.hpp"
#include "transfer/download/connections.hpp"
#include "transfer/download/context.hpp"
#include "transfer/download/workers.hpp"

namespace praline::download {

/// What the node asks for, and the clock of all downloads. Private to this room.
struct DownloadManager::Impl : std::enable_shared_from_this<DownloadManager::Impl> {
    Impl(boost::asio::io_context& io, Options options);
    void start();
    void stop();

    // download_manager.cpp
    Added add(Request request);
    [[nodiscard]] JobPtr make_job(Request const& request, Destination to);
    [[nodiscard]] static std::string refusal(Request const& request);
    void begin(JobPtr const& job, std::vector<Source> const& sources);
    [[nodiscard]] JobPtr new_job(std::string id);
    bool pause(JobPtr const& job);
    bool resume(JobPtr const& job);
    void remove(JobPtr const& job);
    void restore();
    void save_all();
    boost::asio::awaitable<void> tick();
    void measure(Job& job, std::int64_t micros);
    void watch_silence(Job& job, Instant time);
    void tell_countdowns();

    // arrange.cpp: lists of downloads, and their order
    AddedList add_list(DownloadList list);
    AddedList add_group(DownloadList list);
    void set_rank(std::vector<JobPtr> const& which, std::optional<Priority> priority, std::optional<Move> how);
    void set_folder(std::vector<JobPtr> const& which, std::string const& folder);
    /// A sentence that says why files cannot be put there; empty: they can. No value: it is being looked at.
    [[nodiscard]] std::optional<std::string> folder_problem(std::string const& folder);
    /// What is asked for again: it has failed, or its finished file was moved away since. No value: that is being looked at.
    [[nodiscard]] std::optional<bool> is_to_begin_anew(Job const& job);
    [[nodiscard]] DownloadInfo info_of(Job const& job, std::optional<std::size_t> place) const;

    ContextPtr const context;
    std::shared_ptr<Belief> const belief;
    std::shared_ptr<Connections> const connections;
    std::shared_ptr<Workers> const workers;
    boost::asio::steady_timer ticker;
    std::string told_countdown;  ///< id of the download whose countdown was announced last
};

/// Of a download or a group: letters and digits.
[[nodiscard]] std::string fresh_id();

}  // namespace praline::download
