internal import Formats

/// Why a safetensors file could not be read, written or used.
public struct SafeTensorsError: Error, Equatable, Sendable {
  /// What is wrong, with the facts needed to say so.
  public enum Problem: Equatable, Sendable {
    /// The file ends before the eight bytes that give the length of the header.
    case noHeaderLength(fileBytes: Int)
    /// The header is said to be longer than the file or than the limit.
    case headerLength(UInt64, limit: Int)
    /// The header is not JSON; the offset counts bytes from the start of the header.
    case notJSON(offset: Int, why: String)
    /// A name appears twice in one object of the header.
    case duplicateName(String)
    /// A field is missing or of the wrong JSON type.
    case field(String, expected: String)
    /// The element type is none that the format knows.
    case unknownElementType(String)
    /// An extent is negative, or the tensor would be larger than memory can be.
    case impossibleShape([Int])
    /// Type and shape ask for another number of bytes than the offsets give.
    case byteCount(shape: [Int], elementType: String, needed: Int, found: Int)
    /// The offsets run backwards or leave the data.
    case offsets(begin: Int, end: Int, dataBytes: Int)
    /// The tensor starts inside the one before it.
    case overlap(begin: Int, previousEnd: Int)
    /// Bytes that belong to no tensor, before this tensor or after the last one.
    case hole(from: Int, to: Int)
    /// The file has no tensor of this name.
    case noSuchTensor(available: [String])
    /// The tensor has elements of a type that cannot be read as asked.
    case otherElementType(found: String, wanted: String)
    /// The operating system refused to read the file.
    case unreadable(why: String)
    /// The operating system refused to write the file.
    case unwritable(why: String)
  }

  /// What is wrong.
  public var problem: Problem
  /// The tensor concerned, if it is one.
  public var tensor: String?
  /// The path of the file, if the bytes came from one.
  public var file: String?

  init(_ problem: Problem, tensor: String? = nil, file: String? = nil) {
    self.problem = problem
    self.tensor = tensor
    self.file = file
  }
}

extension SafeTensorsError: CustomStringConvertible {
  /// One or two sentences: where, what, why, and what to do.
  public var description: String {
    let location = [file, tensor.map { "tensor \"\($0)\"" }].compactMap(\.self).joined(separator: ": ")
    return withoutControls(location.isEmpty ? sentence : "\(location): \(sentence)")
  }

  private var sentence: String {
    let damaged = "The file is damaged or was written by a faulty program; make it again."
    switch problem {
    case .noHeaderLength(let bytes):
      return "\(bytes) bytes are too few for a safetensors file, which starts with an eight-byte length. "
        + "Check that the copy is complete."
    case .headerLength(let length, let limit):
      return "the header is said to take \(length) bytes, but at most \(limit) are possible here. "
        + "Check that this is a safetensors file and that the copy is complete."
    case .notJSON(let offset, let why):
      return "the header is not valid JSON at byte \(offset): \(why). \(damaged)"
    case .duplicateName(let name): return "the header names \"\(name)\" twice. \(damaged)"
    case .field(let field, let expected): return "\(field) must be \(expected). \(damaged)"
    case .unknownElementType(let name):
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      return "the element type \"\(name)\" is unknown. Convert the tensor to one of \(known)."
    case .impossibleShape(let shape): return "the shape \(shape) is negative or too large. \(damaged)"
    case .byteCount(let shape, let type, let needed, let found):
      return "\(type) of shape \(shape) takes \(needed) bytes, but the offsets give it \(found). \(damaged)"
    case .offsets(let begin, let end, let bytes):
      return "data_offsets [\(begin), \(end)] are not a range within the \(bytes) bytes of data. \(damaged)"
    case .overlap(let begin, let end):
      return "it starts at byte \(begin) of the data, inside the tensor that ends at \(end). \(damaged)"
    case .hole(let from, let to): return "bytes \(from)..<\(to) of the data belong to no tensor. \(damaged)"
    case .noSuchTensor(let available):
      let some = available.prefix(8).joined(separator: ", ") + (available.count > 8 ? ", ..." : "")
      return "there is no such tensor. The file has \(available.isEmpty ? "none" : some)."
    case .otherElementType(let found, let wanted):
      return "its elements are \(found), but \(wanted) is needed. Convert the tensor before saving it."
    case .unreadable(let why): return "cannot be read: \(why). Check the path and its permissions."
    case .unwritable(let why): return "cannot be written: \(why). Check that the folder exists and has room."
    }
  }
}
