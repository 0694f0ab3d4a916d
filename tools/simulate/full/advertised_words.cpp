#include "tools/simulate/full/advertised_words.hpp"

#include <algorithm>
#include <iterator>

namespace praline::simulate::full {

using world::Node;

void AdvertisedWords::advertise(std::string const& word, bool keep_others, world::NodeSet const& holders,
                                FullNetwork& network) {
    for (auto one = holders_.begin(); !keep_others && one != holders_.end();) {
        if (one->first == word) {
            ++one;
            continue;
        }
        for (Node const node : one->second) std::erase(words_[node], one->first), network.share(node, words_[node]);
        one = holders_.erase(one);
    }
    std::vector<Node>& before = holders_[word];
    std::vector<Node> now;
    for (Node node = 0; node < network.nodes(); ++node)
        if (holders.has(node)) now.push_back(node);
    std::vector<Node> changed;
    std::set_symmetric_difference(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(changed));
    for (Node const node : changed) {
        if (holders.has(node))
            words_[node].push_back(word);
        else
            std::erase(words_[node], word);
        network.share(node, words_[node]);
    }
    before = std::move(now);
}

}  // namespace praline::simulate::full
