#pragma once

#include <csignal>

#include <boost/asio/signal_set.hpp>

namespace praline {

/// Ctrl-C, SIGTERM, and a terminal that is closed. `nohup` has SIGHUP ignored before the program starts: that stays so.
inline void add_ending_signals(boost::asio::signal_set& signals) {
    signals.add(SIGINT);
    signals.add(SIGTERM);
    struct sigaction held {};
    if (::sigaction(SIGHUP, nullptr, &held) == 0 && held.sa_handler != SIG_IGN) signals.add(SIGHUP);
}

}  // namespace praline
