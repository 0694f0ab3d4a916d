#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace praline::bench {

/// A process that ends with its owner. Standard output can be read line by line; standard error goes to /dev/null.
class Child {
public:
    explicit Child(std::vector<std::string> const& command);
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;
    ~Child();                               ///< SIGTERM, waits; SIGKILL after 10 s
    [[nodiscard]] std::string read_line();  ///< empty at the end
    [[nodiscard]] int wait();               ///< its exit code
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_ = -1;
    int out_ = -1;
};

/// A running praline node with ports chosen by the kernel.
class PralineNode {
public:
    PralineNode(std::string const& binary, std::string data, std::vector<std::string> const& flags,
                std::string const& listen = "127.0.0.1:0");
    [[nodiscard]] std::string const& address() const { return address_; }
    [[nodiscard]] std::string const& data() const { return data_; }
    [[nodiscard]] pid_t pid() const { return child_.pid(); }

private:
    std::string data_;
    Child child_;
    std::string address_;
};

/// Runs a command to its end; throws std::runtime_error when it fails. @returns its standard output.
std::string run(std::vector<std::string> const& command);
/// The praline binary beside this program.
[[nodiscard]] std::string praline_binary();

}  // namespace praline::bench
