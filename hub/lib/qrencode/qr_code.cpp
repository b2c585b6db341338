#include "hub/lib/qrencode/qr_code.h"

#include "hub/base/error.h"

#include <cstddef>
#include <memory>
#include <string>

#include <qrencode.h>

namespace hub::lib::qrencode {
namespace {

struct Free {
  void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

}  // namespace

QrCode::QrCode(std::string_view text) {
  // Not QRcode_encodeString: that one ends at a zero byte.
  const std::string bytes{text};
  const std::unique_ptr<QRcode, Free> code{
      QRcode_encodeData(static_cast<int>(bytes.size()),
                        reinterpret_cast<const unsigned char*>(bytes.data()),  // the library's type of a byte
                        0, QR_ECLEVEL_M)};
  if (!code) throw base::Error{base::Errc::TooLarge, "the text does not fit into a QR code"};
  size_ = code->width;
  const auto count = static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_);
  dark_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) dark_.push_back((code->data[i] & 1U) != 0);
}

bool QrCode::dark(int x, int y) const noexcept {
  if (x < 0 || y < 0 || x >= size_ || y >= size_) return false;
  return dark_[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) + static_cast<std::size_t>(x)];
}

}  // namespace hub::lib::qrencode
