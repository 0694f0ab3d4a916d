#include "index/server/join_check.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "index/replica/greeting.hpp"
#include "index/wire/codec.hpp"

namespace praline::index::server {
namespace asio = boost::asio;

namespace {

/// Kept by what it waits for: the dialling, then the timer.
struct Asking : std::enable_shared_from_this<Asking> {
    Asking(asio::io_context& context, ServerOptions const& options, std::function<void(JoinAnswer)> the_done)
        : io{context},
          to{*options.join},
          times{times_of(options.replica)},
          limits{options.links},
          done{std::move(the_done)},
          deadline{context} {}

    asio::io_context& io;
    Endpoint to;
    GroupTimes times;
    link::LinkLimits limits;
    std::function<void(JoinAnswer)> done;
    asio::steady_timer deadline;
    link::FramedLinkPtr link;

    void begin(link::Ed25519Key const& key) {
        auto const own = key.public_key();
        link::dial(io, to, key, own, limits, [self = shared_from_this(), own](link::Dialled dialled) {
            if (dialled.link) return self->wait_for_greeting(std::move(dialled.link));
            bool const other_group = dialled.seen_key && *dialled.seen_key != own;
            if (!other_group) return self->finish({false, dialled.problem});
            self->finish(
                {true, "The server at " + self->to.text() +
                           " belongs to another group: it does not have the secret that this server has. "
                           "Copy group.secret from its data directory, or name the right file with --group-secret."});
        });
    }

    void wait_for_greeting(link::FramedLinkPtr opened) {
        link = std::move(opened);
        deadline.expires_after(std::chrono::milliseconds{limits.handshake_ms_max});
        deadline.async_wait([self = shared_from_this()](boost::system::error_code) {
            self->finish({false, "The server at " + self->to.text() + " does not say who it is."});
        });
        auto const weak = weak_from_this();
        link->start(
            [weak](ByteView frame) {
                if (auto const self = weak.lock()) self->greeted(frame);
            },
            [weak](std::string const& why) {
                if (auto const self = weak.lock()) self->finish({false, why});
            });
    }

    /// A server says its Hello unasked. Ours is said only if it is to be refused: one that is fine says it when it has started.
    void greeted(ByteView frame) {
        auto const message = decode_between_servers(frame);
        auto const* const hello = message ? std::get_if<Hello>(&message->message) : nullptr;
        if (hello == nullptr)
            return finish({false, "The server at " + to.text() +
                                      " says something that this version of Praline does not understand."});
        auto const why = replica::objection(*hello, times);
        if (why.empty()) return finish({});
        link->send(encode(Envelope{}, Hello{server_protocol_version, Member{}, true, times}));
        finish({true, "The server at " + to.text() + " does not take this one into its group: " + why});
    }

    void finish(JoinAnswer answer) {
        auto const tell = std::exchange(done, nullptr);
        if (!tell) return;
        deadline.cancel();
        // It may be the link whose frame is just being read.
        if (link) asio::post(io, [closing = std::move(link)] { closing->close(); });
        tell(std::move(answer));
    }
};

}  // namespace

void ask_to_join(asio::io_context& io, ServerOptions const& options, std::function<void(JoinAnswer)> done) {
    std::make_shared<Asking>(io, options, std::move(done))->begin(options.secret.key());
}

}  // namespace praline::index::server
