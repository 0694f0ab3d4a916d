#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

#include "index/server/server_identity.hpp"
#include "webui/index/index_views.hpp"

/// Source: Prometheus, "Exposition formats", text-based format 0.0.4.
namespace praline::webui {
using namespace index;
using namespace index::server;
using index::replica::MemberView;

namespace {

std::string number_text(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.10g", value);
    return text.data();
}

std::string escaped(std::string_view value) {
    std::string text;
    for (char const c : value) {
        if (c == '\n')
            text += "\\n";
        else if (c == '\\' || c == '"')
            text += std::string{'\\'} + c;
        else
            text += c;
    }
    return text;
}

class Exposition {
public:
    using Labels = std::vector<std::pair<std::string_view, std::string>>;
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = "praline_index_" + std::string{name};
        text_ += "# HELP " + name_ + " " + std::string{help} + "\n# TYPE " + name_ + " " + std::string{type} + "\n";
    }
    void sample(std::string const& value, Labels const& labels = {}, std::string_view suffix = "") {
        text_ += name_ + std::string{suffix};
        for (std::size_t i = 0; i < labels.size(); ++i)
            text_ += (i == 0 ? "{" : ",") + std::string{labels[i].first} + "=\"" + escaped(labels[i].second) + "\"";
        text_ += (labels.empty() ? " " : "} ") + value + "\n";
    }
    void gauge(std::string_view name, std::string_view help, double value) {
        family(name, "gauge", help);
        sample(number_text(value));
    }
    void summary(std::string_view name, std::string_view help, Latency const& latency) {
        constexpr double us = 1e6;
        family(name, "summary", help);
        sample(number_text(latency.p50_us / us), {{"quantile", "0.5"}});
        sample(number_text(latency.p90_us / us), {{"quantile", "0.9"}});
        sample(number_text(latency.p99_us / us), {{"quantile", "0.99"}});
        sample(number_text(latency.sum_us / us), {}, "_sum");
        sample(std::to_string(latency.count), {}, "_count");
    }
    /// One sample a member.
    template <class Value>
    void members(std::string_view name, std::string_view help, std::vector<MemberView> const& all, Value value) {
        family(name, "gauge", help);
        for (MemberView const& one : all)
            sample(number_text(value(one)),
                   {{"member", id_text(one.member.id)}, {"address", one.member.endpoint.text()}});
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string name_, text_;
};

double seconds_of(Duration time) { return std::chrono::duration<double>(time).count(); }

void add_members(Exposition& out, std::vector<MemberView> const& members) {
    out.members("member_direct", "1: over a link of its own; 0: by way of another server, or not at all.", members,
                [](MemberView const& m) { return m.direct ? 1.0 : 0.0; });
    out.members("member_suspected", "1: silent for too long, writes do not wait for it.", members,
                [](MemberView const& m) { return m.suspected ? 1.0 : 0.0; });
    out.members("member_silent_seconds", "Time since it was heard.", members,
                [](MemberView const& m) { return seconds_of(m.silent); });
    out.members("member_writes_missing", "Its writes that have not come here: our lag behind it.", members,
                [](MemberView const& m) { return static_cast<double>(m.writes_missing); });
    out.members("member_acks_missing", "Our writes that it has not acknowledged: its lag behind us.", members,
                [](MemberView const& m) { return static_cast<double>(m.acks_missing); });
    out.members("member_same", "1: the last comparison found no difference.", members,
                [](MemberView const& m) { return m.same ? 1.0 : 0.0; });
    out.members("member_differing_publishers", "Publishers in which the last comparison differed.", members,
                [](MemberView const& m) { return static_cast<double>(m.differing); });
    out.members("member_compared_seconds", "Time since the last comparison.", members,
                [](MemberView const& m) { return seconds_of(m.compared_ago); });
}

}  // namespace

std::string prometheus_text(ServerStatus const& status, std::string const& version) {
    Exposition out;
    out.family("info", "gauge", "Who this server is.");
    out.sample("1",
               {{"server", id_text(status.self.id)}, {"address", status.self.endpoint.text()}, {"version", version}});
    out.gauge("uptime_seconds", "Time since the start.", status.uptime_seconds);
    out.gauge("answers_alone", "0: young, another server is asked too.", status.answers_alone ? 1 : 0);
    out.gauge("draining", "1: about to leave the group.", status.draining ? 1 : 0);
    out.gauge("problem", "1: something is wrong; the status says what.", status.problem.empty() ? 0 : 1);
    out.gauge("load_ratio", "0 idle, 1 full.", status.self.load / 255.0);
    out.gauge("sessions", "Connected nodes.", static_cast<double>(status.sessions));
    out.gauge("publishers_here", "Nodes that are signed in here.", static_cast<double>(status.publishers_here));
    out.gauge("publishers", "Publishers known, of the whole group.", static_cast<double>(status.publishers));
    out.gauge("catalogue_files", "Different files.", static_cast<double>(status.catalogue.files));
    out.gauge("catalogue_entries", "Files times publishers.", static_cast<double>(status.catalogue.entries));
    out.gauge("catalogue_disk_bytes", "Of the catalogue's file.", static_cast<double>(status.catalogue.disk_bytes));
    out.gauge("catalogue_waiting", "Changes that wait to be written.", static_cast<double>(status.catalogue_waiting));
    out.gauge("searches_waiting", "Searches that wait for a thread.", static_cast<double>(status.searches_waiting));
    out.summary("search_seconds", "From a node's question to the answer; quantiles of the last 4096.", status.searches);
    out.summary("write_seconds", "From a node's change to its being at all servers; quantiles of the last 4096.",
                status.writes);
    add_members(out, status.members);
    for (auto const& [name, value] : status.counters) {
        out.family(name + "_total", "counter", "Since the start.");
        out.sample(std::to_string(value));
    }
    return out.take();
}

}  // namespace praline::webui
