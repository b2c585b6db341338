#include "hub/lib/cairo/pdf.h"

#include "hub/base/error.h"

#include <numbers>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

namespace hub::lib::cairo {
namespace {

template <auto Free>
struct Deleter {
  void operator()(auto* pointer) const noexcept { Free(pointer); }
};
using Surface = std::unique_ptr<cairo_surface_t, Deleter<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Deleter<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Deleter<g_object_unref>>;
using Description = std::unique_ptr<PangoFontDescription, Deleter<pango_font_description_free>>;
using Options = std::unique_ptr<cairo_font_options_t, Deleter<cairo_font_options_destroy>>;
using Text = std::unique_ptr<char, Deleter<g_free>>;
using Attributes = std::unique_ptr<PangoAttrList, Deleter<pango_attr_list_unref>>;

// The first is in the package that `run` installs; the rest is for machines without it.
constexpr auto kSans = "DejaVu Sans, Noto Sans, sans-serif";
constexpr auto kMono = "DejaVu Sans Mono, Noto Sans Mono, monospace";

cairo_status_t append(void* to, const unsigned char* bytes, unsigned int count) noexcept {
  try {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), count);  // bytes are bytes
    return CAIRO_STATUS_SUCCESS;
  } catch (...) {
    return CAIRO_STATUS_NO_MEMORY;
  }
}

PangoAlignment pango(Align align) {
  switch (align) {
    case Align::Centre:
      return PANGO_ALIGN_CENTER;
    case Align::Right:
      return PANGO_ALIGN_RIGHT;
    case Align::Left:
      break;
  }
  return PANGO_ALIGN_LEFT;
}

}  // namespace

struct Pdf::Parts {
  std::string bytes;
  Surface surface;
  Context context;

  [[nodiscard]] Layout layout(std::string_view text, const Style& style, double width) const {
    Layout made{pango_cairo_create_layout(context.get())};
    // Paper has no pixels: without hints a text is as wide when measured as when drawn, at every size.
    const Options options{cairo_font_options_create()};
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    PangoContext* pango_context = pango_layout_get_context(made.get());
    pango_cairo_context_set_font_options(pango_context, options.get());
    pango_cairo_context_set_resolution(pango_context, 72);  // so that a font's point is ours
    const Description font{pango_font_description_from_string(style.mono ? kMono : kSans)};
    pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
    if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(made.get(), font.get());
    const Text valid{g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()))};
    pango_layout_set_text(made.get(), valid.get(), -1);
    pango_layout_set_width(made.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
    // A hyphen where a password wraps would be typed.
    const Attributes attributes{pango_attr_list_new()};
    pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));  // takes the attribute
    pango_layout_set_attributes(made.get(), attributes.get());
    pango_layout_set_alignment(made.get(), pango(style.align));
    pango_layout_set_line_spacing(made.get(), static_cast<float>(style.spacing));
    return made;
  }
  void colour(const Colour& colour) {
    cairo_set_source_rgb(context.get(), colour.red, colour.green, colour.blue);
  }
  void round(const Box& box, double radius) {
    constexpr double kQuarter = std::numbers::pi / 2;
    cairo_t* cr = context.get();
    cairo_new_sub_path(cr);
    cairo_arc(cr, box.right() - radius, box.y + radius, radius, -kQuarter, 0);
    cairo_arc(cr, box.right() - radius, box.bottom() - radius, radius, 0, kQuarter);
    cairo_arc(cr, box.x + radius, box.bottom() - radius, radius, kQuarter, 2 * kQuarter);
    cairo_arc(cr, box.x + radius, box.y + radius, radius, 2 * kQuarter, 3 * kQuarter);
    cairo_close_path(cr);
  }
};

Pdf::Pdf(double width, double height, const std::string& title, const std::string& language,
         base::Wall created)
    : parts_{std::make_unique<Parts>()} {
  parts_->surface.reset(cairo_pdf_surface_create_for_stream(append, &parts_->bytes, width, height));
  parts_->context.reset(cairo_create(parts_->surface.get()));
  if (cairo_status(parts_->context.get()) != CAIRO_STATUS_SUCCESS)
    throw base::Error{base::Errc::Internal, "no PDF could be begun"};
  cairo_surface_t* surface = parts_->surface.get();
  const Text valid{g_utf8_make_valid(title.data(), static_cast<gssize>(title.size()))};
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, valid.get());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "viewing-hub");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, language.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, base::to_rfc3339(created).c_str());
}

Pdf::~Pdf() = default;

Extent Pdf::measure(std::string_view text, const Style& style, double width) const {
  const auto layout = parts_->layout(text, style, width);
  PangoRectangle logical{};
  pango_layout_get_extents(layout.get(), nullptr, &logical);
  return {static_cast<double>(logical.width) / PANGO_SCALE, static_cast<double>(logical.height) / PANGO_SCALE,
          pango_layout_get_line_count(layout.get())};
}

double Pdf::text(double x, double y, double width, std::string_view text, const Style& style) {
  const auto layout = parts_->layout(text, style, width);
  parts_->colour(style.colour);
  cairo_move_to(parts_->context.get(), x, y);
  pango_cairo_show_layout(parts_->context.get(), layout.get());
  PangoRectangle logical{};
  pango_layout_get_extents(layout.get(), nullptr, &logical);
  return static_cast<double>(logical.height) / PANGO_SCALE;
}

void Pdf::fill(const std::vector<Box>& boxes, const Colour& colour) {
  parts_->colour(colour);
  for (const auto& box : boxes) cairo_rectangle(parts_->context.get(), box.x, box.y, box.width, box.height);
  cairo_fill(parts_->context.get());
}

void Pdf::panel(const Box& box, double radius, const Colour& colour) {
  parts_->colour(colour);
  parts_->round(box, radius);
  cairo_fill(parts_->context.get());
}

void Pdf::frame(const Box& box, double radius, double line, const Colour& colour) {
  parts_->colour(colour);
  cairo_set_line_width(parts_->context.get(), line);
  parts_->round(box, radius);
  cairo_stroke(parts_->context.get());
}

void Pdf::line(double x1, double y1, double x2, double y2, double width, const Colour& colour) {
  cairo_t* cr = parts_->context.get();
  parts_->colour(colour);
  cairo_set_line_width(cr, width);
  cairo_move_to(cr, x1, y1);
  cairo_line_to(cr, x2, y2);
  cairo_stroke(cr);
}

void Pdf::next_page() {
  cairo_show_page(parts_->context.get());
}

std::string Pdf::finish() {
  cairo_show_page(parts_->context.get());
  cairo_surface_finish(parts_->surface.get());
  const auto status = cairo_status(parts_->context.get());
  if (status != CAIRO_STATUS_SUCCESS || cairo_surface_status(parts_->surface.get()) != CAIRO_STATUS_SUCCESS)
    throw base::Error{base::Errc::Internal,
                      std::string{"the PDF could not be made: "} + cairo_status_to_string(status)};
  return std::move(parts_->bytes);
}

}  // namespace hub::lib::cairo
