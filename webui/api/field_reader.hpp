#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "node/base/text.hpp"

namespace praline::webui {

namespace json = boost::json;

/// Takes fields out of a JSON object, and remembers the first thing that is wrong.
class FieldReader {
public:
    explicit FieldReader(json::object const& object) : object_{object} {}

    std::string text(std::string_view name) {
        auto const* const value = find(name);
        if (value == nullptr) return {};
        if (!value->is_string()) return complain(name, "a text"), std::string{};
        return std::string{trim(value->as_string())};
    }
    [[nodiscard]] bool has(std::string_view name) const {
        auto const* const value = object_.if_contains(name);
        return value != nullptr && value->is_string();
    }
    std::optional<std::uint64_t> number(std::string_view name) {
        auto const* const value = find(name);
        if (value == nullptr) return std::nullopt;
        if (value->is_uint64()) return value->as_uint64();
        if (value->is_int64() && value->as_int64() >= 0) return static_cast<std::uint64_t>(value->as_int64());
        return complain(name, "a whole number, not below 0"), std::nullopt;
    }
    std::optional<bool> truth(std::string_view name) {
        auto const* const value = find(name);
        if (value == nullptr) return std::nullopt;
        if (!value->is_bool()) return complain(name, "true or false"), std::nullopt;
        return value->as_bool();
    }
    std::vector<std::string> texts(std::string_view name) {
        std::vector<std::string> all;
        auto const* const value = find(name);
        if (value == nullptr) return all;
        if (!value->is_array()) return complain(name, "a list of texts"), all;
        for (auto const& item : value->as_array()) {
            if (!item.is_string()) return complain(name, "a list of texts"), std::vector<std::string>{};
            all.emplace_back(item.as_string());
        }
        return all;
    }
    /// A field that is read elsewhere.
    void skip(std::string_view name) { seen_.push_back(name); }
    json::object const* object(std::string_view name) {
        auto const* const value = find(name);
        if (value == nullptr) return nullptr;
        if (!value->is_object()) return complain(name, "an object"), nullptr;
        return &value->as_object();
    }
    /// Whatever was not asked for by now is a mistake of the caller: a parameter misspelt would else do nothing.
    void expect_no_more() {
        for (auto const& [name, value] : object_)
            if (problem_.empty() && std::find(seen_.begin(), seen_.end(), name) == seen_.end())
                problem_ = "There is no field \"" + std::string{name} + "\" here.";
    }
    [[nodiscard]] std::string const& problem() const { return problem_; }

private:
    json::value const* find(std::string_view name) {
        seen_.push_back(name);
        auto const* const value = object_.if_contains(name);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
    void complain(std::string_view name, std::string_view wanted) {
        if (problem_.empty()) problem_ = "\"" + std::string{name} + "\" must be " + std::string{wanted} + ".";
    }

    json::object const& object_;
    std::vector<std::string_view> seen_;
    std::string problem_;
};

}  // namespace praline::webui
