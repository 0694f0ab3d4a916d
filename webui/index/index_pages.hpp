#pragma once

#include <string_view>

/// The files of webui/index/page, and the node page's icon, as they were when this program was built.
namespace praline::webui {

[[nodiscard]] std::string_view index_page_html();
[[nodiscard]] std::string_view index_page_css();
[[nodiscard]] std::string_view index_page_js();
[[nodiscard]] std::string_view index_page_icon();
[[nodiscard]] std::string_view index_page_login_js();

}  // namespace praline::webui
