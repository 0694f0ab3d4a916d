#include "transfer/download/folder_looks.hpp"

#include <cerrno>
#include <exception>
#include <memory>
#include <utility>

#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/base/text.hpp"
#include "node/net/system_clock.hpp"
#include "transfer/download/destination.hpp"
#include "transfer/download/part_file.hpp"

namespace praline::download {

namespace asio = boost::asio;

namespace {

net::SlowCallLimits call_limits(Limits const& limits) {
    return {limits.folder_looks_max, limits.folder_looks_waiting_max, limits.folder_look_time};
}

}  // namespace

FolderLooks::FolderLooks(boost::asio::io_context& io, Limits const& limits, Look look)
    : io_{io},
      kept_{limits.folder_known_time},
      calls_{io,
             call_limits(limits),
             [look = std::move(look)](std::string const& question) {
                 return look(static_cast<What>(question.front()), question.substr(1));
             },
             {ETIMEDOUT, EBUSY, [](std::exception const&) { return EAGAIN; }}} {}

void FolderLooks::look(What what, std::string const& path, Done done) {
    calls_.begin(static_cast<char>(what) + path, std::move(done));
}

std::optional<int> FolderLooks::known(What what, std::string const& path) {
    auto const time = net::now();
    std::erase_if(known_, [time](auto const& one) { return one.second.error && one.second.until <= time; });
    auto const question = static_cast<char>(what) + path;
    auto const [at, is_new] = known_.try_emplace(question);
    if (!is_new) return at->second.error;
    look(what, path, [this, question](int error) { known_[question] = {error, net::now() + kept_}; });
    return std::nullopt;
}

void FolderLooks::forget() {
    std::erase_if(known_, [](auto const& one) { return one.second.error.has_value(); });
}

asio::awaitable<int> FolderLooks::wait_for(What what, std::string path) {
    struct Answer {
        explicit Answer(asio::io_context& io) : came{io, asio::steady_timer::time_point::max()} {}
        asio::steady_timer came;
        int error = EBUSY;
    };
    auto const answer = std::make_shared<Answer>(io_);
    look(what, path, [answer](int error) {
        answer->error = error;
        answer->came.cancel();
    });
    boost::system::error_code ignored;
    co_await answer->came.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return answer->error;
}

std::string room_question(std::uint64_t bytes, std::string const& path) { return std::to_string(bytes) + path; }

int look_at(FolderLooks::What what, std::string const& path) {
    using What = FolderLooks::What;
    if (what == What::file) return ::access(path.c_str(), F_OK) == 0 ? 0 : errno;
    if (what != What::room) return try_folder(path, what == What::made);
    auto const slash = path.find('/');
    auto const wanted = parse_number(path.substr(0, slash));
    auto const free = wanted ? free_bytes(path.substr(slash)) : std::nullopt;
    return free && *free < *wanted ? ENOSPC : 0;
}

}  // namespace praline::download
