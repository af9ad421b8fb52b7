import NIOCore

/// How far a tenant is in the script, whoever moves its bytes.
struct TenantCourse {
  private(set) var values: TenantValues
  /// What was done so far.
  private(set) var tally = FloorTally()
  private var position = 0

  init(username: String) {
    values = TenantValues(username: username)
  }

  /// What is to be done now; nil at the end.
  var step: ScriptStep? {
    position < TenantScript.steps.count ? TenantScript.steps[position] : nil
  }

  /// The step that needs no answer, or got its own, is done.
  mutating func proceed() {
    if let step { tally.count(step) }
    position += 1
    if step == nil { tally.tenants += 1 }
  }

  /// Takes the answer to the request of this step; ends the process when it is another than expected.
  mutating func answered(_ status: Int, _ body: ByteBuffer, to exchange: ScriptExchange) {
    guard status == exchange.status,
      exchange.content.isEmpty || TextScan.contains(exchange.content, in: body)
    else {
      stop("\(exchange.path.text(values)) was answered with \(status): \(String(buffer: body))")
    }
    for (slot, mark) in exchange.values {
      guard let text = TextScan.string(after: mark, in: body), !text.isEmpty else {
        stop("\(exchange.path.text(values)) lacks a value: \(String(buffer: body))")
      }
      values[slot] = text
    }
    proceed()
  }

  /// Takes a message; the step is done when it is the one that it waits for.
  mutating func received(_ message: ByteBuffer, waitingFor expected: ExpectedMessage) {
    switch expected {
    case .joined:
      guard let channel = TextScan.string(after: "\"channelId\"", in: message) else {
        stop("joining failed: \(String(buffer: message))")
      }
      values[.channel] = channel
    case .left:
      guard TextScan.contains("left", in: message) else {
        stop("leaving failed: \(String(buffer: message))")
      }
    case .acknowledgement:
      guard TextScan.contains(values[.command], in: message),
        let state = TextScan.digit(after: "\"command_status\"", in: message)
      else { return }
      guard state != 1 else { return }
      guard state == 2 else { stop("a command was refused: \(String(buffer: message))") }
    }
    proceed()
  }
}
