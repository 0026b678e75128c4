/// What general JSON readers let pass, judged before they are asked.
///
/// They take the last of two values of one name, accept NUL in text, and keep whole files of nesting; a file
/// from a stranger must say one thing only. Syntax itself is left to the reader that follows.
enum StrictJSON {
  private struct Level {
    let isObject: Bool
    var expectsName: Bool
    var names: Set<String> = []
  }

  /// What is wrong with a JSON text, if it is one of the faults above.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - deepest: Levels of nesting allowed.
  ///   - longest: Bytes allowed.
  /// - Returns: The fault as a sentence without its end, or nil.
  static func fault(_ bytes: ArraySlice<UInt8>, deepest: Int, longest: Int) -> String? {
    if bytes.count > longest { return "it is longer than \(longest) bytes" }
    var levels: [Level] = []
    var position = bytes.startIndex
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if levels.count == deepest { return "it nests deeper than \(deepest) levels" }
        let isObject = byte == UInt8(ascii: "{")
        levels.append(Level(isObject: isObject, expectsName: isObject))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if levels.popLast() == nil { return "it closes a bracket that is not open" }
      case UInt8(ascii: ","):
        if let top = levels.indices.last, levels[top].isObject { levels[top].expectsName = true }
      case UInt8(ascii: "\""):
        let start = position
        if let fault = skipText(bytes, &position) { return fault }
        guard let top = levels.indices.last, levels[top].expectsName else { continue }
        levels[top].expectsName = false
        let name = bytes[start..<position - 1]
        // Two spellings of one name would otherwise pass as two names.
        if name.contains(UInt8(ascii: "\\")) { return "a name holds an escape" }
        let text = String(decoding: name, as: UTF8.self)
        if !levels[top].names.insert(text).inserted {
          return "the field \(printable(text)) stands there twice"
        }
      case 0: return "it holds a NUL character"
      default: continue
      }
    }
    return nil
  }

  /// Moves past the closing quotation mark of a text that has just been opened.
  private static func skipText(_ bytes: ArraySlice<UInt8>, _ position: inout Int) -> String? {
    let start = position
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        return String(validating: bytes[start..<position - 1], as: UTF8.self) == nil
          ? "it is not UTF-8 text" : nil
      case UInt8(ascii: "\\"):
        if bytes[position...].starts(with: "u0000".utf8) { return "a text holds a NUL character" }
        position += position < bytes.endIndex ? 1 : 0
      case 0..<0x20: return "a text holds a control character"
      default: continue
      }
    }
    return "a text does not end"
  }
}
