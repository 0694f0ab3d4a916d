#include "transfer/download/job_record.hpp"

#include "transfer/download/safe_name.hpp"

namespace praline::download {

Record record_of(Job const& job) {
    Record record;
    record.id = job.id;
    record.name = job.name;
    record.reason = job.reason;
    record.rank = job.worker.rank;
    record.destination = job.destination;
    record.urn = job.urn;
    record.root_given = job.root_given;
    record.proof = job.story.proof;
    record.named_only = true;
    record.state = job.is_over() || job.state == State::paused ? job.state : State::queued;
    record.size_bytes = job.story.size_bytes;
    record.sources = job.sources.sources();
    if (job.story.tree) record.tree = *job.story.tree;
    if (job.story.has_map) {
        record.slice_bytes = job.map().piece_bytes();
        record.map = job.map().packed();
    }
    return record;
}

void take_record(Job& job, Record const& record, Instant now) {
    job.state = record.state;
    job.name = safe_name(record.name);
    job.reason = job.is_over() ? record.reason : std::string{};
    job.worker.rank = record.rank;
    job.destination = record.destination;
    job.urn = record.urn;
    job.root_given = record.root_given;
    job.story.proof = record.proof;
    // Records of earlier versions call a root given that a stranger may have paired with the SHA-1.
    if (!record.named_only && record.urn.sha1) job.root_given = false;
    job.story.size_bytes = record.size_bytes;
    job.story.claims.believe_size(record.size_bytes);
    if (!job.root_given && record.urn.sha1 && job.state != State::completed) job.urn.tiger_root.reset();
    for (auto const& source : record.sources) job.sources.add(source, now);
}

}  // namespace praline::download
