#include "tools/simulate/world/graphml.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tools/simulate/world/limits.hpp"
#include "transfer/content/xml_reader.hpp"

namespace praline::simulate::world {

namespace {

using content::XmlReader;

class Collector {
public:
    void open(XmlReader::Open const& element) {
        if (depth_++ == 0 && element.name != "graphml")
            throw BadInput{"is XML, but no GraphML: it begins with <" + element.name + ">"};
        if (element.name == "hyperedge") throw BadInput{"has a hyperedge, which is no link of two nodes"};
        if (element.name == "graph" && (++graphs_ > 1 || depth_ > 2))
            throw BadInput{"has more than one graph, or one within another"};
        if (element.name == "node") node_named(element.attribute("id"));
        if (element.name != "edge") return;
        auto const from = node_named(element.attribute("source")), to = node_named(element.attribute("target"));
        if (links_.size() >= links_max) throw BadInput{"has more edges than " + std::to_string(links_max)};
        links_.emplace_back(from, to);
    }
    void close() { --depth_; }
    [[nodiscard]] Graph graph() { return Graph{static_cast<Node>(nodes_.size()), std::move(links_)}; }

private:
    Node node_named(std::string const& id) {
        if (id.empty()) throw BadInput{"has a node without an id, or an edge without a source or target"};
        if (nodes_.size() >= nodes_max) throw BadInput{"has more nodes than " + std::to_string(nodes_max)};
        return nodes_.emplace(id, static_cast<Node>(nodes_.size())).first->second;
    }

    std::unordered_map<std::string, Node> nodes_;
    std::vector<Link> links_;
    unsigned depth_ = 0, graphs_ = 0;
};

}  // namespace

Graph parse_graphml(std::string_view document) {
    XmlReader reader{document};
    Collector collector;
    for (;;) {
        auto const event = reader.next();
        if (!event)
            throw BadInput{
                "is no well-formed XML in UTF-8, or is cut short, or has a document type or an entity of its "
                "own"};
        if (auto const* const element = std::get_if<XmlReader::Open>(&*event))
            collector.open(*element);
        else if (std::holds_alternative<XmlReader::Closed>(*event))
            collector.close();
        else if (std::holds_alternative<XmlReader::Ended>(*event))
            return collector.graph();
    }
}

}  // namespace praline::simulate::world
