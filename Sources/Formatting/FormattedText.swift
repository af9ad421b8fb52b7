package import Diagnostics
package import Playbooks

/// What formatting makes of a YAML file: the same text in one form, whoever wrote it.
///
/// Comments, the order of data and every value stay as they are; only the order of keys with a known
/// meaning changes, and how values are written.
package enum FormattedText: Sendable, Hashable {
  /// The text to write; equal to the one that was read when there is nothing to do.
  case text(String)
  /// The file is to be left as it is.
  case untouched(UntouchedReason)

  /// Formats the file of `bytes`.
  ///
  /// Throws everything that is wrong with it as YAML or JSON, whichever it is. A text that would not
  /// say the same is never returned: it is read again, and compared.
  package init(_ bytes: [UInt8], file: String) throws(InvalidInput) {
    do throws(InvalidInput) {
      switch DataForm(of: file) {
      case .yaml: self = try FormattedText(yaml: bytes, file: file)
      case .json:
        let isEmpty = bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if !isEmpty { _ = try YAMLNode(parsingJSON: bytes, file: file, limits: .formatted) }
        self = .untouched(isEmpty ? .empty : .json)
      case .assignments: self = .untouched(.assignments)
      case .table: self = .untouched(.table)
      }
    } catch {
      guard error.diagnostics.map(\.code) == [.emptyFile] else { throw error }
      self = .untouched(.empty)
    }
  }

  private init(yaml bytes: [UInt8], file: String) throws(InvalidInput) {
    let source: YAMLSource
    do throws(InvalidInput) {
      source = try YAMLSource(bytes, file: file, limits: .formatted)
    } catch {
      // Data that is no YAML may be JSON all the same.
      _ = try YAMLNode(parsingData: bytes, file: file, limits: .formatted)
      self = .untouched(.json)
      return
    }
    do throws(UntouchedReason) {
      let document = KeyArranger.arranged(try LayoutReader.document(of: source))
      let text = LayoutPrinter.text(of: document)
      let isUnchanged = text.utf8.elementsEqual(bytes)
      self =
        isUnchanged || MeaningCheck.holds(text, as: document)
        ? .text(text) : .untouched(.unreadable)
    } catch {
      self = .untouched(error)
    }
  }
}

extension YAMLLimits {
  /// For files that are formatted: those of the description of an API, the largest of all.
  package static let formatted = YAMLLimits.description
}
