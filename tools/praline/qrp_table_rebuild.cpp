#include "tools/praline/qrp_table_rebuild.hpp"

#include "node/wire/keywords.hpp"
#include "tools/praline/node_limits.hpp"

namespace praline {

void QrpTableRebuild::tick() {
    if (!changed_ || build_ || stopped_ || host_.now() < not_before_) return;
    changed_ = false;
    build_.emplace();
    continue_build();
}

void QrpTableRebuild::continue_build() {
    if (stopped_) return;
    auto const begun = host_.now();
    bool const more = add_slice();
    if (!more) host_.finished(build_->builder.finest());
    build_->cost += host_.now() - begun;
    if (more) return host_.post([this] { continue_build(); });
    not_before_ = host_.now() + NodeLimits::table_cost_factor * build_->cost;
    build_.reset();
}

bool QrpTableRebuild::add_slice() {
    auto const files = host_.files(build_->after, NodeLimits::table_files_a_slice);
    for (auto const& file : files) {
        for (auto const& word : wire::keywords(file->name)) build_->builder.add(word);
        build_->builder.add(file->sha1.urn());  // so that a query by URN finds its way through the tables too
    }
    if (files.size() < NodeLimits::table_files_a_slice) return false;
    build_->after = files.back()->virtual_path;
    return true;
}

}  // namespace praline
