import Expressions
import Operations
import Sandbox
import Testing

struct PublicKeyTests {
  private static let key = try? KeyPair(randomBytes: [UInt8](repeating: 9, count: 32)).signed().hex

  @Test(arguments: ["", "31420500", String(repeating: "z", count: 200)])
  func `a key of the wrong length or alphabet is refused at once`(key: String) {
    var client = VaultClient.provisioned()
    #expect(client.post("/public-key/register-public-key", ["publicKey": key]).status == 422)
  }

  @Test func `a key with the wrong tag or digest is refused when the command settles`() throws {
    let key = try #require(Self.key)
    for wrong in ["31400500\(key.dropFirst(8))", "\(key.dropLast())\(key.last == "0" ? "1" : "0")"]
    {
      var client = VaultClient.provisioned()
      let answer = client.post("/public-key/register-public-key", ["publicKey": wrong])
      client.settle()
      #expect(client.outcome(of: answer.commandID) == "3 public_key.invalid_signature")
    }
  }

  @Test func `a key registered again replaces the first, in either case`() throws {
    let key = try #require(Self.key)
    var client = VaultClient.provisioned()
    _ = client.post("/public-key/register-public-key", ["public_key": key.uppercased()])
    client.settle()
    #expect(
      client.get("/public-key/retrieve-public-key").value == ["publicKey": .string(key)])
  }

  @Test func `the keys that the engine makes are valid, its own too`() throws {
    var client = VaultClient.provisioned()
    let keys = client.get("/generate-keys").value
    let pair = try KeyPair(privateKey: Secret(keys[field: "private"]?.text ?? ""))
    #expect(try pair.signed().hex == keys[field: "public"]?.text)
    let own = client.get("/dptcab/public-key").value[field: "publicKey"]?.text ?? ""
    #expect(try SignedPublicKey(parsing: own).hex == own)
  }
}
