import Events
import FoundationEssentials
import GRDB

/// Values of a file that may be damaged: none of them is taken for granted.
///
/// Each throws when the column holds something else, which is an error of a damaged database.
extension Row {
  /// More events than any run has, and more owners; sums with it do not overflow.
  private static let largestCount: Int64 = 1 << 48

  /// The value of `column`.
  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
    _ column: String
  ) throws -> Value {
    try decode(Value.self, forColumn: column)
  }

  /// The bytes of `column`.
  func bytes(_ column: String) throws -> [UInt8] {
    Array(try decode(Data.self, forColumn: column))
  }

  /// The bytes of `column`; nil where it is null.
  func bytesIfPresent(_ column: String) throws -> [UInt8]? {
    try decode(Data?.self, forColumn: column).map { Array($0) }
  }

  /// What a row of `runs` is about.
  func recordKind() throws -> RecordKind {
    let number: Int64 = try value("kind")
    guard let kind = RecordKind(rawValue: number) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a record of kind \(number)")
    }
    return kind
  }

  /// The number of events, of an event or of an epoch in `column`.
  func count(_ column: String) throws -> Int {
    if let count = try countIfPossible(column) { return count }
    let number: Int64 = try value(column)
    throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a count of \(number)")
  }

  /// The same; nil where the number in `column` can be no count.
  func countIfPossible(_ column: String) throws -> Int? {
    let count: Int64 = try value(column)
    return (0...Self.largestCount).contains(count) ? Int(count) : nil
  }
}

extension [UInt8] {
  /// The same bytes as SQLite takes them.
  var data: Data { Data(self) }
}
