#include "tools/simulate/report/csv.hpp"

#include <catch2/catch.hpp>

namespace csv_test {
using namespace praline::simulate;
using namespace praline::simulate::report;

TEST_CASE("a field is quoted when it must be, and read back as it was") {
    CHECK(csv_field("plain name") == "plain name");
    CHECK(csv_field("my, crawl") == "\"my, crawl\"");
    CHECK(csv_field("a \"b\"") == "\"a \"\"b\"\"\"");
    for (std::string const text :
         {"a", "a,b", "\"", "\"\"", "a\nb", "a\r\nb", "a\rb", " padded ", "tab\t", ",", "\n", "é,ü"}) {
        auto const rows = parse_csv(csv_field(text) + ',' + csv_field(text) + "\nnext,row\n");
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].fields == std::vector<std::string>{text, text});
        CHECK(rows[1].fields == std::vector<std::string>{"next", "row"});
    }
}

TEST_CASE("rows end as files have them, and know their lines") {
    auto const rows = parse_csv(
        "\xEF\xBB\xBF"
        "a, b ,\r\n\r\n\"x\ny\",,z\r1,2\n3");
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].fields == std::vector<std::string>{"a", "b", ""});
    CHECK(rows[1].fields == std::vector<std::string>{"x\ny", "", "z"});
    CHECK(rows[1].line == 3);
    CHECK(rows[2].line == 5);
    CHECK(rows[3].fields == std::vector<std::string>{"3"});
}

TEST_CASE("quotes that are wrong lose nothing and end nowhere else") {
    CHECK(parse_csv("\"open, \n")[0].fields == std::vector<std::string>{"open, \n"});
    CHECK(parse_csv("\"a\"b,c")[0].fields == std::vector<std::string>{"ab", "c"});
    CHECK(parse_csv("a\"b,c")[0].fields == std::vector<std::string>{"a\"b", "c"});
    CHECK(parse_csv("").empty());
    CHECK(parse_csv("\n\r\n\r").empty());
}

}  // namespace csv_test
