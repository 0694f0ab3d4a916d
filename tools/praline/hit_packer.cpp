#include "tools/praline/hit_packer.hpp"

#include <utility>

namespace praline {
namespace {

constexpr std::size_t record_bytes_about = 120;  // without its name and other places: hashes and sizes

constexpr std::size_t alternate_bytes = 6;

}  // namespace

wire::HitRecord record_of(library::SharedFile const& file) {
    wire::HitRecord record;
    record.index = file.index;
    record.size_bytes = file.size_bytes;
    record.name = file.name;
    record.urn = {file.sha1, file.tiger_root};
    return record;
}

std::size_t HitPacker::bytes_about(wire::HitRecord const& record) {
    return record.name.size() + record_bytes_about + alternate_bytes * record.alternates.size();
}

void HitPacker::add(wire::HitRecord record) {
    auto const bytes = bytes_about(record);
    if (hits_.empty() || hits_.back().records.size() >= records_per_hit || hit_bytes_ + bytes > hit_bytes_max_) {
        hits_.push_back(head_());
        hit_bytes_ = 0;
    }
    hits_.back().records.push_back(std::move(record));
    hit_bytes_ += bytes;
}

}  // namespace praline
