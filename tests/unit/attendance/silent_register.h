#pragma once
#include "hub/attendance/register.h"

namespace hub::test {

/// A Register in which nobody is and nothing can be done. A fake overrides what its test is about.
class SilentRegister : public attendance::Register {
 public:
  void sign_in(Arrival, std::string, Then<SignedIn> then) override { refuse(then); }
  void sign_in_again(std::string, std::string, std::string, Then<SignedInAgain> then) override {
    refuse(then);
  }
  void recover(std::string, Then<Recovered> then) override { refuse(then); }
  void sign_out(std::string, Then<int> then) override { then(0); }
  void me(std::string, Then<Me> then) override { then(Me{}); }
  void erase(std::string, Then<int> then) override { then(0); }
  void seen(const attendance::Proof&) override {}
  [[nodiscard]] bool knows(std::string_view) const override { return false; }
  [[nodiscard]] attendance::Session current(std::string_view) const override {
    attendance::Session day;
    day.id = "local:2027-01-15";
    day.title = "15 janvier";
    day.state = attendance::Session::State::Open;
    return day;
  }
  [[nodiscard]] std::vector<attendance::Session> today(std::string_view language) const override {
    return {current(language)};
  }
  void open_session(NewSession, Then<attendance::Session> then) override { refuse(then); }
  void change_session(SessionChange, Then<attendance::Session> then) override { refuse(then); }
  void close_session(std::string, std::string, std::string, Then<attendance::Session> then) override {
    refuse(then);
  }
  void desk(DeskQuery, Then<Desk> then) override { refuse(then); }
  void desk_add(DeskAdd, Then<DeskAdded> then) override { refuse(then); }
  void desk_left(DeskLeft, Then<std::string> then) override { refuse(then); }
  void desk_undo(std::string, std::string, Then<base::Done> then) override { refuse(then); }
  void head_count(std::string, std::int64_t, std::string, Then<base::Done> then) override { refuse(then); }
  void summary(std::string, std::string, Then<Summary> then) override { then(Summary{}); }
  void export_(ExportRequest, Then<Exported> then) override { then(Exported{"text/csv", "a.csv", ""}); }
  void on_change(std::function<void(Changed)> listener) override { changed = std::move(listener); }

  std::function<void(Changed)> changed;

 private:
  template <class T>
  static void refuse(const Then<T>& then) {
    then(base::Failure{base::Errc::Internal, "not here"});
  }
};

}  // namespace hub::test
