#include "transfer/content/bencode.hpp"

#include <utility>

namespace praline::content {

std::string bencode(std::string_view bytes) { return std::to_string(bytes.size()) + ':' + std::string{bytes}; }

std::string bencode(std::uint64_t number) { return 'i' + std::to_string(number) + 'e'; }

std::string bencode_list(std::vector<std::string> const& items) {
    std::string text = "l";
    for (auto const& item : items) text += item;
    return text + 'e';
}

BencodeDictionary& BencodeDictionary::set(std::string key, std::string value) {
    values_[std::move(key)] = std::move(value);
    return *this;
}

std::string BencodeDictionary::text() const {
    std::string text = "d";
    for (auto const& [key, value] : values_) text += bencode(key) + value;
    return text + 'e';
}

}  // namespace praline::content
