#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "index/client/index_client.hpp"
#include "tools/praline/data_directory.hpp"
#include "tools/praline/node_identity.hpp"
#include "tools/praline/shared_file_pages.hpp"

namespace praline {

/// The node and the index: what it shares is published to index servers, what its user asks them comes back.
/// Runs on the node's thread.
class IndexLink {
public:
    struct Host {
        std::function<void(Guid const&, index::Answer const&, index::client::SearchCost const&)> answered;
        std::function<void(Guid const&, std::string const& problem, index::client::SearchCost const&)> failed;
        std::function<void()> state_changed;
    };
    /// Without servers, and when the client cannot be started, there is no index: `problem` says why in the second case.
    IndexLink(boost::asio::io_context& io, std::vector<std::string> servers, DataDirectory const& directory,
              NodeIdentity const& identity, bool push_needed, library::Library const& library, Host host);

    /// Null: there is none.
    [[nodiscard]] index::client::IndexClient const* client() const { return client_.get(); }
    [[nodiscard]] std::string const& problem() const { return problem_; }

    /// `answered` or `failed` follows, not from within. @pre client() is not null.
    void ask(Guid const& search, index::Query query) { searches_[client_->search(std::move(query))] = search; }
    /// Its answer is no longer wanted.
    void drop(Guid const& search);
    void shared_changed();
    void set_push_needed(bool push_needed);
    void stop();

private:
    [[nodiscard]] index::client::IndexClient::Host client_host(Host host);
    [[nodiscard]] std::vector<index::Entry> entries(std::size_t from, std::size_t most);

    SharedFilePages pages_;
    std::map<std::uint32_t, Guid> searches_;  ///< by the client's name for them
    std::string problem_;
    std::unique_ptr<index::client::IndexClient> client_;
};

}  // namespace praline
