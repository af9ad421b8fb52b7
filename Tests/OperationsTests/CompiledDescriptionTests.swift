import Diagnostics
import FoundationEssentials
import Operations
import Testing

/// The form of the embedded description that every start of the program reads.
struct CompiledDescriptionTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/CPrivicoreAPI/description.compiled")

  private static let read = Result { () throws(InvalidInput) in
    try APIDescription(parsing: APIDescription.embeddedBytes, file: "api.yaml")
  }

  private static let document = APIDescription.embeddedBytes

  @Test func `the compiled form is made of the embedded document`() throws {
    let form = try Self.read.get().compiled(from: Self.document)
    if ProcessInfo.processInfo.environment["PRIVIRUN_UPDATE_EXPECTED"] != nil {
      try Data(form).write(to: Self.file)
      Issue.record("wrote description.compiled")
      return
    }
    let isSame = try Array(Data(contentsOf: Self.file)) == form
    #expect(isSame, "write it anew: run this test with PRIVIRUN_UPDATE_EXPECTED=1")
    #expect(
      APIDescription.compiledBytes == form,
      "touch Sources/CPrivicoreAPI/description.c, which embeds it, and build again")
  }

  @Test func `the compiled form says all that the document says`() throws {
    let description = try Self.read.get()
    let form = description.compiled(from: Self.document)
    let again = try #require(APIDescription(compiled: form, from: Self.document))
    #expect(again == description)
    // Equal dictionaries have their keys in one order, equal sets in none.
    #expect(again.compiled(from: Self.document) == form)
  }

  @Test func `the compiled form of another document is not read`() throws {
    let form = try Self.read.get().compiled(from: Self.document)
    for index in [0, 8, Self.document.count / 2, Self.document.count - 1] {
      var other = Self.document
      other[index] ^= 1
      #expect(APIDescription(compiled: form, from: other) == nil)
    }
    // The last byte of a word, and that of the next one, which could make up for it.
    var other = Self.document
    other[7] ^= 1
    for byte in UInt8.min...UInt8.max {
      other[15] = byte
      #expect(APIDescription(compiled: form, from: other) == nil)
    }
    #expect(APIDescription(compiled: form, from: Self.document + [0]) == nil)
    #expect(APIDescription(compiled: form, from: Array(Self.document.dropLast())) == nil)
  }

  @Test func `a form that is cut off or goes on is not read`() throws {
    let form = try Self.read.get().compiled(from: Self.document)
    for count in Array(stride(from: 0, to: form.count, by: 997)) + [form.count - 1] {
      #expect(APIDescription(compiled: Array(form[..<count]), from: Self.document) == nil)
    }
    #expect(APIDescription(compiled: form + form.suffix(2), from: Self.document) == nil)
    let huge = form.split(separator: UInt8(ascii: "\n"))[0] + Array("\n99999999999999 a\n".utf8)
    #expect(APIDescription(compiled: Array(huge), from: Self.document) == nil)
  }
}
