import Expressions
import Operations
import Sandbox
import Testing

struct FormTests {
  private func multipart(_ fields: [(String, String)]) -> [UInt8] {
    let parts = fields.map { name, value in
      "--xyz\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }
    return Array("\(parts.joined())--xyz--\r\n".utf8)
  }

  @Test func `multipart is read like a URL-encoded form`() {
    let fields = [("deviceName", "a & b = ü\r\n--xy")]
    var one = VaultClient.provisioned()
    var other = one
    let form = fields.map { HTTPField($0.0, $0.1) }
    let first = one.post("/device/request-unique-identifier", form: form)
    let second = other.send(
      other.request(
        "POST", "/device/request-unique-identifier",
        type: "multipart/form-data; boundary=\"xyz\"", body: multipart(fields)))
    #expect(first == second)
    let devices = one.get("/device/retrieve-profile-devices")
    #expect(devices == other.get("/device/retrieve-profile-devices"))
    #expect("\(devices.value)".contains("ü"))
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=xyz", "no boundary"),
    ("multipart/form-data", "--xyz--"),
    ("multipart/form-data; boundary=xyz", "--xyz\r\n\r\nno name\r\n--xyz--"),
    ("multipart/form-data; boundary=xyz", "--xyz\r\nContent-Disposition: form-data; name=a"),
    ("application/x-www-form-urlencoded", "deviceName=%zz"),
    ("application/x-www-form-urlencoded", "deviceName=%ff"),
    ("application/json", #"{"deviceName":"d"}"#),
    ("text/plain", "deviceName=d"),
  ])
  func `a body that is not what its type says is refused`(type: String, body: String) {
    var client = VaultClient.provisioned()
    let answer = client.send(
      client.request(
        "POST", "/device/request-unique-identifier", type: type, body: Array(body.utf8)))
    #expect(answer.status == 422)
  }

  @Test func `a form has bounded fields, a text bounded length, a body bounded size`() {
    var client = VaultClient.provisioned()
    let path = "/device/request-unique-identifier"
    let many = (0...256).map { HTTPField("f\($0)", "x") }
    #expect(client.post(path, form: many).status == 422)
    let long = String(repeating: "x", count: 513)
    #expect(
      client.post(path, ["deviceName": long]).value
        == ["errors": ["deviceName": ["is too long"]]])
    let huge = String(repeating: "x", count: 1 << 20)
    #expect(client.post(path, ["deviceName": huge]).status == 413)
  }
}
