import Diagnostics
import Expressions
import Foundation
import Synchronization
import Testing

/// The deepest expressions that are read, on as small a stack as a concurrency thread may have.
@Suite struct StackTests {
  private static let deepest = Expression.depthLimit - 1
  /// An operand counts as a level beside the parentheses.
  private static let half = deepest / 2

  @Test(arguments: [
    String(repeating: "(", count: deepest) + "1" + String(repeating: ")", count: deepest),
    String(repeating: "[", count: deepest) + "1" + String(repeating: "]", count: deepest),
    String(repeating: "{'a': ", count: deepest) + "1" + String(repeating: "}", count: deepest),
    String(repeating: "!", count: deepest) + "true",
    "1" + String(repeating: " + 1", count: deepest),
    String(repeating: "1 + (", count: half) + "1" + String(repeating: ")", count: half),
    String(repeating: "true ? 1 : ", count: deepest) + "1",
    String(repeating: "true && (", count: half) + "true" + String(repeating: ")", count: half),
    String(repeating: "dyn(", count: deepest) + "1" + String(repeating: ")", count: deepest),
    String(repeating: "x.map(x, ", count: deepest) + "1" + String(repeating: ")", count: deepest),
    String(repeating: "x.all(x, ", count: deepest) + "true"
      + String(repeating: ")", count: deepest),
    "x" + String(repeating: ".?a", count: deepest),
    "x" + String(repeating: "[?'a']", count: deepest),
    String(repeating: "optional.of(", count: deepest) + "1"
      + String(repeating: ")", count: deepest),
    String(repeating: "[?optional.of(", count: deepest / 3) + "1"
      + String(repeating: ")]", count: deepest / 3),
    String(repeating: "optional.none().or(", count: deepest - 1) + "optional.none()"
      + String(repeating: ")", count: deepest - 1),
    String(repeating: "cel.bind(x, ", count: deepest) + "1"
      + String(repeating: ", x)", count: deepest),
    String(repeating: "cel.bind(x, 1, ", count: deepest) + "1"
      + String(repeating: ")", count: deepest),
    String(repeating: "x.?a.optMap(x, ", count: deepest - 2) + "1"
      + String(repeating: ")", count: deepest - 2),
    String(repeating: "x.transformMap(k, x, ", count: deepest) + "1"
      + String(repeating: ")", count: deepest),
    String(repeating: "x.sortBy(x, ", count: deepest) + "1"
      + String(repeating: ")", count: deepest),
    String(repeating: "'%s'.format([", count: half) + "1" + String(repeating: "])", count: half),
    "x" + String(repeating: ".a", count: deepest),
    "[x.a].distinct() == [] || sets.contains([x.a], [x.a]) && '%s'.format([x.a]) == ''",
    "x" + String(repeating: "['a']", count: deepest),
  ])
  func `the deepest expressions fit half a megabyte of stack`(_ source: String) {
    let outcome = Self.onSmallStack {
      do {
        let expression = try Expression(
          parsing: source, at: SourceLocation(file: "a.yaml", line: 1, column: 1))
        _ = expression.check(in: ["x": .dyn])
        _ = expression.hashValue
        _ = try? expression.evaluate(with: ["x": Self.deepValue])
        return "ended"
      } catch {
        return "refused: \(error)"
      }
    }
    #expect(outcome == "ended")
  }

  private static let deepValue = (0..<deepest).reduce(Value.int(1)) { value, _ in ["a": value] }

  private static func onSmallStack(_ body: @escaping @Sendable () -> String) -> String {
    let result = Mutex("")
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      let outcome = body()
      result.withLock { $0 = outcome }
      done.signal()
    }
    thread.stackSize = 512 * 1024
    thread.start()
    done.wait()
    return result.withLock { $0 }
  }
}
