#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

/// Runs an io_context until a condition holds; one that never does fails the test. Inside tests only.
inline void run_until(boost::asio::io_context& io, std::function<bool()> const& holds) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!holds()) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        if (io.stopped()) io.restart();
        io.run_one_for(std::chrono::milliseconds{100});
    }
}
