#include "client/window.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "client/ui/input_queue.h"
#include "client/ui/pacer.h"
#include "client/ui/theme.h"
#include "client/ui/widgets.h"

namespace fieldpost {
namespace {

std::atomic<bool> woken{false};
std::atomic<bool> window_open{false};

// What GLFW's callbacks reach through the window's user pointer.
struct Loop {
  ui::InputQueue input;
  ui::Pacer pacer;
  WindowRect unmaximised;  // what a maximised window goes back to
};

Loop& loop_of(GLFWwindow* window) { return *static_cast<Loop*>(glfwGetWindowUserPointer(window)); }

void listen(GLFWwindow* window) {
  glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int, int action, int) {
    ui::InputQueue& input = loop_of(w).input;
    if (action == GLFW_PRESS) input.key_down(key);
    if (action == GLFW_REPEAT) input.key_repeat(key);
    if (action == GLFW_RELEASE) input.key_up(key);
  });
  glfwSetCharCallback(window, [](GLFWwindow* w, unsigned code) { loop_of(w).input.character(code); });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) {
    loop_of(w).input.mouse_button(button, action == GLFW_PRESS);
  });
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
    loop_of(w).input.mouse_move(static_cast<float>(x), static_cast<float>(y));
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
    if (!entered) loop_of(w).input.mouse_move(-FLT_MAX, -FLT_MAX);
  });
  glfwSetScrollCallback(window, [](GLFWwindow* w, double x, double y) {
    loop_of(w).input.scroll(static_cast<float>(x), static_cast<float>(y));
  });
  glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int focused) {
    if (!focused) loop_of(w).input.leave();
    loop_of(w).pacer.happened();
  });
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { loop_of(w).pacer.happened(); });
  glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { loop_of(w).pacer.happened(); });
}

void use_clipboard(GLFWwindow* window) {
  ImGuiIO& io = ImGui::GetIO();
  io.ClipboardUserData = window;
  io.SetClipboardTextFn = [](void* w, const char* text) {
    glfwSetClipboardString(static_cast<GLFWwindow*>(w), text);
  };
  io.GetClipboardTextFn = [](void* w) { return glfwGetClipboardString(static_cast<GLFWwindow*>(w)); };
}

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The monitors of now, the main one first.
std::vector<Monitor> monitors() {
  std::vector<Monitor> found;
  int count = 0;
  GLFWmonitor** all = glfwGetMonitors(&count);
  for (int i = 0; i < count; ++i) {
    Monitor monitor;
    if (const char* name = glfwGetMonitorName(all[i])) monitor.name = name;
    glfwGetMonitorWorkarea(all[i], &monitor.x, &monitor.y, &monitor.width, &monitor.height);
    if (monitor.width > 0 && monitor.height > 0) found.push_back(std::move(monitor));
  }
  return found;
}

void note_place(GLFWwindow* window, WindowRect& rect) {
  if (glfwGetWindowAttrib(window, GLFW_MAXIMIZED) || glfwGetWindowAttrib(window, GLFW_ICONIFIED)) return;
  glfwGetWindowPos(window, &rect.x, &rect.y);
  glfwGetWindowSize(window, &rect.width, &rect.height);
}

// What the window is drawn with, best first. An old laptop has no OpenGL 3.3, some boards have OpenGL ES alone. ImGui
// draws with nothing older than 3.0; then Mesa does it without the graphics chip.
struct Graphics {
  int api, creation, major, minor, profile;
  const char* shaders;
};
constexpr Graphics graphics[] = {
    {GLFW_OPENGL_API, GLFW_NATIVE_CONTEXT_API, 3, 3, GLFW_OPENGL_CORE_PROFILE, "#version 330"},
    {GLFW_OPENGL_API, GLFW_NATIVE_CONTEXT_API, 3, 0, GLFW_OPENGL_ANY_PROFILE, "#version 130"},
    {GLFW_OPENGL_ES_API, GLFW_EGL_CONTEXT_API, 3, 0, GLFW_OPENGL_ANY_PROFILE, "#version 300 es"},
};

// The last thing GLFW complained of: of many attempts only the last is told.
std::string& complaint() {
  static std::string words;
  return words;
}

struct Made {
  GLFWwindow* window = nullptr;
  const char* shaders = nullptr;
};

Made make_window_with(const Graphics& with, const WindowRect& rect) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  glfwWindowHint(GLFW_CLIENT_API, with.api);
  glfwWindowHint(GLFW_CONTEXT_CREATION_API, with.creation);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, with.major);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, with.minor);
  glfwWindowHint(GLFW_OPENGL_PROFILE, with.profile);
  GLFWwindow* window = glfwCreateWindow(rect.width, rect.height, "Fieldpost", nullptr, nullptr);
  if (!window) return {};
  glfwMakeContextCurrent(window);
  return {window, with.shaders};
}

Made make_window(const WindowRect& rect) {
  for (const Graphics& with : graphics)
    if (const Made made = make_window_with(with, rect); made.window) return made;
  // The driver is chosen when it is first loaded: so once more from the beginning, without the graphics chip.
  if (std::getenv("LIBGL_ALWAYS_SOFTWARE") != nullptr) return {};
  glfwTerminate();
  setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
  if (!glfwInit()) return {};
  for (const Graphics& with : graphics)
    if (const Made made = make_window_with(with, rect); made.window) return made;
  return {};
}

// The frame is known once the window is there; the place is corrected for it before the window is shown.
void place_window(GLFWwindow* window, const WindowPlace& kept) {
  int left = 0, top = 0, right = 0, bottom = 0;
  glfwGetWindowFrameSize(window, &left, &top, &right, &bottom);
  const WindowRect rect = window_rect(kept, monitors(), top);
  glfwSetWindowSize(window, rect.width, rect.height);
  glfwSetWindowPos(window, rect.x, rect.y);
  glfwShowWindow(window);
  if (kept.maximised) glfwMaximizeWindow(window);
}

void begin_frame(GLFWwindow* window, double& last) {
  ImGuiIO& io = ImGui::GetIO();
  int width = 0, height = 0, pixels_wide = 0, pixels_high = 0;
  glfwGetWindowSize(window, &width, &height);
  glfwGetFramebufferSize(window, &pixels_wide, &pixels_high);
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  if (width > 0 && height > 0)
    io.DisplayFramebufferScale = {static_cast<float>(pixels_wide) / static_cast<float>(width),
                                  static_cast<float>(pixels_high) / static_cast<float>(height)};
  const double now = glfwGetTime();
  io.DeltaTime = static_cast<float>(std::max(now - last, 0.0001));
  last = now;
  if (ui::apply_wanted_look()) {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
}

void end_frame(GLFWwindow* window) {
  ImGui::Render();
  int width = 0, height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  glViewport(0, 0, width, height);
  glClearColor(1, 1, 1, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glfwSwapBuffers(window);
}

void run(GLFWwindow* window, Loop& loop, const WindowContent& content) {
  GLFWcursor* arrow = glfwCreateStandardCursor(GLFW_ARROW_CURSOR);
  GLFWcursor* beam = glfwCreateStandardCursor(GLFW_IBEAM_CURSOR);
  double last = glfwGetTime();
  while (!glfwWindowShouldClose(window)) {
    const std::optional<double> sleep = loop.pacer.sleep(steady_ms());
    if (!sleep)
      glfwWaitEvents();
    else if (*sleep > 0)
      glfwWaitEventsTimeout(*sleep);
    else
      glfwPollEvents();
    if (woken.exchange(false) || !loop.input.empty()) loop.pacer.happened();
    // All transitions but the last run without drawing: drawing each would make fast typing crawl.
    while (loop.input.feed(ImGui::GetIO()) && !loop.input.empty()) {
      begin_frame(window, last);
      content.frame(steady_ms());
      ImGui::EndFrame();
    }
    if (!loop.pacer.draw(steady_ms())) continue;
    begin_frame(window, last);
    content.frame(steady_ms());
    glfwSetCursor(window, ImGui::GetMouseCursor() == ImGuiMouseCursor_TextInput ? beam : arrow);
    end_frame(window);
    note_place(window, loop.unmaximised);
    if (const auto wake = content.wake_at()) loop.pacer.wake_at(*wake);
  }
  content.closing();
  glfwDestroyCursor(arrow);
  glfwDestroyCursor(beam);
}

}  // namespace

void wake_window() {
  woken = true;
  if (window_open) glfwPostEmptyEvent();
}

Result<void> run_window(const WindowOptions& options, const std::function<WindowContent()>& open) {
  glfwSetErrorCallback([](int, const char* what) { complaint() = what; });
  if (!glfwInit()) return Error{ErrorCode::not_found, "no display to open a window on"};
  const WindowRect rect = window_rect(options.place, monitors(), 0);
  const Made made = make_window(rect);
  if (!made.window) {
    glfwTerminate();
    return Error{ErrorCode::io, complaint()};
  }
  glfwSetErrorCallback([](int, const char* what) { std::fprintf(stderr, "fieldpost: %s\n", what); });
  GLFWwindow* window = made.window;
  glfwSetWindowSizeLimits(window, window_width_least, window_height_least, GLFW_DONT_CARE, GLFW_DONT_CARE);
  place_window(window, options.place);
  glfwSwapInterval(1);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  ui::configure_input(io);
  use_clipboard(window);
  float scale_x = 1, scale_y = 1;
  glfwGetWindowContentScale(window, &scale_x, &scale_y);
  if (std::string message; !ui::load_theme(options.look(static_cast<int>(std::lround(scale_x * 100))), message))
    std::fprintf(stderr, "fieldpost: %s\n", message.c_str());
  ui::State widgets;
  ui::set_state(widgets);
  Result<void> result;
  if (ImGui_ImplOpenGL3_Init(made.shaders)) {
    Loop loop;
    loop.unmaximised = rect;
    glfwSetWindowUserPointer(window, &loop);
    listen(window);
    window_open = true;
    {
      const WindowContent content = open();
      run(window, loop, content);
    }
    if (options.closed)
      options.closed(window_place(loop.unmaximised, glfwGetWindowAttrib(window, GLFW_MAXIMIZED) != 0, monitors()));
    window_open = false;
    ImGui_ImplOpenGL3_Shutdown();
  } else {
    result = Error{ErrorCode::io, "ImGui cannot draw with this OpenGL"};
  }
  ImGui::DestroyContext();
  glfwDestroyWindow(window);
  glfwTerminate();
  return result;
}

}  // namespace fieldpost
