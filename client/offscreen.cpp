#include "client/offscreen.h"

#define GL_GLEXT_PROTOTYPES
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
#include <stb_image_write.h>

#include <vector>

namespace fieldpost {
namespace {

constexpr int settle_frames = 6;

}  // namespace

struct Offscreen::State {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  GLuint framebuffer = 0, colour = 0;
  bool renderer = false;
  int width = 0, height = 0;

  ~State() {
    if (renderer) ImGui_ImplOpenGL3_Shutdown();
    if (colour) glDeleteTextures(1, &colour);
    if (framebuffer) glDeleteFramebuffers(1, &framebuffer);
    if (context != EGL_NO_CONTEXT) {
      eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
      eglDestroyContext(display, context);
    }
    if (display != EGL_NO_DISPLAY) eglTerminate(display);
  }
};

Offscreen::Offscreen(std::unique_ptr<State> state) : state_(std::move(state)) {}
Offscreen::~Offscreen() = default;

Result<std::unique_ptr<Offscreen>> Offscreen::open(int width, int height) {
  auto state = std::make_unique<State>();
  state->width = width;
  state->height = height;
  const auto platform_display =
      reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  if (!platform_display) return Error{ErrorCode::io, "EGL cannot draw without a display here"};
  state->display = platform_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (state->display == EGL_NO_DISPLAY || !eglInitialize(state->display, nullptr, nullptr))
    return Error{ErrorCode::io, "EGL cannot draw without a display here"};
  eglBindAPI(EGL_OPENGL_API);
  const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (!eglChooseConfig(state->display, wanted, &config, 1, &count) || count == 0)
    return Error{ErrorCode::io, "EGL has no configuration for OpenGL"};
  const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 3, EGL_NONE};
  state->context = eglCreateContext(state->display, config, EGL_NO_CONTEXT, version);
  if (state->context == EGL_NO_CONTEXT ||
      !eglMakeCurrent(state->display, EGL_NO_SURFACE, EGL_NO_SURFACE, state->context))
    return Error{ErrorCode::io, "OpenGL 3.3 is not available"};
  glGenFramebuffers(1, &state->framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, state->framebuffer);
  glGenTextures(1, &state->colour);
  glBindTexture(GL_TEXTURE_2D, state->colour);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, state->colour, 0);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    return Error{ErrorCode::io, "the picture is too large for this machine's OpenGL"};
  state->renderer = ImGui_ImplOpenGL3_Init("#version 330");
  if (!state->renderer) return Error{ErrorCode::io, "ImGui cannot draw with this OpenGL"};
  return std::unique_ptr<Offscreen>(new Offscreen(std::move(state)));
}

void Offscreen::draw(const std::function<void()>& frame) {
  ImGuiIO& io = ImGui::GetIO();
  for (int i = 0; i < settle_frames; ++i) {
    io.DisplaySize = {static_cast<float>(state_->width), static_cast<float>(state_->height)};
    io.DeltaTime = 1.0f / 60.0f;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    frame();
    ImGui::Render();
  }
  glBindFramebuffer(GL_FRAMEBUFFER, state_->framebuffer);
  glViewport(0, 0, state_->width, state_->height);
  glClearColor(1, 1, 1, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glFinish();
}

Result<void> Offscreen::write_png(const std::filesystem::path& file) {
  const auto width = static_cast<std::size_t>(state_->width), height = static_cast<std::size_t>(state_->height);
  std::vector<unsigned char> pixels(width * height * 4);
  glBindFramebuffer(GL_FRAMEBUFFER, state_->framebuffer);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, state_->width, state_->height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  std::vector<unsigned char> rows;  // OpenGL's first row is the lowest; a picture's is the highest
  rows.reserve(width * height * 3);
  for (std::size_t y = height; y-- > 0;)
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < 3; ++c) rows.push_back(pixels[(y * width + x) * 4 + c]);
  if (!stbi_write_png(file.c_str(), state_->width, state_->height, 3, rows.data(), state_->width * 3))
    return Error{ErrorCode::io, "cannot write " + file.string()};
  return {};
}

}  // namespace fieldpost
