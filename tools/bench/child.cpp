#include "tools/bench/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace praline::bench {

Child::Child(std::vector<std::string> const& command) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    for (auto const& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    int const failed = ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    out_ = ends[0];
    if (failed != 0) {
        ::close(out_);
        throw std::runtime_error{command[0] + " cannot be started; is it installed?"};
    }
}

Child::~Child() {
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        for (int tries = 0; tries < 200 && ::waitpid(pid_, nullptr, WNOHANG) == 0; ++tries) {
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
            if (tries == 199) ::kill(pid_, SIGKILL);
        }
    }
    ::close(out_);
}

std::string Child::read_line() {
    std::string line;
    char c = 0;
    while (::read(out_, &c, 1) == 1 && c != '\n') line.push_back(c);
    return line;
}

int Child::wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

PralineNode::PralineNode(std::string const& binary, std::string data, std::vector<std::string> const& flags,
                         std::string const& listen)
    : data_{std::move(data)}, child_{[&] {
          std::vector<std::string> command{binary, "node",  "--data",      data_,         "--listen",
                                           listen, "--api", "127.0.0.1:0", "--log-level", "error"};
          command.insert(command.end(), flags.begin(), flags.end());
          return command;
      }()} {
    constexpr std::string_view start = "Peers reach this node at ";
    auto const line = child_.read_line();
    if (line.substr(0, start.size()) != start) throw std::runtime_error{"the node did not start"};
    address_ = line.substr(start.size());
    if (address_.ends_with('.')) address_.pop_back();
    for (auto next = child_.read_line(); !next.empty() && next.find("/login?code=") == std::string::npos;)
        next = child_.read_line();
}

std::string run(std::vector<std::string> const& command) {
    Child child{command};
    std::string output;
    for (auto line = child.read_line(); !line.empty(); line = child.read_line()) output += line + '\n';
    if (child.wait() != 0) throw std::runtime_error{command[0] + " failed"};
    return output;
}

std::string praline_binary() {
    auto const here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    auto const beside = here / "praline";
    if (!std::filesystem::exists(beside)) throw std::runtime_error{beside.string() + " is not built"};
    return beside.string();
}

}  // namespace praline::bench
