#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/net/watchdog.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/download/http_response.hpp"
#include "transfer/download/manager_impl.hpp"

namespace praline::download {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using Pushes = std::multimap<Guid, std::shared_ptr<PushWait>>;

/// A place among those that wait for a call, left however its scope is.
class PushPlace {
public:
    PushPlace(Pushes& pushes, Pushes::iterator place) : pushes_{pushes}, place_{place} {}
    ~PushPlace() { pushes_.erase(place_); }
    PushPlace(PushPlace const&) = delete;
    PushPlace& operator=(PushPlace const&) = delete;

private:
    Pushes& pushes_;
    Pushes::iterator place_;
};

}  // namespace

/// Asks a servent to call us and waits for it; `asked` and `answered` say what came of it.
asio::awaitable<void> DownloadManager::Impl::push(std::shared_ptr<PushWait> wait, Source source) {
    auto const self = shared_from_this();
    PushPlace const place{pushes, pushes.emplace(source.servent, wait)};
    wait->asked = options.request_push(source.servent, source.index);
    if (!wait->asked || wait->answered) co_return;
    wait->timer.expires_after(options.limits.push_time);
    error_code ignored;
    co_await wait->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// "GIV …" and an empty line, then the connection belongs to the download that waits for this servent.
asio::awaitable<void> DownloadManager::Impl::read_giv(Tcp::socket socket, Bytes read) {
    auto const self = shared_from_this();
    if (stopped || gives >= options.limits.gives_max) co_return;
    Counted const counted{gives};
    std::optional<std::size_t> length;
    {
        net::Watchdog watchdog{io, [&socket] {
                                   error_code ignored;
                                   socket.close(ignored);
                               }};
        watchdog.allow(options.limits.giv_time);
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
    if (!length || stopped) co_return;
    auto const text = as_text(read);
    auto const line = text.substr(0, text.find_first_of("\r\n"));
    auto const servent = parse_giv(line);
    if (!servent) co_return;
    for (auto [at, end] = pushes.equal_range(*servent); at != end; ++at) {
        auto const wait = at->second;
        if (wait->answered) continue;
        wait->answered = true;
        wait->socket = std::move(socket);
        wait->read.assign(read.begin() + static_cast<std::ptrdiff_t>(*length), read.end());
        wait->timer.cancel();
        co_return;
    }
}

}  // namespace praline::download
