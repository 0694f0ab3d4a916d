#include "tools/praline/search_request.hpp"

#include <array>
#include <cstdio>

#include <boost/json.hpp>

#include "search/session/search_parameters.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;
namespace {

std::string seconds_text(json::value const& price, std::string_view key) {
    auto const* const time = price.as_object().if_contains(key);
    if (time == nullptr || !time->is_number()) return "not yet";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "after %.2f s", time->to_number<double>());
    return text.data();
}

std::string messages_text(json::value const& price) {
    auto const messages = number_field(price, "messages");
    return std::to_string(messages) + (messages == 1 ? " message, " : " messages, ") +
           human_bytes(number_field(price, "bytes"));
}

/// Null: no index server was asked.
json::value const* index_of(json::value const& price) {
    auto const* const index = price.is_object() ? price.as_object().if_contains("index") : nullptr;
    return index != nullptr && index->is_object() ? index : nullptr;
}

std::string index_text(json::value const& price) {
    auto const* const index = index_of(price);
    if (index == nullptr) return {};
    auto const problem = text_field(*index, "problem");
    return "Index: " + index_price_text(price) + "; " + std::to_string(number_field(*index, "files")) + " files" +
           (bool_field(*index, "more") ? ", and it knows more" : "") + "." +
           (problem.empty() ? "" : " " + printable(problem)) + '\n';
}

/// Whether other nodes were asked, or have answered: not so of a search to which the index knew enough.
bool asked_overlay(json::value const& price) {
    return index_of(price) == nullptr || number_field(price, "messages") > 0 || number_field(price, "origins") > 0;
}

}  // namespace

json::object search_body(std::vector<std::string> const& words, StrategyOptions const& how) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : " ") + word;
    json::object body{{"text", text}};
    if (!how.strategy.empty()) body["strategy"] = how.strategy;
    json::object parameters;
    auto const add = [&](char const* name, std::optional<std::uint64_t> const& value) {
        if (value) parameters[name] = *value;
    };
    add("ttl", how.ttl);
    add("walkers", how.walkers);
    add("check_every", how.check_every);
    add("max_steps", how.max_steps);
    add("results_wanted", how.results_wanted);
    if (how.no_state) parameters["state"] = false;
    if (!parameters.empty()) body["parameters"] = parameters;
    return body;
}

std::string problem_of(StrategyOptions const& how) {
    search::ParameterWish wish{{how.ttl, how.walkers, how.check_every, how.max_steps, how.results_wanted, std::nullopt},
                               search::strategy::Kind::key};
    if (!how.strategy.empty()) {
        auto const kind = search::strategy_named(how.strategy);
        if (!kind) {
            std::string names;
            for (auto const& one : search::strategy_names())
                names += (names.empty() ? "" : ", ") + std::string{one.name};
            return "There is no strategy \"" + printable(how.strategy) + "\". There are " + names + ".";
        }
        wish.kind = *kind;
    }
    auto problem = search::problem_of(wish);
    if (problem.empty() || !how.strategy.empty()) return problem;
    wish.kind = search::strategy::Kind::flood;  // the usual one, for the sentence
    return search::problem_of(wish);
}

std::string index_price_text(json::value const& price) {
    auto const* const index = index_of(price);
    if (index == nullptr) return {};
    auto text = messages_text(*index);
    if (auto const* const time = index->as_object().if_contains("milliseconds"); time != nullptr && time->is_number()) {
        std::array<char, 32> took{};
        std::snprintf(took.data(), took.size(), ", %.1f ms", time->to_number<double>());
        text += took.data();
    }
    return text;
}

std::string price_text(json::value const& price) {
    if (!price.is_object()) return {};
    auto const count = [&](char const* key) { return std::to_string(number_field(price, key)); };
    std::string text;
    if (asked_overlay(price))
        text = "Price: " + messages_text(price) + " sent by this node; reached about " + count("reach_about") +
               " nodes (an estimate), " + (bool_field(price, "origins_at_least") ? "more than " : "") +
               count("origins") + " answered.\n";
    text += "First file " + seconds_text(price, "first_result_seconds") + ", tenth " +
            seconds_text(price, "tenth_result_seconds") + ".";
    std::string hops;
    for (auto const& one : list_field(price, "hits_by_hops"))
        hops += (hops.empty() ? "" : ", ") + std::to_string(number_field(one, "hits")) +
                (number_field(one, "hops") == 0 ? " named by the index"
                                                : " from " + std::to_string(number_field(one, "hops")));
    if (!hops.empty()) text += " Hits by hops: " + hops + ".";
    if (auto const cached = number_field(price, "cached_hits"); cached > 0)
        text += " " + std::to_string(cached) + " of them came from caches.";
    if (auto const hidden = number_field(price, "hidden_hits"); hidden > 0)
        text += " " + std::to_string(hidden) +
                (hidden == 1 ? " hit that is no answer is" : " hits that are no answers are") + " not shown.";
    if (auto const excluded = number_field(price, "excluded_hits"); excluded > 0)
        text += " " + std::to_string(excluded) + (excluded == 1 ? " hit is" : " hits are") + " left out as you asked.";
    text += '\n';
    return text + index_text(price);
}

}  // namespace praline
