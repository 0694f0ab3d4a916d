// The routing table of what a node shares, made in slices: a million names take a second, and nothing else waits for it.
#include <boost/asio/post.hpp>

#include "node/net/real_world.hpp"
#include "node/wire/keywords.hpp"
#include "tools/praline/node.hpp"

namespace praline {

void Node::tell_words(Instant now) {
    if (!words_changed_ || words_table_ || now < next_words_) return;
    words_changed_ = false;
    words_table_.emplace();
    go_on_with_words();
}

void Node::go_on_with_words() {
    if (stopping_) return;
    auto const begun = net::now();
    auto& table = *words_table_;
    auto const files = library_->after(table.after, NodeLimits::words_files);
    for (auto const& file : files) {
        for (auto const& word : wire::keywords(file->name)) table.builder.add(word);
        table.builder.add(file->sha1.urn());   // so that a query by URN finds its way through the tables too
    }
    if (files.size() == NodeLimits::words_files) {
        table.after = files.back()->virtual_path;
        table.cost += net::now() - begun;
        boost::asio::post(io_, [this] { go_on_with_words(); });
        return;
    }
    search::EngineOutput decided;
    hub_->set_local_table(overlay_->core(), table.builder.finest(), net::now(), decided);
    take(std::move(decided));
    table.cost += net::now() - begun;
    next_words_ = net::now() + NodeLimits::words_cost_factor * table.cost;
    words_table_.reset();
}

}  // namespace praline
