import Diagnostics
import Expressions
import Networking
import Testing

@Suite struct ProxySettingsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var environment: [String: String]
    var address: String
    /// Nil for a direct connection.
    var proxy: String?

    var testDescription: String { "\(environment) for \(address)" }
  }

  private static let everywhere = ["ALL_PROXY": "http://p:1"]
  private static func except(_ text: String) -> [String: String] {
    ["ALL_PROXY": "http://p:1", "NO_PROXY": text]
  }

  static let cases = [
    Case(environment: [:], address: "https://api.test"),
    Case(environment: everywhere, address: "https://api.test", proxy: "http://p:1"),
    Case(environment: everywhere, address: "http://api.test", proxy: "http://p:1"),
    Case(environment: ["HTTP_PROXY": "p"], address: "http://api.test", proxy: "http://p:80"),
    Case(environment: ["HTTP_PROXY": "p"], address: "https://api.test"),
    Case(
      environment: ["https_proxy": "[::2]:9"], address: "https://a.test", proxy: "http://[::2]:9"),
    // Lower case comes first, and the scheme's own variable before the one for all.
    Case(
      environment: ["HTTPS_PROXY": "upper", "https_proxy": "lower", "ALL_PROXY": "all"],
      address: "https://api.test", proxy: "http://lower:80"),
    Case(
      environment: ["HTTPS_PROXY": "  ", "ALL_PROXY": " all "], address: "https://api.test",
      proxy: "http://all:80"),
    // Loopback hosts are reached directly.
    Case(environment: everywhere, address: "http://localhost:8009"),
    Case(environment: everywhere, address: "http://127.1.2.3:8009"),
    Case(environment: everywhere, address: "http://[::1]:8009"),
    Case(environment: everywhere, address: "http://localhost.test", proxy: "http://p:1"),
    Case(environment: everywhere, address: "http://127.1:8009"),
    Case(environment: everywhere, address: "http://2130706433:8009"),
    Case(environment: everywhere, address: "http://[::ffff:127.0.0.1]:8009"),
    Case(environment: except("*"), address: "https://api.test"),
    Case(environment: except("*:443"), address: "https://api.test"),
    Case(environment: except("*:444"), address: "https://api.test", proxy: "http://p:1"),
    Case(environment: except("api.test."), address: "https://api.test"),
    Case(environment: except("10.1.0.0/16"), address: "https://[::ffff:10.1.2.3]"),
    Case(environment: except("api.test"), address: "https://api.test:8009"),
    Case(environment: except("API.Test"), address: "https://eu.api.test"),
    Case(environment: except(".api.test"), address: "https://api.test"),
    Case(environment: except("*.api.test"), address: "https://eu.api.test"),
    Case(environment: except("pi.test"), address: "https://api.test", proxy: "http://p:1"),
    Case(environment: except("a.test, b.test"), address: "https://b.test"),
    Case(environment: except("a.test b.test"), address: "https://b.test"),
    Case(environment: except("api.test:443"), address: "https://api.test"),
    Case(environment: except("api.test:443"), address: "https://api.test:444", proxy: "http://p:1"),
    Case(environment: except("10.1.2.3"), address: "https://10.1.2.3"),
    Case(environment: except("10.1.0.0/16"), address: "https://10.1.2.3"),
    Case(environment: except("10.1.0.0/16"), address: "https://10.2.2.3", proxy: "http://p:1"),
    Case(environment: except("fd00::/9"), address: "https://[fd7f::1]"),
    Case(environment: except("fd00::/9"), address: "https://[fd80::1]", proxy: "http://p:1"),
    Case(environment: except("[fd00::1]:443"), address: "https://[fd00::1]"),
    Case(environment: except("2.3"), address: "https://10.1.2.3", proxy: "http://p:1"),
    Case(environment: except(",. ,"), address: "https://api.test", proxy: "http://p:1"),
  ]

  @Test(arguments: cases)
  func `the environment names the proxy of an address`(example: Case) throws {
    let addresses = try ServiceAddresses(
      besides: example.address, webSocket: nil, upstream: nil, downstream: nil)
    let settings = ProxySettings(environment: example.environment)
    #expect(try settings.proxy(for: addresses.api.origin)?.description == example.proxy)
  }

  @Test func `an unusable proxy is refused only where it would be used`() throws {
    let environment = [
      "ALL_PROXY": "socks5://user:hunter2@p:1", "HTTP_PROXY": "http://user:hunter2@p:x",
      "NO_PROXY": "direct.test",
    ]
    let settings = ProxySettings(environment: environment)
    let direct = try ServiceAddresses(
      besides: "https://direct.test", webSocket: nil, upstream: nil, downstream: nil)
    try settings.validate(for: direct)
    let proxied = try ServiceAddresses(
      besides: "https://api.test", webSocket: "ws://api.test", upstream: nil, downstream: nil)
    let hint = "write it like `http://host:port`, or except the service's hosts in `NO_PROXY`"
    #expect(
      throws: InvalidInput([
        Diagnostic(
          .invalidProxy,
          "`ALL_PROXY` names a proxy that is not `http://`: SOCKS and TLS to a proxy are not "
            + "supported", at: nil, hint: hint),
        Diagnostic(
          .invalidProxy, "`HTTP_PROXY` is not the address of a proxy", at: nil, hint: hint),
      ])
    ) { try settings.validate(for: proxied) }
  }

  @Test(arguments: [
    "http://a b", "http://", "http://p/path", "http://p?x", "http://u%FF@p", ":1",
    "http://u:p%zz@p", "http://u:p%0d%0a@p",
  ])
  func `what is not the address of a proxy is not taken for one`(text: String) {
    #expect(throws: ProxyFlaw.malformed) { try ProxyServer(text) }
  }

  @Test func `the password of a proxy is a secret in each form that the proxy sees`() {
    let settings = ProxySettings(environment: ["ALL_PROXY": "http://user:p%40ss:word@p"])
    #expect(settings.secrets == [Secret("user:p@ss:word"), Secret("p@ss:word")])
  }

  @Test func `a proxy prints without its credentials`() throws {
    let proxy = try ProxyServer("http://user:hunter2@p:3128")
    var dumped = "\(proxy) "
    dump(proxy, to: &dumped)
    #expect(!dumped.contains("hunter2"))
    #expect("\(proxy)" == "http://p:3128")
  }
}
