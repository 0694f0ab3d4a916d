#include "tools/simulate/compare_command.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include <unistd.h>

#include "tools/simulate/progress.hpp"
#include "tools/simulate/report/html.hpp"
#include "tools/simulate/report/output_file.hpp"
#include "tools/simulate/report/report.hpp"
#include "tools/simulate/run.hpp"
#include "tools/simulate/scenario.hpp"
#include "tools/simulate/sweep/ranks.hpp"
#include "tools/simulate/sweep/records.hpp"
#include "tools/simulate/sweep/records_file.hpp"
#include "tools/simulate/world/facts.hpp"

namespace praline::simulate {

namespace {

using report::Report;

constexpr int exit_failed = 1, exit_usage = 2;
/// With --save each cell is done in so many parts: no more than one of them is lost.
constexpr std::uint64_t parts_saved = 16;

std::string form_of(bool json, bool csv) { return json ? "json" : csv ? "csv" : "table"; }

std::string text_of(std::span<Report const> reports, std::string const& command, std::string const& form) {
    if (form == "csv") return report::to_csv(reports);
    if (form == "table") return report::to_table(reports);
    return (command == "run" ? report::to_json(reports.front()) : report::to_json(reports)) + '\n';
}

/// With what else is wrong: a user mends all at once.
[[noreturn]] void refuse(sweep::Job const& job, std::vector<std::string> const& complaints) {
    std::string text;
    for (auto const& complaint : complaints) text += (text.empty() ? "" : "\n") + complaint;
    try {
        static_cast<void>(sweep::cells_of(job));
    } catch (world::BadInput const& error) {
        text += '\n' + std::string{error.what()};
    }
    throw world::BadInput{text};
}

/// Scenario and flags. @throws BadInput: a complaint a line
sweep::Job job_of(CompareOrder const& order) {
    Scenario scenario;
    if (!order.scenario.empty()) scenario = read_scenario(order.scenario);
    sweep::Job job{order.command, form_of(order.json, order.csv), std::move(scenario.settings), {}};
    if (order.command == "sweep" && !order.json) job.form = "csv";
    for (auto const& [key, option] : order.options)
        if (option->count() > 0)
            job.settings.push_back({key->name, order.flags.at(key->name), world::flag_of(key->name)});
    for (auto const& text : order.varied) job.varied.push_back(sweep::parse_varied(text));
    if (!scenario.complaints.empty()) refuse(job, scenario.complaints);
    return job;
}

/// Asks the queries of one process.
class Asker {
public:
    Asker(std::vector<sweep::Cell> const& cells, sweep::Shard const& shard, sweep::RecordsFile* file,
          Progress& progress, bool tells)
        : cells_{cells}, shard_{shard}, file_{file}, progress_{progress}, tells_{tells} {
        if (file == nullptr) return;
        sweep::check_records(cells, file->found());
        for (auto const& record : file->found()) found_.emplace(std::pair{record.cell, record.share.begin}, &record);
    }

    /// Of every cell the part that is this shard's, or up to a Ctrl-C.
    void ask_all() {
        for (std::size_t cell = 0; cell < cells_.size() && !Progress::interrupted(); ++cell) {
            auto const mine = world::Share{0, world::units_of(cells_[cell].options)}.part(shard_.number, shard_.of);
            auto const parts = file_ == nullptr ? 1 : std::min(parts_saved, std::max<std::uint64_t>(mine.units(), 1));
            for (std::uint64_t part = 0; part < parts && !Progress::interrupted(); ++part)
                if (auto const share = mine.part(part, parts); share.units() > 0) ask(cell, share);
        }
    }
    [[nodiscard]] std::vector<sweep::Record> const& records() const { return records_; }
    /// The overlay that was searched last; empty: all was in the file.
    [[nodiscard]] std::optional<world::Topology> take_topology() { return std::move(topology_); }

private:
    void ask(std::size_t at, world::Share const& share) {
        if (auto const found = found_.find({at, share.begin}); found != found_.end() && found->second->share == share) {
            records_.push_back(*found->second);
            return;
        }
        auto const& cell = cells_[at];
        auto const& topology = topology_of(cell);
        auto const& options = cell.options;
        std::uint64_t const warm_up = options.workload.items == 0 ? 0 : options.workload.warm_up * share.units();
        auto const queries =
            options.workload.items == 0 ? share.units() : options.queries * share.units() / options.workload.trials;
        progress_.begin(report::label_of(options) + (cells_.size() == 1 ? ""
                                                                        : " (" + std::to_string(at + 1) + " of " +
                                                                              std::to_string(cells_.size()) + ")"),
                        queries + warm_up);
        sweep::Record record{at, share, {topology.graph.nodes(), topology.graph.links()}, {}};
        // A generated overlay is what its seed makes it; of an edge list a reader expects every node.
        if (world::is_of_file(cell.request.topology))
            record.graph.components = topology.components, record.graph.nodes_left_out = topology.nodes_left_out;
        record.tally = run(topology.graph, options, share, &progress_);
        progress_.end();
        // Before anything is kept: what was found may be of an edge list that has changed since.
        if (!Progress::interrupted() && !records_.empty() && records_.back().cell == at)
            sweep::check_records(cells_, {records_.back(), record});
        if (file_ != nullptr && !Progress::interrupted()) file_->add(record);
        // None is left of a part that a Ctrl-C stopped before its first query.
        if (record.tally.queries() > 0) records_.push_back(std::move(record));
    }

    world::Topology const& topology_of(sweep::Cell const& cell) {
        auto const& [specification, seed] = std::pair{cell.request.topology, cell.options.seed};
        if (!topology_ || specification != specification_ || seed != seed_) {
            topology_.reset();
            topology_ = tells_ ? read_topology(specification, seed) : world::make_whole_topology(specification, seed);
            specification_ = specification;
            seed_ = seed;
        }
        return *topology_;
    }

    std::vector<sweep::Cell> const& cells_;
    sweep::Shard shard_;
    sweep::RecordsFile* file_;
    Progress& progress_;
    bool tells_;                                                                     // what is left out of an overlay
    std::map<std::pair<std::uint64_t, std::uint64_t>, sweep::Record const*> found_;  // by cell and first unit
    std::vector<sweep::Record> records_;
    std::optional<world::Topology> topology_;
    std::string specification_;  // of it
    std::uint64_t seed_ = 0;
};

void write_html(report::OutputFile const& file, sweep::Job const& job, sweep::Cell const& cell,
                world::Topology const* topology, std::vector<Report> const& reports) {
    std::string line = "simulate " + job.command;
    for (auto const& [name, value] : world::differing(cell.request, sweep::defaults_of(job.command))) {
        bool const plain =
            value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:.,/_-+=") ==
            std::string::npos;
        line += ' ' + name +
                (value == "true"    ? ""
                 : value == "false" ? "=false"
                 : plain            ? ' ' + value
                                    : " '" + value + "'");
    }
    auto const seed = cell.options.seed;
    auto const facts = topology != nullptr ? world::facts_of(topology->graph, seed)
                                           : world::facts_of(read_topology(cell.request.topology, seed).graph, seed);
    file.write(report::to_html(reports, facts, line));
}

std::string text_of(sweep::Job const& job, sweep::Shard const& shard, std::vector<sweep::Record> const& records) {
    std::string text = sweep::heading_of(job, shard);
    for (auto const& record : records) text += sweep::line_of(record);
    return text;
}

/// What every rank has asked, at the first. @throws std::runtime_error: what a rank could not do
std::vector<sweep::Record> gather(sweep::Ranks const& ranks, std::string const& mine) {
    std::vector<sweep::Record> all;
    for (auto const& text : ranks.gather(mine)) {
        if (text.starts_with('!')) throw std::runtime_error{text.substr(1)};
        for (auto& record : sweep::parse_records(text, "what a process sent").all) all.push_back(std::move(record));
    }
    return all;
}

int say_interrupted(std::string const& what) {
    std::fprintf(stderr, "simulate: stopped early; %s\n", what.c_str());
    return Progress::exit_interrupted;
}

struct Asked {
    std::vector<sweep::Record> records;
    std::optional<world::Topology> topology;
};

/// This process's part, and at the first rank that of all.
Asked ask_all(CompareOrder const& order, sweep::Job const& job, std::vector<sweep::Cell> const& cells,
              sweep::Shard const& shard, sweep::Ranks const& ranks) {
    std::unique_ptr<sweep::RecordsFile> saved;
    if (!order.save.empty()) saved = std::make_unique<sweep::RecordsFile>(order.save, job, shard);
    bool const terminal = isatty(STDERR_FILENO) != 0;
    Progress progress{!ranks.is_first() ? Progress::Show::nothing
                      : terminal        ? Progress::Show::one_line
                      : order.progress  ? Progress::Show::lines
                                        : Progress::Show::nothing};
    Asker asker{cells,
                {shard.number * ranks.count() + ranks.number(), shard.of * ranks.count()},
                saved.get(),
                progress,
                ranks.is_first()};
    if (ranks.count() == 1) {
        asker.ask_all();
        return {asker.records(), asker.take_topology()};
    }
    std::string mine;
    try {
        asker.ask_all();
        mine = text_of(job, shard, asker.records());
    } catch (std::exception const& error) {
        mine = std::string{"!"} + error.what();
    }
    return {gather(ranks, mine), asker.take_topology()};
}

int carry_out(CompareOrder const& order, sweep::Ranks const& ranks) {
    auto const job = job_of(order);
    auto const cells = sweep::cells_of(job);
    auto const shard = order.shard.empty() ? sweep::Shard{} : sweep::parse_shard(order.shard);
    if (!order.shard.empty() && !order.html.empty())
        throw world::BadInput{"--html is of the whole, not of a shard: give it to the run that is not divided"};
    if (!order.save.empty() && ranks.count() > 1)
        throw world::BadInput{"--save is of one process: use --shard in place of mpirun, and a file for each"};
    report::OutputFile const html{order.html};
    Progress::catch_interrupts();
    auto const asked = ask_all(order, job, cells, shard, ranks);
    if (!ranks.is_first()) return 0;
    if (!order.shard.empty()) {
        std::string const save = order.save.empty() ? "nothing is printed; --save FILE keeps what is done"
                                                    : order.save + " has what is done; the same command goes on there";
        if (Progress::interrupted()) return say_interrupted(save);
        std::printf("%s", text_of(job, shard, asked.records).c_str());
        return 0;
    }
    auto const reports = sweep::reports_of(cells, asked.records);
    if (!reports.empty()) {
        std::printf("%s", text_of(reports, job.command, job.form).c_str());
        report::flush_output();
        if (!order.html.empty())
            write_html(html, job, cells.front(), asked.topology ? &*asked.topology : nullptr, reports);
    }
    if (!Progress::interrupted()) return 0;
    return say_interrupted(std::string{reports.empty() ? "nothing is known yet" : "what is printed is partial"} +
                           (order.save.empty() ? "" : "; the same command goes on where it was"));
}

int carry_out(CompareOrder const& order) {
    sweep::Ranks const ranks;
    if (ranks.count() == 1) return carry_out(order, ranks);
    try {
        return carry_out(order, ranks);
    } catch (std::exception const& error) {
        // Others may wait for this one: it does not just leave. One sentence is enough where all fail alike.
        if (ranks.is_first()) std::fprintf(stderr, "simulate: %s\n", error.what());
        ranks.abort(dynamic_cast<world::BadInput const*>(&error) != nullptr ? exit_usage : exit_failed);
    }
}

int carry_out(MergeOrder const& order) {
    if (sweep::Ranks const ranks; !ranks.is_first()) return 0;
    std::vector<sweep::Records> files;
    for (auto const& path : order.files) files.push_back(sweep::parse_records(sweep::read_records_text(path), path));
    auto const reports = sweep::merge(files);
    auto const& job = files.front().job;
    bool const same = !order.json && !order.csv;
    std::printf("%s", text_of(reports, job.command, same ? job.form : form_of(order.json, order.csv)).c_str());
    return 0;
}

void add_command(CLI::App& app, CompareOrder& order, std::string const& description, std::string const& but,
                 std::function<int()>& action) {
    auto* const command = app.add_subcommand(order.command, description);
    command->add_option("--scenario", order.scenario,
                        "TOML file of the keys below; flags win. `simulate template` prints one");
    for (world::Key const& key : world::keys()) {
        if (key.name == but) continue;
        std::string& value = order.flags[key.name];
        auto* const option =
            key.kind == world::KeyKind::flag
                ? command->add_flag(world::flag_of(key.name), value, key.description)
                : command->add_option(world::flag_of(key.name), value, key.description)->option_text(key.form);
        order.options.emplace_back(&key, option);
    }
    auto* const json = command->add_flag("--json", order.json, "print JSON");
    if (order.command != "run") command->add_flag("--csv", order.csv, "print CSV")->excludes(json);
    if (order.command != "sweep")
        command->add_option("--html", order.html, "write a report with plots to this file as well")
            ->option_text("FILE");
    command->add_flag("--progress", order.progress,
                      "tell on stderr how far it is, and about how long it will take; on a terminal always");
    command
        ->add_option(
            "--shard", order.shard,
            "do the K-th of N parts only and print records, of which `simulate merge` makes the result; K from "
            "1, or from 0 to N-1")
        ->option_text("K/N");
    command
        ->add_option("--save", order.save,
                     "keep records here as they are made: the same command goes on where it was stopped")
        ->option_text("FILE");
    command->callback([&order, &action] { action = [&order] { return carry_out(order); }; });
}

}  // namespace

world::Topology read_topology(std::string const& specification, std::uint64_t seed) {
    world::Topology topology = world::make_whole_topology(specification, seed);
    if (auto const left_out = topology.what_is_left_out(); !left_out.empty())
        std::fprintf(stderr, "simulate: topology %s has %s\n", specification.c_str(), left_out.c_str());
    return topology;
}

void add_comparisons(CLI::App& app, CompareOrders& orders, std::function<int()>& action) {
    orders.run.command = "run";
    add_command(app, orders.run, "one strategy on one topology", "strategies", action);
    orders.compare.command = "compare";
    add_command(app, orders.compare, "several strategies on the same topology and queries", "strategy", action);
    orders.sweep.command = "sweep";
    add_command(app, orders.sweep, "a comparison at each combination of values, as CSV", "strategy", action);
    app.get_subcommand("sweep")
        ->add_option("--vary", orders.sweep.varied, "a key and its values; may be given several times")
        ->option_text("KEY=VALUE,…")
        ->required();
    auto* const merge =
        app.add_subcommand("merge", "the result of a run, compare or sweep from the records of all its shards");
    merge->add_option("FILE", orders.merge.files, "that --shard printed or --save kept")->required();
    auto* const json = merge->add_flag("--json", orders.merge.json, "print JSON, whatever the shards were asked for");
    merge->add_flag("--csv", orders.merge.csv, "print CSV, likewise")->excludes(json);
    merge->callback([&orders, &action] { action = [&orders] { return carry_out(orders.merge); }; });
}

}  // namespace praline::simulate
