#include "hub/media/failure.h"

#include "tests/support/catch.h"

using namespace hub::media;
using hub::base::Errc;

TEST_CASE("what GStreamer says becomes what a host can act on") {
  struct Row {
    GQuark domain;
    int code;
    const char* message;
    std::optional<unsigned> status;
    bool delivering;
    Errc expected;
  };
  const GQuark resource = GST_RESOURCE_ERROR;
  const GQuark stream = GST_STREAM_ERROR;
  const auto row = GENERATE_COPY(
      Row{resource, GST_RESOURCE_ERROR_NOT_FOUND, "Not Found", 404U, false, Errc::NotFound},
      Row{resource, GST_RESOURCE_ERROR_OPEN_READ, "Gone", 410U, false, Errc::NotFound},
      Row{resource, GST_RESOURCE_ERROR_OPEN_READ, "", 401U, false, Errc::NotAuthorised},
      Row{resource, GST_RESOURCE_ERROR_OPEN_READ, "", 403U, true, Errc::NotAuthorised},
      Row{resource, GST_RESOURCE_ERROR_OPEN_READ, "", 503U, false, Errc::Unreachable},
      Row{resource, GST_RESOURCE_ERROR_OPEN_READ, "", 500U, false, Errc::Io},
      Row{resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "", std::nullopt, false, Errc::NotAuthorised},
      Row{resource, GST_RESOURCE_ERROR_OPEN_READ, "Connection refused", std::nullopt, false, Errc::Refused},
      Row{resource, GST_RESOURCE_ERROR_OPEN_READ, "Error resolving “x”: Name or service not known",
          std::nullopt, false, Errc::Unreachable},
      Row{resource, GST_RESOURCE_ERROR_READ, "Connection timed out", std::nullopt, true, Errc::Io},
      Row{stream, GST_STREAM_ERROR_TYPE_NOT_FOUND, "", std::nullopt, false, Errc::Unsupported},
      Row{stream, GST_STREAM_ERROR_WRONG_TYPE, "", std::nullopt, false, Errc::Unsupported},
      Row{stream, GST_STREAM_ERROR_DEMUX, "", std::nullopt, false, Errc::Unsupported},
      Row{stream, GST_STREAM_ERROR_DEMUX, "", std::nullopt, true, Errc::Io},
      Row{stream, GST_STREAM_ERROR_FAILED, "Internal data stream error.", std::nullopt, false, Errc::Io},
      Row{GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, "no decoder", std::nullopt, false,
          Errc::Unsupported});
  PipelineError error;
  error.domain = row.domain;
  error.code = row.code;
  error.message = row.message;
  error.http_status = row.status;
  INFO(row.code << " " << row.message);
  const auto failure = classify(error, "http://tom:s3cret@h/a?key=9", row.delivering);
  CHECK(failure.code == row.expected);
  CHECK(failure.text.find("http://h/a") != std::string::npos);
  CHECK(failure.text.find("s3cret") == std::string::npos);
  CHECK(failure.text.find("key=9") == std::string::npos);
}

TEST_CASE("only an error that says nothing is looked into") {
  PipelineError error;
  error.domain = GST_STREAM_ERROR;
  error.code = GST_STREAM_ERROR_FAILED;
  error.message = "Internal data stream error.";
  CHECK(is_vague(error));
  error.http_status = 404;
  CHECK_FALSE(is_vague(error));
}
