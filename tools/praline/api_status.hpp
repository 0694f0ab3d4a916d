#pragma once

#include "tools/praline/node_parts.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// A look at the whole node, and its end.
class StatusApi final : public webui::StatusControl {
public:
    /// @param problems  what the user should know of this run: sentences.
    StatusApi(NodeParts const& parts, std::vector<std::string> problems, std::function<void()> shut_down);
    webui::StatusView status() override;
    webui::Outcome<webui::Done> shut_down() override;
    void add_problem(std::string problem) { problems_.push_back(std::move(problem)); }

private:
    void add_transfers(webui::StatusView& view) const;
    [[nodiscard]] webui::IndexView index_view() const;

    NodeParts parts_;
    std::vector<std::string> problems_;
    std::function<void()> shut_down_;
    Instant started_;
};

}  // namespace praline
