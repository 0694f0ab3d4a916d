#include "webui/api/download_routes.hpp"

#include <algorithm>
#include <filesystem>

#include "node/base/path_text.hpp"
#include "webui/api/field_reader.hpp"
#include "webui/api/route_tools.hpp"

namespace praline::webui {
namespace {

DownloadPlan plan_of(FieldReader& fields) {
    DownloadPlan plan;
    plan.priority = fields.text("priority");
    plan.folder = path_from_text(fields.text("folder"));
    return plan;
}

/// By name alone: a link on the disk is its owner's word, but `..` could lead anywhere.
bool is_within(std::filesystem::path const& folder, std::filesystem::path const& outer) {
    if (std::find(folder.begin(), folder.end(), "..") != folder.end()) return false;
    auto const inside = folder.lexically_normal().lexically_relative(outer.lexically_normal());
    return !inside.empty() && *inside.begin() != "..";
}

/// A refusal when the caller may not put files there; an empty folder is that of downloads.
std::optional<ApiResponse> refuse_folder(Call const& c, std::string const& folder) {
    if (c.scope >= Scope::admin || folder.empty()) return std::nullopt;
    auto const own = c.node.transfers.downloads_folder();
    if (is_within(folder, own)) return std::nullopt;
    return error_response(403, "scope",
                          "With the scope " + std::string{to_string(c.scope)} + " files go into " + path_text(own) +
                              " and folders in it; another folder needs admin.");
}

/// @return a sentence that says what is wrong with it; empty: nothing
std::string read_file(json::value const& from, NewDownload& file) {
    if (from.is_string()) {
        file.what = trim(from.as_string());
    } else if (from.is_object()) {
        FieldReader fields{from.as_object()};
        file.what = fields.text("what");
        file.name = fields.text("name");
        file.path = fields.text("path");
        file.size_bytes = fields.number("size_bytes");
        for (auto const& url : fields.texts("sources")) file.sources.push_back(url);
        fields.expect_no_more();
        if (!fields.problem().empty()) return fields.problem();
    }
    if (file.what.empty()) return "Each file must be a text, or an object with the text field \"what\".";
    return {};
}

}  // namespace

ApiResponse downloads(Call const& c) {
    auto const since = query_number(c.request, "since", 0);
    if (!since) return bad("`since` must be a revision.");
    return answer(to_json(c.node.transfers.downloads(*since)));
}

ApiResponse start_download(Call const& c) {
    return with_field(c, "what", [&](auto const& what) {
        auto const body = *body_object(c.request);
        FieldReader fields{body};
        auto const plan = plan_of(fields);
        if (!fields.problem().empty()) return bad(fields.problem());
        if (auto refusal = refuse_folder(c, plan.folder)) return std::move(*refusal);
        return one(c.node.transfers.start_download(what, plan), 201);
    });
}

ApiResponse start_downloads(Call const& c) {
    auto const body = body_object(c.request);
    auto const* const files = body ? body->if_contains("files") : nullptr;
    if (files == nullptr || !files->is_array() || files->as_array().empty())
        return bad("The body must be a JSON object with the list \"files\", which is not empty.");
    FieldReader fields{*body};
    NewDownloads wanted;
    wanted.group = fields.text("group");
    wanted.plan = plan_of(fields);
    fields.skip("files");
    fields.expect_no_more();
    if (!fields.problem().empty()) return bad(fields.problem());
    if (auto refusal = refuse_folder(c, wanted.plan.folder)) return std::move(*refusal);
    for (auto const& one_file : files->as_array()) {
        auto const problem = read_file(one_file, wanted.files.emplace_back());
        if (!problem.empty()) return bad("File " + std::to_string(wanted.files.size()) + ": " + problem);
    }
    return one(c.node.transfers.start_downloads(wanted), 201);
}

/// The body is the file itself, of whatever type it is called.
ApiResponse start_from_file(Call const& c) {
    if (c.request.body.empty()) return bad("The body must be a Metalink or a .torrent file.");
    DownloadPlan plan;
    plan.priority = c.request.query("priority").value_or("");
    plan.folder = path_from_text(c.request.query("folder").value_or(""));
    if (auto refusal = refuse_folder(c, plan.folder)) return std::move(*refusal);
    return one(c.node.transfers.start_from_file(c.request.body, plan), 201);
}

ApiResponse change_download(Call const& c) {
    auto const body = body_object(c.request);
    if (!body || body->empty()) return bad("The body must be a JSON object with priority, folder or move.");
    FieldReader fields{*body};
    DownloadChange change;
    if (fields.has("priority")) change.priority = fields.text("priority");
    if (fields.has("folder")) change.folder = path_from_text(fields.text("folder"));
    if (fields.has("move")) change.move = fields.text("move");
    for (auto const* name : {"priority", "folder", "move"}) fields.text(name);
    fields.expect_no_more();
    if (!fields.problem().empty()) return bad(fields.problem());
    if (auto refusal = refuse_folder(c, change.folder.value_or(""))) return std::move(*refusal);
    return done(c.node.transfers.change_download(c.parameters.at(0), change));
}

}  // namespace praline::webui
