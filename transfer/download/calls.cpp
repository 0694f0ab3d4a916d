#include "transfer/download/calls.hpp"

#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/net/watchdog.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/download/counted.hpp"
#include "transfer/download/http_response.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

namespace asio = boost::asio;
using boost::system::error_code;

/// A place among those that wait, left however its scope is.
class Calls::Place {
public:
    Place(Waits& waits, Waits::iterator place) : waits_{waits}, place_{place} {}
    ~Place() { waits_.erase(place_); }
    Place(Place const&) = delete;
    Place& operator=(Place const&) = delete;

private:
    Waits& waits_;
    Waits::iterator place_;
};

Calls::Calls(asio::io_context& io, Ask ask, Times times, std::size_t givs_max)
    : io_{io}, ask_{std::move(ask)}, times_{times}, givs_max_{givs_max} {}

asio::awaitable<void> Calls::wait_for(std::shared_ptr<Wait> wait, Guid servent, std::uint32_t index) {
    Place const place{waits_, waits_.emplace(servent, wait)};
    wait->was_asked_ = ask_(servent, index);
    if (!wait->was_asked_ || wait->has_called_) co_return;
    wait->timer_.expires_after(times_.push);
    error_code ignored;
    co_await wait->timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Calls::take(Socket socket, Bytes read) {
    if (is_stopped_ || givs_ >= givs_max_) co_return;
    Counted const counted{givs_};
    std::optional<std::size_t> length;
    {
        net::Watchdog watchdog{io_, [&socket] {
                                   error_code ignored;
                                   socket.close(ignored);
                               }};
        watchdog.allow(times_.giv);
        while (!(length = wire::head_length(read)) && read.size() < giv_bytes_max) {
            auto const before = read.size();
            read.resize(giv_bytes_max);
            error_code error;
            auto const count = co_await socket.async_read_some(asio::buffer(read.data() + before, read.size() - before),
                                                               asio::redirect_error(asio::use_awaitable, error));
            read.resize(before + count);
            if (error) break;
        }
    }
    if (!length || is_stopped_) co_return;
    auto const text = as_text(read);
    auto const servent = parse_giv(text.substr(0, text.find_first_of("\r\n")));
    if (!servent) co_return;
    read.erase(read.begin(), read.begin() + static_cast<std::ptrdiff_t>(*length));
    give(*servent, std::move(socket), std::move(read));
}

void Calls::give(Guid const& servent, Socket socket, Bytes behind) {
    for (auto [at, end] = waits_.equal_range(servent); at != end; ++at) {
        auto& wait = *at->second;
        if (wait.has_called_) continue;
        wait.has_called_ = true;
        wait.socket_ = std::move(socket);
        wait.read_ = std::move(behind);
        wait.timer_.cancel();
        return;
    }
}

void Calls::stop() {
    is_stopped_ = true;
    for (auto const& [servent, wait] : waits_) wait->timer_.cancel();
}

}  // namespace praline::download
