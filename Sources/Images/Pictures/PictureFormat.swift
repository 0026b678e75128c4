/// What a file holds, by its first bytes, whatever its name says.
public enum PictureFormat: String, CaseIterable, Hashable, Sendable {
  /// Portable Network Graphics.
  case png = "PNG"
  /// JPEG, as cameras write it; decoded by a build with the package trait `JPEG`.
  case jpeg = "JPEG"
  /// GIF, of which a file may hold many pictures.
  case gif = "GIF"
  /// A bitmap of Windows.
  case bmp = "BMP"
  /// WebP.
  case webp = "WebP"
  /// TIFF, raw pictures of many cameras among them.
  case tiff = "TIFF"
  /// HEIC or HEIF, as telephones write it.
  case heic = "HEIC"
  /// AVIF.
  case avif = "AVIF"
  /// A picture of the netpbm tools: PBM, PGM, PPM.
  case netpbm = "PPM"
  /// One array of NumPy.
  case npy = "npy"
  /// An archive, such as NumPy's `.npz`.
  case zip = "ZIP or npz"
  /// A Python pickle.
  case pickle = "pickle"
  /// HDF5, such as `.h5` and newer `.mat`.
  case hdf5 = "HDF5"
  /// A database of LMDB.
  case lmdb = "LMDB"
  /// A web page, as a failed download leaves it.
  case webPage = "HTML"
  /// What Git leaves in place of a large file.
  case largeFilePointer = "Git LFS pointer"

  /// The format that bytes begin as; nil if they begin as none of these.
  ///
  /// - Parameter bytes: The first bytes of a file; 32 are enough.
  public init?(startOf bytes: some Collection<UInt8>) {
    let head = Array(bytes.prefix(32))
    func has(_ text: String, at place: Int = 0) -> Bool { head.dropFirst(place).starts(with: text.utf8) }
    func has(_ values: [UInt8], at place: Int = 0) -> Bool { head.dropFirst(place).starts(with: values) }
    func isBrand(_ names: String...) -> Bool { has("ftyp", at: 4) && names.contains { has($0, at: 8) } }
    if has([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if has([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if has("GIF8") {
      self = .gif
    } else if has("BM") && head.count >= 18 && head[6..<10].allSatisfy({ $0 == 0 }) {
      self = .bmp
    } else if has("RIFF") && has("WEBP", at: 8) {
      self = .webp
    } else if has([0x49, 0x49, 0x2a, 0]) || has([0x4d, 0x4d, 0, 0x2a]) {
      self = .tiff
    } else if isBrand("avif", "avis") {
      self = .avif
    } else if isBrand("heic", "heix", "hevc", "mif1", "msf1", "heim", "heis") {
      self = .heic
    } else if let kind = head.dropFirst().first, has("P"), (0x31...0x36).contains(kind),
      let next = head.dropFirst(2).first, [0x09, 0x0a, 0x0d, 0x20].contains(next)
    {
      self = .netpbm
    } else if has([0x93]) && has("NUMPY", at: 1) {
      self = .npy
    } else if has([0x50, 0x4b, 3, 4]) || has([0x50, 0x4b, 5, 6]) {
      self = .zip
    } else if has([0x89]) && has("HDF", at: 1) {
      self = .hdf5
    } else if has([0xde, 0xc0, 0xef, 0xbe], at: 16) {
      self = .lmdb
    } else if has([0x80]) && head.count >= 2 && (2...5).contains(head[1]) {
      self = .pickle
    } else if has("version https://git-lfs") {
      self = .largeFilePointer
    } else if has("<!DOCTYPE") || has("<!doctype") || has("<html") || has("<HTML") {
      self = .webPage
    } else {
      return nil
    }
  }

  /// The formats that this build decodes.
  public static var decodable: [PictureFormat] { JPEGCodec.isBuiltIn ? [.png, .jpeg] : [.png] }

  /// Whether this build decodes it.
  public var isDecodable: Bool { Self.decodable.contains(self) }

  /// Whether a file of it is one picture, or a few, rather than a data set or no picture at all.
  public var isPicture: Bool {
    switch self {
    case .png, .jpeg, .gif, .bmp, .webp, .tiff, .heic, .avif, .netpbm: true
    case .npy, .zip, .pickle, .hdf5, .lmdb, .webPage, .largeFilePointer: false
    }
  }

  /// Endings of names under which pictures are looked for.
  static let endings: [PictureFormat: [String]] = [
    .png: ["png"], .jpeg: ["jpg", "jpeg", "jpe", "jfif"], .gif: ["gif"], .bmp: ["bmp", "dib"],
    .webp: ["webp"],
    .tiff: ["tif", "tiff"], .heic: ["heic", "heif"], .avif: ["avif"], .netpbm: ["ppm", "pgm", "pbm", "pnm"],
  ]

  private static let byEnding: [String: PictureFormat] = Dictionary(
    uniqueKeysWithValues: endings.flatMap { format, names in names.map { ($0, format) } })

  /// The picture format that a name's ending says; nil if it says none.
  static func named(_ name: String) -> PictureFormat? {
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return nil }
    return byEnding[name[name.index(after: point)...].lowercased()]
  }

  /// What to do about one file of it that is not decoded, as the end of a sentence.
  var advice: String {
    switch self {
    case .png: "it is a PNG file"
    case .jpeg: "it is a JPEG file: convert it to PNG, or build with --traits JPEG"
    case .largeFilePointer: "it is a Git LFS pointer: fetch the file itself (git lfs pull)"
    case .webPage: "it is a web page, as a failed download leaves: fetch the picture again"
    case .npy, .zip, .pickle, .hdf5, .lmdb: "it is no picture, but a file of the form \(rawValue)"
    default: "it is a \(rawValue) file: convert it to PNG"
    }
  }
}
