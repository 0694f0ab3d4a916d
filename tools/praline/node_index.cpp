// The node and the index: what it shares goes to the index servers, what its user asks comes back.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "node/net/real_world.hpp"
#include "tools/praline/node.hpp"
#include "tools/praline/node_storage.hpp"

namespace praline {

void Node::begin_index(std::uint16_t transfer_port) {
    if (config_.index.empty()) return;
    index::IndexClientOptions options;
    options.data_directory = directory_.path();
    options.servers = config_.index;
    options.transfer_port = transfer_port;
    options.push_needed = is_firewalled();
    options.servent = directory_.servent_guid();
    options.agent = "Praline/0.1";
    try {
        index_ = std::make_unique<index::IndexClient>(io_, std::move(options), index_host());
    } catch (store::DatabaseError const& error) {
        index_problem_ = "The index is not used. " + database_advice(error, directory_.path() + "/index.db", "what index servers have been told of the shared files, which is told again");
    } catch (std::runtime_error const& error) {
        index_problem_ = std::string{"The index is not used. "} + error.what();
    }
    if (!index_problem_.empty()) spdlog::error("{}", index_problem_);
}

index::IndexClient::Host Node::index_host() {
    index::IndexClient::Host host;
    host.shared = [this](std::size_t from, std::size_t most) { return shared_entries(from, most); };
    host.answered = [this](index::SearchAnswered const& told) {
        auto const search = index_searches_.extract(told.search);
        if (search) searches_->index_answered(search.mapped(), told.answer, told.price, {net::now(), net::unix_now()});
    };
    host.failed = [this](index::SearchFailed const& told) {
        auto const search = index_searches_.extract(told.search);
        if (search) searches_->index_failed(search.mapped(), told.sentence, told.price, {net::now(), net::unix_now()});
    };
    host.state_changed = [this] { notify("status"); };
    return host;
}

void Node::index_host_for(UserSearches::Host& host) {
    host.has_index = [this] { return index_ != nullptr; };
    host.ask_index = [this](Guid const& guid, index::Query query) { index_searches_[index_->search(std::move(query))] = guid; };
    host.drop_index = [this](Guid const& guid) {
        std::erase_if(index_searches_, [&](auto const& one) {
            if (one.second != guid) return false;
            index_->drop_search(one.first);
            return true;
        });
    };
}

/// A library may be large: the next slice goes on at the path where the last one ended.
std::vector<index::Entry> Node::shared_entries(std::size_t from, std::size_t most) {
    bool const goes_on = from > 0 && from == shared_cursor_.position;
    auto const files = goes_on ? library_->after(shared_cursor_.path, most) : library_->page(from, most, {});
    std::vector<index::Entry> entries;
    for (auto const& file : files) entries.push_back({file->sha1, file->tiger_root, file->size_bytes, file->name});
    shared_cursor_ = {from + files.size(), files.empty() ? std::string{} : files.back()->virtual_path};
    return entries;
}

}  // namespace praline
