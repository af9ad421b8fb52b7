import Diagnostics
import Reporting
import Testing

@Suite struct DiagnosticManualTests {
  private static let manual = DiagnosticManual.embedded

  @Test func `each rule has a page, under its own number, and no page is about anything else`() {
    #expect(Self.manual.strangeHeadings == [])
    #expect(Self.manual.pages.map(\.code) == DiagnosticGroup.allCases.flatMap(\.codes))
  }

  @Test func `a page says what and why, and has a wrong and a right example or says why not`() {
    for page in Self.manual.pages {
      #expect(page.what.hasSuffix(".") && page.why.hasSuffix("."), "\(page.code.rawValue)")
      let roles = page.blocks.compactMap { block -> String? in
        switch block.role {
        case .wrong: "wrong"
        case .right: "right"
        case .companion: nil
        }
      }
      #expect(
        roles == (page.exampleReason == nil ? ["wrong", "right"] : []), "\(page.code.rawValue)")
    }
  }

  @Test func `a page is read from its section`() throws {
    let manual = DiagnosticManual(
      parsing: """
        # Files

        ```yaml file=setup.yaml
        playbook: 1
        ```

        ## P0105 empty-file

        **What**: the file has **no**
        content. It is empty.

        **Why**: such files
        are mistakes.

        ```csv wrong tenants
        a
        ```

        ## P0106 empty-file

        ## P0103 unreadable-file

        **No example**: it cannot be seen.
        """)
    #expect(manual.strangeHeadings == ["P0106 empty-file"])
    #expect(manual.companions.map(\.text) == ["playbook: 1\n"])
    #expect(manual.pages.map(\.code) == [.emptyFile, .unreadableFile])
    let page = try #require(manual.page(of: .emptyFile))
    #expect(
      page.text == """
        P0105 empty-file (error)

          The file has no content. It is empty.

        Why
          Such files are mistakes.

        Wrong (a tenants file)
          a

        """)
    #expect(manual.page(of: .unreadableFile)?.exampleReason == "it cannot be seen.")
  }

  @Test func `no line of a page is longer than a wide terminal`() {
    for page in Self.manual.pages {
      #expect(
        page.text.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(page.code.rawValue)")
    }
  }
}
