import Serving
import Testing

@Suite struct StatusAddressTests {
  @Test(arguments: [
    ("127.0.0.1:8650", "127.0.0.1", 8650, "127.0.0.1:8650"),
    ("localhost:0", "localhost", 0, "localhost:0"),
    ("[::1]:80", "::1", 80, "[::1]:80"), (":9000", "127.0.0.1", 9000, "127.0.0.1:9000"),
    ("a-b_c.example:65535", "a-b_c.example", 65535, "a-b_c.example:65535"),
  ])
  func `an address is a host and a port`(
    _ text: String, _ host: String, _ port: Int, _ description: String
  ) throws {
    let address = try StatusAddress(text)
    #expect(address == StatusAddress(host: host, port: port))
    #expect(address.description == description)
  }

  @Test(arguments: [
    "", "8650", "127.0.0.1", "h:", "h:65536", "h:-1", "h:+1", "h: 1", "h:000001", "h:1a", "::1:80",
    "[h]:80", "[]:80", "http://h:80", "h/x:80", "h é:80",
  ])
  func `what is no address is refused`(_ text: String) {
    #expect(
      throws: StatusFailure(
        "`\(text)` is not an address",
        hint: "write HOST:PORT, such as `127.0.0.1:8650` or `[::1]:8650`")
    ) { try StatusAddress(text) }
  }
}
