#include "client/window.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

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
  glfwSetErrorCallback([](int, const char* what) { std::fprintf(stderr, "fieldpost: %s\n", what); });
  if (!glfwInit()) return Error{ErrorCode::io, "no display to open a window on; --screenshot FILE needs none"};
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  GLFWwindow* window = glfwCreateWindow(options.width, options.height, "Fieldpost", nullptr, nullptr);
  if (!window) {
    glfwTerminate();
    return Error{ErrorCode::io, "this machine's OpenGL is older than 3.3"};
  }
  glfwSetWindowSizeLimits(window, 640, 480, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  ui::configure_input(io);
  use_clipboard(window);
  int scale_percent = options.scale_percent;
  if (scale_percent == 0) {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window, &x, &y);
    scale_percent = static_cast<int>(std::lround(x * 100));
  }
  if (std::string message; !ui::load_theme(scale_percent, message))
    std::fprintf(stderr, "fieldpost: %s\n", message.c_str());
  ui::State widgets;
  ui::set_state(widgets);
  ui::set_typing(options.typing);
  Result<void> result;
  if (ImGui_ImplOpenGL3_Init("#version 330")) {
    Loop loop;
    glfwSetWindowUserPointer(window, &loop);
    listen(window);
    window_open = true;
    {
      const WindowContent content = open();
      run(window, loop, content);
    }
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
