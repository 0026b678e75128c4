internal import Files
internal import Formats
internal import Foundation

/// Images and their labels in one `.npz` file, as few-shot data sets are passed around.
///
/// The images are an array of uint8, `[N, H, W, 3]`, `[N, H, W, 1]`, `[N, H, W]`, or with the channels first,
/// `[N, 3, H, W]`; the labels one of N whole numbers or texts. An array named `class_names` gives numbers their names.
public struct LabelledArrays: Sendable {
  /// Where they were read from.
  public let path: String

  /// How many images there are.
  public var count: Int { labels.count }

  /// The class of each.
  let labels: [String]

  /// Pixels of an image: rows, columns, and 1 or 3 channels.
  let (height, width, channels): (Int, Int, Int)

  private let images: NumpyArray
  private let hasChannelsFirst: Bool

  /// The most images of a file.
  private static let most = 10_000_000

  /// Names under which images are looked for, the first that is there.
  static let imageNames = ["images", "image", "image_data", "data", "x", "X", "arr_0"]

  /// Names under which labels are looked for, the first that is there.
  static let labelNames = ["labels", "label", "targets", "fine_labels", "y", "Y", "arr_1"]

  /// Reads a file.
  ///
  /// - Parameter path: An `.npz` file; it need not be trustworthy.
  /// - Throws: `DatasetError.labelList` with what is wrong with it, `.notFound`, `.unreadable`.
  public init(contentsOf path: String) throws(DatasetError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .notFound(path: path) }
    let memory = MachineMemory.bytes / 2
    let bytes: [UInt8]
    do {
      bytes = try contents(ofFile: path, limit: memory)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    try self.init(parsing: bytes, from: path, limit: memory)
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: The file; it need not be trustworthy.
  ///   - path: Its name, for errors.
  ///   - limit: The most bytes that an array may have.
  /// - Throws: `DatasetError.labelList` with what is wrong with it.
  public init(parsing bytes: [UInt8], from path: String, limit: Int = 1 << 30) throws(DatasetError) {
    self.path = path
    func fault(_ reason: String) -> DatasetError { .labelList(path: path, line: 0, reason: reason) }
    do throws(ArrayFault) {
      let archive = try ZipArchive(bytes)
      let names = archive.members.map(\.name)
      func array(_ wanted: [String]) throws(ArrayFault) -> (name: String, array: NumpyArray)? {
        for name in wanted {
          guard let member = archive.members.first(where: { $0.name == name + ".npy" }) else { continue }
          do throws(ArrayFault) {
            return try (name, NumpyArray(archive.content(of: member, limit: limit)))
          } catch {
            throw ArrayFault(reason: "its array \(name) \(error.reason)")
          }
        }
        return nil
      }
      guard let images = try array(Self.imageNames), let labels = try array(Self.labelNames) else {
        let found = names.prefix(12).map { printable($0.hasSuffix(".npy") ? String($0.dropLast(4)) : $0) }
        throw ArrayFault(
          reason:
            "it needs an array of images (\(Self.imageNames.joined(separator: ", "))) and one of labels "
            + "(\(Self.labelNames.joined(separator: ", "))); it has \(found.joined(separator: ", "))")
      }
      self.images = images.array
      let shape = images.array.shape
      let isFirst = shape.count == 4 && shape[1] == 3 && shape[3] != 3
      let sides = shape.count == 3 ? shape + [1] : isFirst ? [shape[0], shape[2], shape[3], 3] : shape
      guard images.array.kind == .bytes, sides.count == 4, sides[3] == 1 || sides[3] == 3,
        (1...16_384).contains(sides[1]), (1...16_384).contains(sides[2])
      else {
        throw ArrayFault(
          reason:
            "its array \(images.name) has the shape \(shape) of \(images.array.kind.words), and images are uint8 "
            + "[N, height, width, 1 or 3] or [N, height, width]")
      }
      (height, width, channels, hasChannelsFirst) = (sides[1], sides[2], sides[3], isFirst)
      guard sides[0] <= Self.most else {
        throw ArrayFault(reason: "it has \(sides[0]) images, and at most \(Self.most) are read")
      }
      guard labels.array.shape == [sides[0]] else {
        throw ArrayFault(
          reason: "it has \(sides[0]) images, and its array \(labels.name) the shape \(labels.array.shape)")
      }
      let texts = labels.array.texts
      let classNames = try array(["class_names", "label_names"]).map { name, array throws(ArrayFault) in
        guard array.shape.count == 1, array.count <= Self.most else {
          throw ArrayFault(reason: "its array \(name) has the shape \(array.shape), and names have one side")
        }
        return array.texts
      }
      self.labels = texts.map { text in
        guard let classNames, let number = Int(text), classNames.indices.contains(number) else { return text }
        return classNames[number]
      }
    } catch {
      throw fault("\(error.reason).")
    }
    guard count > 0 else { throw fault("it holds no image.") }
    for (i, label) in labels.enumerated() {
      if let reason = LabelList.fault(label: label) { throw fault("label \(i + 1) \(reason)") }
    }
  }

  /// The pixels of an image, `[height, width, channels]`.
  func pixels(_ i: Int) -> [UInt8] {
    let item = Array(images.item(i))
    guard hasChannelsFirst else { return item }
    let size = width * height
    return (0..<size).flatMap { [item[$0], item[size + $0], item[2 * size + $0]] }
  }
}
