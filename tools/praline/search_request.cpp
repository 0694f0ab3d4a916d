#include "tools/praline/search_request.hpp"

#include <array>
#include <cstdio>

#include <boost/json.hpp>

#include "search/session/search_parameters.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;
namespace {

std::string seconds_text(std::optional<double> const& time) {
    if (!time) return "not yet";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "after %.2f s", *time);
    return text.data();
}

std::string messages_text(std::uint64_t messages, std::uint64_t bytes) {
    return std::to_string(messages) + (messages == 1 ? " message, " : " messages, ") + human_bytes(bytes);
}

std::string index_text(webui::PriceView const& price) {
    if (!price.index) return {};
    auto const& problem = price.index->problem;
    return "Index: " + index_price_text(price) + "; " + std::to_string(price.index->files) + " files" +
           (price.index->more ? ", and it knows more" : "") + "." + (problem.empty() ? "" : " " + printable(problem)) +
           '\n';
}

/// Whether other nodes were asked, or have answered: not so of a search to which the index knew enough.
bool asked_overlay(webui::PriceView const& price) { return !price.index || price.messages > 0 || price.origins > 0; }

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

std::string index_price_text(webui::PriceView const& price) {
    if (!price.index) return {};
    auto text = messages_text(price.index->messages, price.index->bytes);
    if (price.index->milliseconds) {
        std::array<char, 32> took{};
        std::snprintf(took.data(), took.size(), ", %.1f ms", *price.index->milliseconds);
        text += took.data();
    }
    return text;
}

std::string price_text(webui::PriceView const& price) {
    std::string text;
    if (asked_overlay(price))
        text = "Price: " + messages_text(price.messages, price.bytes) + " sent by this node; reached about " +
               std::to_string(price.reach_about) + " nodes (an estimate), " +
               (price.origins_at_least ? "more than " : "") + std::to_string(price.origins) + " answered.\n";
    text += "First file " + seconds_text(price.first_result_seconds) + ", tenth " +
            seconds_text(price.tenth_result_seconds) + ".";
    std::string hops;
    for (auto const& one : price.hits_by_hops)
        hops += (hops.empty() ? "" : ", ") + std::to_string(one.hits) +
                (one.hops == 0 ? " named by the index" : " from " + std::to_string(one.hops));
    if (!hops.empty()) text += " Hits by hops: " + hops + ".";
    if (price.cached_hits > 0) text += " " + std::to_string(price.cached_hits) + " of them came from caches.";
    if (auto const hidden = price.hidden_hits; hidden > 0)
        text += " " + std::to_string(hidden) +
                (hidden == 1 ? " hit that is no answer is" : " hits that are no answers are") + " not shown.";
    if (auto const excluded = price.excluded_hits; excluded > 0)
        text += " " + std::to_string(excluded) + (excluded == 1 ? " hit is" : " hits are") + " left out as you asked.";
    text += '\n';
    return text + index_text(price);
}

}  // namespace praline
