#pragma once
#include <string_view>
#include <vector>

namespace hub::lib::qrencode {

/// The modules of a QR code (ISO/IEC 18004), without the quiet zone.
class QrCode {
 public:
  /// @p text as bytes, error correction level M (15 %: a screen does not get dirty, a poster does).
  /// @throws base::Error{TooLarge} if it is empty or over 2331 bytes.
  explicit QrCode(std::string_view text);
  /// Modules on each side, 21 to 177.
  [[nodiscard]] int size() const noexcept { return size_; }
  /// False outside, where the quiet zone is. (0, 0) is the upper left.
  [[nodiscard]] bool dark(int x, int y) const noexcept;

 private:
  int size_ = 0;
  std::vector<bool> dark_;  // row by row
};

}  // namespace hub::lib::qrencode
