#include "transfer/content/xml_reader.hpp"

#include <catch2/catch.hpp>

#include "transfer/content/limits.hpp"

namespace xml_reader_test {
using namespace praline;
using namespace praline::content;

namespace {

/// "<a x=1>text</a>" for each event, or the error.
std::string told(std::string const& document) {
    XmlReader reader{document};
    std::string all;
    for (;;) {
        auto const event = reader.next();
        if (!event) return all + "!" + to_string(event.error());
        if (std::holds_alternative<XmlReader::Ended>(*event)) return all;
        if (auto const* const open = std::get_if<XmlReader::Open>(&*event)) {
            all += "<" + open->name;
            for (auto const& [name, value] : open->attributes) all.append(" ").append(name).append("=").append(value);
            all += ">";
        } else if (auto const* const text = std::get_if<XmlReader::Text>(&*event)) {
            all += text->text;
        } else {
            all += "</" + std::get<XmlReader::Closed>(*event).name + ">";
        }
    }
}

bool fails(std::string const& document, WireError error) {
    auto const end = told(document);
    INFO(document << " gives " << end);
    return end.ends_with(std::string{"!"} + to_string(error));
}

}  // namespace

TEST_CASE("elements, attributes and texts of XML are read") {
    CHECK(told("<?xml version='1.0' encoding='UTF-8'?>\n<!-- a > b --><a x=\"1\" m:y = 'two'>\n <m:b/>t&amp;&#65;&#x42;"
               "<![CDATA[<c>&]]></a>\n<!-- end -->") == "<a x=1 y=two><b></b>t&AB<c>&</a>");
    CHECK(told("\xEF\xBB\xBF<a>\xC3\xA9&#233;&#x1F600;</a>") == "<a>\xC3\xA9\xC3\xA9\xF0\x9F\x98\x80</a>");
    CHECK(told("<a>one<!-- x -->two<?y z?></a>") == "<a>onetwo</a>");
    CHECK(told("<a>&lt;&gt;&quot;&apos;</a>") == "<a><>\"'</a>");
}

TEST_CASE("XML that is not well formed is refused") {
    for (auto const* const document : {"text", "<a></b>", "<a></a><b/>", "<a x=1></a>", "<a x='<'/>",
                                       "<a>&nosemicolon</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>",
                                       "<a>&#xFFFFFFFFFF;</a>", "<a>\xFF</a>", "<></>", "<a></a >x", "< a/>"})
        CHECK(fails(document, WireError::bad_value));
    for (auto const* const document : {"", "<a>", "<a", "<a x='", "<!-- ", "<?xml", "<a><![CDATA[", "<a>text"})
        CHECK(fails(document, WireError::truncated));
}

TEST_CASE("nothing in XML is expanded") {
    CHECK(fails("<!DOCTYPE a [<!ENTITY b \"cccc\"><!ENTITY d \"&b;&b;\">]><a>&d;</a>", WireError::unknown_type));
    CHECK(fails("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", WireError::unknown_type));
    CHECK(fails("<a>&b;</a>", WireError::unknown_type));
    CHECK(fails("<?xml version='1.0' encoding='UTF-16'?><a/>", WireError::unknown_type));
}

TEST_CASE("XML is bounded in depth, attributes and names") {
    std::string deep, closed, attributes = "<a";
    for (std::size_t depth = 0; depth <= xml_depth_max; ++depth) deep += "<a>";
    CHECK(fails(deep, WireError::limit_exceeded));
    for (std::size_t count = 0; count <= xml_attributes_max; ++count) attributes += " x='1'";
    CHECK(fails(attributes + "/>", WireError::limit_exceeded));
    CHECK(fails("<" + std::string(xml_name_bytes_max + 1, 'a') + "/>", WireError::limit_exceeded));
}

}  // namespace xml_reader_test
