#include "tools/praline/index_link.hpp"

#include <stdexcept>
#include <utility>

#include "node/log/log.hpp"
#include "tools/praline/node_storage.hpp"

namespace praline {

IndexLink::IndexLink(boost::asio::io_context& io, std::vector<std::string> servers, DataDirectory const& directory,
                     NodeIdentity const& identity, bool push_needed, library::Library const& library, Host host)
    : pages_{library} {
    if (servers.empty()) return;
    index::client::IndexClientOptions options;
    options.data_directory = directory.path();
    options.servers = std::move(servers);
    options.transfer_port = identity.bound.port;
    options.push_needed = push_needed;
    options.servent = identity.servent;
    options.agent = user_agent;
    try {
        client_ = std::make_unique<index::client::IndexClient>(io, std::move(options), client_host(std::move(host)));
    } catch (store::DatabaseError const& error) {
        problem_ = "The index is not used. " +
                   database_advice(error, directory.path() + "/index.db",
                                   "the record of what was published to index servers, which is published again");
    } catch (std::runtime_error const& error) {
        problem_ = std::string{"The index is not used. "} + error.what();
    }
    if (!problem_.empty()) log::error("{}", problem_);
}

index::client::IndexClient::Host IndexLink::client_host(Host host) {
    index::client::IndexClient::Host out;
    out.shared = [this](std::size_t from, std::size_t most) { return entries(from, most); };
    out.answered = [this, answered = std::move(host.answered)](index::client::SearchAnswered const& answer) {
        if (auto const search = searches_.extract(answer.search)) answered(search.mapped(), answer.answer, answer.cost);
    };
    out.failed = [this, failed = std::move(host.failed)](index::client::SearchFailed const& failure) {
        if (auto const search = searches_.extract(failure.search))
            failed(search.mapped(), failure.sentence, failure.cost);
    };
    out.state_changed = std::move(host.state_changed);
    return out;
}

void IndexLink::drop(Guid const& search) {
    std::erase_if(searches_, [&](auto const& one) {
        if (one.second != search) return false;
        client_->drop_search(one.first);
        return true;
    });
}

void IndexLink::shared_changed() {
    if (client_) client_->shared_changed();
}

void IndexLink::set_push_needed(bool push_needed) {
    if (client_) client_->set_push_needed(push_needed);
}

void IndexLink::stop() {
    if (client_) client_->stop();
}

std::vector<index::Entry> IndexLink::entries(std::size_t from, std::size_t most) {
    std::vector<index::Entry> entries;
    for (auto const& file : pages_.slice(from, most))
        entries.push_back({file->sha1, file->tiger_root, file->size_bytes, file->name});
    return entries;
}

}  // namespace praline
