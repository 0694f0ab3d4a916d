#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "node/base/time.hpp"
#include "node/net/slow_calls.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

/// Looks at places that the user named, never on the node's thread: a dead network disk holds whoever looks at it.
/// @threads the io_context's one
class FolderLooks {
public:
    enum class What : char {
        folder = 'f',  ///< whether files can be put there: `try_folder`
        made = 'm',    ///< the same of one that is made when missing
        file = 'x',    ///< whether it is there
        room = 'r',    ///< whether a disk has as much room as `room_question` names: ENOSPC
    };
    /// @return an errno; blocks as long as it likes; called by several threads at once
    using Look = std::function<int(What what, std::string const& path)>;
    using Done = std::function<void(int error)>;

    FolderLooks(boost::asio::io_context& io, Limits const& limits, Look look);

    /// @param done  called later with an errno; ETIMEDOUT: nothing was found out in time; EBUSY: too much is asked
    void look(What what, std::string const& path, Done done);
    /// For who asks again until it is known. Empty: not yet; a look is under way.
    [[nodiscard]] std::optional<int> known(What what, std::string const& path);
    /// What is known is looked at again the next time.
    void forget();
    /// No callback is called after this, not even for those that wait.   @pre nothing is asked after it
    void stop() { calls_.stop(); }
    /// As `look`.
    [[nodiscard]] boost::asio::awaitable<int> wait_for(What what, std::string path);

private:
    struct Known {
        std::optional<int> error;  ///< empty: under way
        Instant until{};
    };

    boost::asio::io_context& io_;
    Duration kept_;
    std::map<std::string, Known> known_;
    net::SlowCalls<int> calls_;
};

/// The path of `What::room`.
[[nodiscard]] std::string room_question(std::uint64_t bytes, std::string const& path);
/// Nothing was found out: it is no word about the place itself.
[[nodiscard]] constexpr bool is_no_answer(int error) { return error == EBUSY || error == EAGAIN; }
/// By the system.   @threads any; blocks
[[nodiscard]] int look_at(FolderLooks::What what, std::string const& path);

}  // namespace praline::download
