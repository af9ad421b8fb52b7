import Diagnostics
import Networking
import Testing

@Suite struct AddressTests {
  @Test(arguments: [
    ("http://localhost:8009", "http://localhost:8009"),
    ("HTTPS://Example.COM", "https://example.com:443"),
    ("http://10.0.0.1/", "http://10.0.0.1:80"),
    ("https://api.example:9009/v2/", "https://api.example:9009/v2"),
    ("http://[::1]:8009/a%20b", "http://[::1]:8009/a%20b"),
    (" http://localhost:8009\r\n", "http://localhost:8009"),
  ])
  func `a good address is read`(text: String, expected: String) throws {
    let addresses = try ServiceAddresses(
      api: text, webSocket: "wss://h", upstream: "http://u", downstream: "http://d")
    #expect(addresses.api.description == expected)
    #expect(addresses.webSocket.description == "wss://h:443")
  }

  @Test(arguments: [
    ("", "does not begin with `http://` or `https://`"),
    ("localhost:8009", "does not begin with `http://` or `https://`"),
    ("ws://localhost", "does not begin with `http://` or `https://`"),
    ("http://", "has no valid host"),
    ("http://a..b", "has no valid host"),
    ("http://a b", "holds a blank or a control character"),
    ("\"http://localhost\"", "is in quotation marks"),
    ("'http://localhost'", "is in quotation marks"),
    ("http://bücher.example", "has no valid host"),
    ("http://[::1", "has no valid host"),
    ("http://[fe80::1%25eth0]", "has no valid host"),
    ("http://[::1]8009", "has no valid host"),
    ("http://user:secret@host", "must not hold a user name or password"),
    ("http://host:", "has a port that is not a number from 1 to 65535"),
    ("http://host:0", "has a port that is not a number from 1 to 65535"),
    ("http://host:65536", "has a port that is not a number from 1 to 65535"),
    ("http://host:+80", "has a port that is not a number from 1 to 65535"),
    ("http://host/?q=secret", "must not have a query"),
    ("http://host/#top", "must not have a fragment"),
    (
      "http://host/a/../b",
      "has a path with characters that must be percent-encoded, or dot segments"
    ),
    (
      "http://host/%zz", "has a path with characters that must be percent-encoded, or dot segments"
    ),
  ])
  func `a bad address is refused without repeating it`(text: String, complaint: String) {
    #expect(
      throws: InvalidInput([
        Diagnostic(
          .invalidAddress, "the upstream address \(complaint)", at: nil,
          hint: "write it like `https://host:port`; it comes from `--upstream-url` or "
            + "`PRIVICORE_UPSTREAM_URL`")
      ])
    ) {
      try ServiceAddresses(
        api: "http://a", webSocket: "ws://w", upstream: text, downstream: "http://d")
    }
  }

  @Test(arguments: [
    ("http://localhost:8009", "ws://localhost:8083", "http://localhost:8010"),
    ("https://[::1]/v2", "wss://[::1]:8083", "https://[::1]:8010"),
  ])
  func `addresses that are not named follow from the API's`(
    api: String, webSocket: String, upstream: String
  ) throws {
    let derived = try ServiceAddresses(
      besides: api, webSocket: nil, upstream: nil, downstream: "http://d:1")
    let named = try ServiceAddresses(
      api: api, webSocket: webSocket, upstream: upstream, downstream: "http://d:1")
    #expect(derived == named)
  }

  @Test func `all bad addresses are reported at once`() {
    let error = #expect(throws: InvalidInput.self) {
      try ServiceAddresses(api: "", webSocket: "http://w", upstream: "x", downstream: "http://d:")
    }
    #expect(error?.diagnostics.count == 4)
  }
}
