#include "tools/simulate/sweep/records.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "node/base/text.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::sweep {

namespace {

constexpr std::string_view first_line = "simulate records 1";
constexpr std::string_view no_more_heading = "--";

[[noreturn]] void refuse(std::string const& name, std::size_t line, std::string const& why) {
    throw world::BadInput{name + ", line " + std::to_string(line) + ": " + why};
}

std::string joined(std::vector<std::string> const& values) {
    std::string text;
    for (auto const& value : values) text += (text.empty() ? "" : ",") + value;
    return text;
}

/// The last value of each key, in the order of the keys: two ways to say the same are the same. The number of threads
/// changes no result.
std::vector<world::Setting> settled(std::vector<world::Setting> const& settings) {
    std::vector<world::Setting> last;
    for (auto const& key : world::keys()) {
        auto const at = std::find_if(settings.rbegin(), settings.rend(),
                                     [&](world::Setting const& one) { return one.key == key.name; });
        if (at != settings.rend() && at->key != "threads") last.push_back(*at);
    }
    return last;
}

std::string job_text(Job const& job) {
    std::string text = "command " + job.command + "\nform " + job.form + '\n';
    for (auto const& setting : settled(job.settings)) text += "set " + setting.key + ' ' + setting.value + '\n';
    for (auto const& varied : job.varied) text += "vary " + varied.key + '=' + joined(varied.values) + '\n';
    return text;
}

/// Divides a text into whole lines.
class Lines {
public:
    explicit Lines(std::string_view text) : left_{text} {}
    /// @return false: there is no whole one any more.
    [[nodiscard]] bool next(std::string_view& line) {
        auto const end = left_.find('\n');
        if (end == std::string_view::npos) return false;
        line = left_.substr(0, end);
        left_.remove_prefix(end + 1);
        ++number_;
        return true;
    }
    [[nodiscard]] std::size_t number() const { return number_; }
    [[nodiscard]] std::size_t left() const { return left_.size(); }

private:
    std::string_view left_;
    std::size_t number_ = 0;
};

/// One line of a heading. @return false: it is none
bool take_heading(std::string_view line, Records& records) {
    auto const blank = line.find(' ');
    if (blank == std::string_view::npos) return false;
    auto const word = line.substr(0, blank);
    std::string const rest{line.substr(blank + 1)};
    auto& job = records.job;
    if (word == "command") return job.command = rest, rest == "run" || rest == "compare" || rest == "sweep";
    if (word == "form") return job.form = rest, rest == "table" || rest == "json" || rest == "csv";
    if (word == "shard") return records.shard = parse_shard(rest), true;
    if (word == "vary") return job.varied.push_back(parse_varied(rest)), true;
    auto const gap = rest.find(' ');
    if (word != "set" || gap == std::string::npos || world::key_named(rest.substr(0, gap)) == nullptr) return false;
    job.settings.push_back({rest.substr(0, gap), rest.substr(gap + 1), rest.substr(0, gap)});
    return true;
}

bool take_record(std::string_view line, Record& record) {
    report::NumberReader reader{line};
    auto& graph = record.graph;
    return reader.get(record.cell, record.share.begin, record.share.end, graph.nodes, graph.links, graph.components,
                      graph.nodes_left_out) &&
           record.tally.read(reader) && reader.is_at_end();
}

bool are_in_order(Record const& one, Record const& other) {
    return std::pair{one.cell, one.share.begin} < std::pair{other.cell, other.share.begin};
}

std::string range_text(world::Share const& share) {
    return std::to_string(share.begin + 1) + " to " + std::to_string(share.end);
}

/// Every unit of every cell once.
void check_complete(std::vector<Cell> const& cells, std::vector<Record> const& sorted) {
    auto at = sorted.begin();
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        auto const& options = cells[cell].options;
        std::string const what = options.workload.items > 0 ? "trials " : "queries ";
        std::string const of = " of " + report::label_of(options);
        std::uint64_t done = 0;
        auto const missing = [&](std::uint64_t end) {
            throw world::BadInput{what + range_text({done, end}) + of + " are in no file: is a shard missing?"};
        };
        for (; at != sorted.end() && at->cell == cell; ++at) {
            if (at->share.begin > done) missing(at->share.begin);
            if (at->share.begin < done) throw world::BadInput{what + range_text(at->share) + of + " are there twice"};
            done = at->share.end;
        }
        if (done < world::units_of(options)) missing(world::units_of(options));
    }
}

}  // namespace

Shard parse_shard(std::string const& text) {
    auto const slash = text.find('/');
    auto const number = parse_number(text.substr(0, slash));
    auto const of = slash == std::string::npos ? std::nullopt : parse_number(text.substr(slash + 1));
    if (!number || !of || *of < 1 || *of > world::shards_max || *number > *of)
        throw world::BadInput{"a shard is K/N, with K from 1 to N and N up to " + std::to_string(world::shards_max) +
                              ", not \"" + text + "\""};
    return {*number % *of, *of};
}

std::string heading_of(Job const& job, Shard const& shard) {
    for (auto const& setting : job.settings)
        if (setting.value.find_first_of("\r\n") != std::string::npos)
            throw world::BadInput{setting.key + " has a line end, which records cannot hold"};
    for (auto const& varied : job.varied)
        if (joined(varied.values).find_first_of("\r\n") != std::string::npos)
            throw world::BadInput{varied.key + " has a line end, which records cannot hold"};
    return std::string{first_line} + '\n' + job_text(job) + "shard " + std::to_string(shard.number) + '/' +
           std::to_string(shard.of) + '\n' + std::string{no_more_heading} + '\n';
}

std::string line_of(Record const& record) {
    report::NumberWriter writer;
    auto const& graph = record.graph;
    writer.put(record.cell, record.share.begin, record.share.end, graph.nodes, graph.links, graph.components,
               graph.nodes_left_out);
    record.tally.write(writer);
    return writer.text() + '\n';
}

Records parse_records(std::string_view text, std::string const& name) {
    Lines lines{text};
    std::string_view line;
    if (!lines.next(line) || line != first_line)
        throw world::BadInput{name + " has no records of simulate: it does not begin with \"" +
                              std::string{first_line} + "\""};
    Records records;
    bool has_begun = false;
    while (!has_begun && lines.next(line)) {
        has_begun = line == no_more_heading;
        if (!has_begun && !take_heading(line, records)) refuse(name, lines.number(), "this is no line of a heading");
    }
    if (!has_begun || records.job.command.empty() || records.job.form.empty())
        throw world::BadInput{name + " has no whole heading"};
    records.job_text = job_text(records.job);
    while (lines.next(line))
        if (!take_record(line, records.all.emplace_back())) refuse(name, lines.number(), "this is no record");
    records.whole_bytes = text.size() - lines.left();
    return records;
}

std::vector<report::Report> reports_of(std::vector<Cell> const& cells, std::vector<Record> records) {
    std::stable_sort(records.begin(), records.end(), are_in_order);
    std::vector<report::Report> reports;
    for (auto at = records.begin(); at != records.end();) {
        auto const& cell = cells[at->cell];
        auto const& graph = at->graph;
        report::Report report{
            cell.request.topology, static_cast<world::Node>(graph.nodes), graph.links, cell.options, {}};
        report.components = static_cast<world::Node>(graph.components);
        report.nodes_left_out = static_cast<world::Node>(graph.nodes_left_out);
        report.varied = cell.varied;
        auto const end = std::find_if(at, records.end(), [&](Record const& one) { return one.cell != at->cell; });
        for (; at != end; ++at)
            if (at->tally.queries() > 0) report.tally.add(at->tally);
        if (report.tally.queries() > 0) reports.push_back(std::move(report));
    }
    return reports;
}

void check_records(std::vector<Cell> const& cells, std::vector<Record> const& records) {
    std::map<std::uint64_t, GraphSize> graphs;
    for (auto const& one : records) {
        bool const is_known = one.cell < cells.size() && one.share.begin < one.share.end &&
                              one.share.end <= world::units_of(cells[one.cell].options);
        if (!is_known) throw world::BadInput{"a record is of queries that the run does not have"};
        auto const& options = cells[one.cell].options;
        auto const queries = options.workload.items > 0
                                 ? one.share.end * options.queries / options.workload.trials -
                                       one.share.begin * options.queries / options.workload.trials
                                 : one.share.units();
        if (one.tally.queries() != queries) throw world::BadInput{"a record does not count the queries that it is of"};
        auto const& graph = graphs.emplace(one.cell, one.graph).first->second;
        if (one.graph.nodes == 0 || one.graph.nodes > world::nodes_max || !(graph == one.graph))
            throw world::BadInput{"the records were made on overlays that differ: has an edge list changed?"};
    }
}

std::vector<report::Report> merge(std::vector<Records> const& files) {
    std::vector<Record> all;
    for (auto const& file : files) {
        if (file.job_text != files.front().job_text)
            throw world::BadInput{"the files are of different runs: their headings differ in more than the shard"};
        std::copy(file.all.begin(), file.all.end(), std::back_inserter(all));
    }
    auto const cells = cells_of(files.front().job);
    check_records(cells, all);
    std::stable_sort(all.begin(), all.end(), are_in_order);
    check_complete(cells, all);
    return reports_of(cells, std::move(all));
}

}  // namespace praline::simulate::sweep
