#pragma once

namespace praline::simulate {

/// Who looks on while queries are asked. Both may be called on any thread.
class Watch {
public:
    Watch() = default;
    Watch(Watch const&) = delete;
    Watch& operator=(Watch const&) = delete;
    virtual ~Watch() = default;
    /// Before each query; false: no further one is to be asked, those under way are finished.
    [[nodiscard]] virtual bool go_on() = 0;
    virtual void asked() = 0;
};

}  // namespace praline::simulate
