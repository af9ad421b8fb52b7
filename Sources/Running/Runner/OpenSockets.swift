import Machine

/// The open sockets of a run, by their names.
actor OpenSockets {
  private var sockets: [SocketID: any MessageSocket] = [:]
  private var isClosed = false

  /// Takes over a socket that was opened; one that comes too late is closed at once.
  func add(_ socket: any MessageSocket, as id: SocketID) async {
    guard !isClosed else { return await socket.close() }
    sockets[id] = socket
  }

  /// Sends `text`; a broken socket shows as the end of its messages.
  func send(_ text: String, on id: SocketID) async {
    try? await sockets[id]?.send(text)
  }

  func close(_ id: SocketID) async {
    await sockets.removeValue(forKey: id)?.close()
  }

  func closeAll() async {
    isClosed = true
    let open = sockets.values
    sockets = [:]
    for socket in open { await socket.close() }
  }
}
