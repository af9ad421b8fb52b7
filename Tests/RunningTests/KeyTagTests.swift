import Expressions
import Machine
import Operations
import Running
import Testing

@Suite("The version tag of public keys")
struct KeyTagTests {
  private let actions = LocalActions(files: .live()) { Array(repeating: 5, count: $0) }

  @Test(arguments: [(nil, "31420500"), ("31400500", "31400500"), ("3142050A", "3142050a")])
  func `a public key begins with the tag that the step names`(tag: String?, start: String) throws {
    let keys = try actions.perform(
      .generateKeys, tag.map { ["tag": .string($0)] } ?? [:]
    ).fields
    let key = keys["publicKey"]?.text ?? ""
    #expect(key.hasPrefix(start))
    let parsed = try SignedPublicKey(
      parsing: key, tag: try #require(SignedPublicKey.Tag(hex: start)))
    #expect(parsed.hex == key)
  }

  @Test(arguments: ["", "3142", "3142050000", "314205zz"])
  func `a tag that is none is refused, and no key is made`(tag: String) {
    #expect(throws: LocalFailure.self) {
      try actions.perform(.generateKeys, ["tag": .string(tag)])
    }
  }
}
