#include "webui/api/search_routes.hpp"

#include <algorithm>
#include <array>

#include "webui/api/field_reader.hpp"
#include "webui/api/route_tools.hpp"

namespace praline::webui {
namespace {

/// Reads text, strategy and parameters. @returns a sentence when something is wrong, else empty.
std::string read_search(FieldReader& fields, NewSearch& wanted) {
    wanted.text = fields.text("text");
    wanted.strategy = fields.text("strategy");
    auto const* const parameters = fields.object("parameters");
    if (wanted.text.empty() && fields.problem().empty()) {
        if (!fields.has("text")) return "The body must be a JSON object with the text field \"text\".";
        return "There is nothing to search for in a text of blanks. Write at least one word of two letters or more, a "
               "magnet link or a URN.";
    }
    if (!fields.problem().empty() || parameters == nullptr) return fields.problem();
    FieldReader inner{*parameters};
    wanted.parameters = {inner.number("ttl"),       inner.number("walkers"),        inner.number("check_every"),
                         inner.number("max_steps"), inner.number("results_wanted"), inner.truth("state")};
    inner.expect_no_more();
    return inner.problem();
}

/// Rows in order of change, one more than the page holds if there are more: asking again from the revision of the last
/// row loses nothing.
ApiResponse page_of_results(SearchView const& view, std::vector<ResultView> rows, std::size_t limit) {
    std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.revision < b.revision; });
    bool const more = rows.size() > limit;
    if (more) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    auto const revision = more ? rows.back().revision : view.revision;
    return answer(to_json(ResultChanges{revision, view.open, std::move(rows)}));
}

ApiResponse changed_results(Call const& c, std::uint32_t id, std::size_t most) {
    auto const since = query_number(c.request, "since", 0);
    if (!since) return bad("`since` must be a number.");
    auto const view = c.node.searches.search(id);
    if (!view.value) return refuse(view.refusal);
    auto rows = c.node.searches.results(id, *since, most + 1);
    if (!rows.value) return refuse(rows.refusal);
    return page_of_results(*view.value, std::move(*rows.value), most);
}

std::optional<bool> query_truth(ApiRequest const& request, std::string_view name) {
    auto const text = request.query(name);
    if (!text || *text == "false" || *text == "0") return false;
    if (text->empty() || *text == "true" || *text == "1") return true;
    return std::nullopt;
}

ApiResponse result_page(Call const& c, std::uint32_t id, std::size_t most) {
    auto const& request = c.request;
    auto const offset = query_number(request, "offset", 0);
    auto const size_min = query_number(request, "size_min", 0),
               size_max = query_number(request, "size_max", UINT64_MAX);
    auto const sources_min = query_number(request, "sources_min", 0);
    auto const descending = query_truth(request, "descending"), fresh = query_truth(request, "fresh");
    if (!offset || !size_min || !size_max || !sources_min)
        return bad("`offset`, `size_min`, `size_max` and `sources_min` must be numbers.");
    if (!descending || !fresh) return bad("`descending` and `fresh` must be true or false.");
    ResultQuery query;
    query.filter = request.query("filter").value_or("");
    query.kind = request.query("kind").value_or("");
    query.sort = request.query("sort").value_or("arrival");
    query.descending = *descending;
    query.fresh = *fresh;
    query.size_min = *size_min;
    query.size_max = *size_max;
    query.sources_min = *sources_min;
    query.offset = *offset;
    query.limit = most;
    auto const page = c.node.searches.result_page(id, query);
    if (!page.value || page.value->ready) return one(page);
    ApiResponse later;
    later.ask_again = true;
    return later;
}

/// "3,17": empty when it is anything else.
std::optional<std::vector<std::uint32_t>> handles_of(std::string_view text) {
    constexpr std::size_t handles_max = 256;
    std::vector<std::uint32_t> handles;
    if (text.starts_with(',') || text.ends_with(',') || text.find(",,") != std::string_view::npos) return std::nullopt;
    for (auto const piece : split(text, ',')) {
        auto const number = parse_number(piece);
        if (!number || *number > UINT32_MAX || handles.size() >= handles_max) return std::nullopt;
        handles.push_back(static_cast<std::uint32_t>(*number));
    }
    return handles;
}

}  // namespace

ApiResponse strategies(Call const& c) { return wrapped("strategies", c.node.searches.strategies()); }

/// A caller that lists them may say which ones it has open.
ApiResponse searches(Call const& c) {
    if (auto const watched = c.request.query("watch")) {
        auto const ids = handles_of(*watched);
        if (!ids) return bad("`watch` must be at most 256 handles of searches with commas between them.");
        c.node.searches.keep_searches(*ids);
    }
    return wrapped("searches", c.node.searches.searches());
}

ApiResponse start_search(Call const& c) {
    auto const object = body_object(c.request);
    if (!object) return bad("The body must be a JSON object with the text field \"text\".");
    FieldReader fields{*object};
    NewSearch wanted;
    if (auto const problem = read_search(fields, wanted); !problem.empty()) return bad(problem);
    fields.expect_no_more();
    if (!fields.problem().empty()) return bad(fields.problem());
    return one(c.node.searches.start_search(wanted), 201);
}

ApiResponse browse(Call const& c) {
    constexpr char form[] = "The body must be a JSON object with the text field \"host\", or \"result\", or both.";
    auto const object = body_object(c.request);
    if (!object) return bad(form);
    FieldReader fields{*object};
    NewBrowse wanted{fields.text("host"), fields.text("result")};
    fields.expect_no_more();
    if (!fields.problem().empty()) return bad(fields.problem());
    if (wanted.host.empty() && wanted.result.empty()) return bad(form);
    return one(c.node.searches.browse(wanted), 201);
}

ApiResponse search(Call const& c) {
    return with_number(c, [&](auto id) { return one(c.node.searches.search(id)); });
}
ApiResponse stop_search(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.searches.stop_search(id)); });
}
ApiResponse delete_search(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.searches.delete_search(id)); });
}

/// Two ways to read: what changed since a revision, or a page of all rows in an order of the caller's.
ApiResponse results(Call const& c) {
    constexpr std::array choosing{"sort",     "descending",  "filter", "kind",  "size_min",
                                  "size_max", "sources_min", "fresh",  "offset"};
    auto const limit = query_number(c.request, "limit", rows_default);
    if (!limit || *limit == 0) return bad("`limit` must be a number, at least 1.");
    bool const chosen =
        std::any_of(choosing.begin(), choosing.end(), [&](auto name) { return c.request.query(name).has_value(); });
    if (chosen && c.request.query("since"))
        return bad("`since` lists changes in the order in which they came: it goes with no filter, order or offset.");
    auto const most = std::min<std::size_t>(*limit, rows_max);
    return with_number(c, [&](auto id) { return chosen ? result_page(c, id, most) : changed_results(c, id, most); });
}

ApiResponse history(Call const& c) {
    auto const offset = query_number(c.request, "offset", 0);
    auto const limit = query_number(c.request, "limit", rows_default);
    if (!offset || !limit) return bad("`offset` and `limit` must be numbers.");
    auto const page = c.node.kept.history(*offset, std::min<std::size_t>(*limit, rows_max));
    return answer(json::object{{"total", page.total}, {"history", list_json(page.entries)}});
}

ApiResponse forget_history(Call const& c) { return done(c.node.kept.forget_history(std::nullopt)); }
ApiResponse forget_history_entry(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.kept.forget_history(id)); });
}

ApiResponse saved_searches(Call const& c) { return wrapped("saved_searches", c.node.kept.saved_searches()); }

ApiResponse save_search(Call const& c) {
    auto const object = body_object(c.request);
    if (!object) return bad("The body must be a JSON object with the text field \"text\".");
    FieldReader fields{*object};
    NewSavedSearch wanted;
    auto problem = read_search(fields, wanted.search);
    auto const repeat = fields.number("repeat_seconds");
    wanted.messages_per_run = fields.number("messages_per_run").value_or(0);
    wanted.messages_per_day = fields.number("messages_per_day").value_or(0);
    fields.expect_no_more();
    if (problem.empty()) problem = fields.problem();
    if (problem.empty() && !repeat) problem = "\"repeat_seconds\" must say how often it is repeated.";
    if (!problem.empty()) return bad(problem);
    wanted.repeat_seconds = *repeat;
    return one(c.node.kept.save_search(wanted), 201);
}

ApiResponse run_saved_search(Call const& c) {
    return with_number(c, [&](auto id) { return one(c.node.kept.run_saved_search(id)); });
}
ApiResponse delete_saved_search(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.kept.delete_saved_search(id)); });
}

}  // namespace praline::webui
