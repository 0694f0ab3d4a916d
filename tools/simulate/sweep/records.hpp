#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/simulate/report/report.hpp"
#include "tools/simulate/sweep/plan.hpp"

/// What was asked so far, as lines of text: a heading that describes the job, then a line for each part of it that is
/// done. Lines of one job from any number of files make the same result as one run.
namespace praline::simulate::sweep {

/// Which part of every cell a process does: number, from 0, of so many.
struct Shard {
    std::uint64_t number = 0, of = 1;
    friend bool operator==(Shard const&, Shard const&) = default;
};
/// K/N with K from 1 to N, or from 0 as arrays of batch systems count: 0/N is N/N. @throws BadInput: a sentence
[[nodiscard]] Shard parse_shard(std::string const& text);

/// Of what was searched.
struct GraphSize {
    std::uint64_t nodes = 0, links = 0, components = 1, nodes_left_out = 0;
    friend bool operator==(GraphSize const&, GraphSize const&) = default;
};

/// Some units of a cell.
struct Record {
    std::uint64_t cell = 0;
    world::Share share;
    GraphSize graph;
    report::Tally tally;
};

/// Begins a file. @throws BadInput: a value that has a line end
[[nodiscard]] std::string heading_of(Job const& job, Shard const& shard);
/// With its line end.
[[nodiscard]] std::string line_of(Record const& record);

struct Records {
    Job job;
    Shard shard;
    std::string job_text;  ///< the heading but for the shard: the same in all files of a job
    std::vector<Record> all;
    std::size_t whole_bytes = 0;  ///< up to the end of the last whole line
};
/// A last line without its end is left out: its writer was killed.
/// @param name  of the file, for complaints   @throws BadInput naming the line
[[nodiscard]] Records parse_records(std::string_view text, std::string const& name);

/// One report for each cell that any record is of, in their order. Records of a cell are added in the order of their
/// units.
[[nodiscard]] std::vector<report::Report> reports_of(std::vector<Cell> const& cells, std::vector<Record> records);

/// @throws BadInput: a record is of what the job does not have, or two of a cell were made on overlays that differ
void check_records(std::vector<Cell> const& cells, std::vector<Record> const& records);

/// All of a job, from its files. @throws BadInput: they are not of the same job, or units are missing or there twice
[[nodiscard]] std::vector<report::Report> merge(std::vector<Records> const& files);

}  // namespace praline::simulate::sweep
