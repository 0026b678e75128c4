/// A plane of another size.
///
/// - Parameters:
///   - plane: `[height, width]`.
///   - width: Pixels of a source row.
///   - height: Source rows.
///   - size: Pixels of each side of the result.
///   - method: Nearest pixel or mean over the area.
/// - Returns: `[size, size]`; the same values if the size does not change.
/// - Precondition: no side is zero and `plane` has `width * height` values.
public func resized(
  _ plane: [UInt8], width: Int, height: Int, to size: Int, by method: Resize
) -> [UInt8] {
  precondition(plane.count == width * height && width > 0 && height > 0 && size > 0, "resized: empty plane")
  if width == size && height == size { return plane }
  switch method {
  case .nearest: return nearest(plane, width: width, height: height, size: size)
  case .area: return areaMean(plane, width: width, height: height, size: size)
  }
}

/// The plane turned counterclockwise by a multiple of 90 degrees, as `numpy.rot90` turns it.
///
/// - Parameters:
///   - plane: `[size, size]`.
///   - size: Pixels of each side.
///   - degrees: 0, 90, 180 or 270.
/// - Returns: `[size, size]`.
public func rotated(_ plane: [UInt8], size: Int, degrees: Int) -> [UInt8] {
  precondition(plane.count == size * size, "rotated: \(plane.count) values are not a square of side \(size)")
  var result = plane
  for y in 0..<size {
    for x in 0..<size { result[y * size + x] = plane[rotatedSource(y, x, size: size, degrees: degrees)] }
  }
  return result
}

/// Where the value at (y, x) of a turned square plane comes from.
package func rotatedSource(_ y: Int, _ x: Int, size: Int, degrees: Int) -> Int {
  let last = size - 1
  switch degrees {
  case 0: return y * size + x
  case 90: return x * size + last - y
  case 180: return (last - y) * size + last - x
  case 270: return (last - x) * size + y
  default: preconditionFailure("rotated: \(degrees) degrees; use 0, 90, 180 or 270")
  }
}

/// The centre (o + ½) of an output pixel lies at (o + ½)·length/size of the source: floor in integers.
private func nearest(_ plane: [UInt8], width: Int, height: Int, size: Int) -> [UInt8] {
  let columns = (0..<size).map { (2 * $0 + 1) * width / (2 * size) }
  var result: [UInt8] = []
  result.reserveCapacity(size * size)
  for y in 0..<size {
    let row = (2 * y + 1) * height / (2 * size) * width
    for x in columns { result.append(plane[row + x]) }
  }
  return result
}

/// On a grid `size` times finer, source pixel j covers [j·size, (j+1)·size) and output pixel o covers
/// [o·length, (o+1)·length): every overlap is a whole number, so the mean is exact up to its one rounding.
private func areaMean(_ plane: [UInt8], width: Int, height: Int, size: Int) -> [UInt8] {
  let across = overlaps(length: width, size: size)
  let down = overlaps(length: height, size: size)
  var rows = [Int](repeating: 0, count: height * size)
  for y in 0..<height {
    for x in 0..<size {
      var sum = 0
      for (source, weight) in across[x] { sum += weight * Int(plane[y * width + source]) }
      rows[y * size + x] = sum
    }
  }
  let whole = width * height
  var result = [UInt8](repeating: 0, count: size * size)
  for y in 0..<size {
    for x in 0..<size {
      var sum = 0
      for (source, weight) in down[y] { sum += weight * rows[source * size + x] }
      result[y * size + x] = UInt8((sum + whole / 2) / whole)
    }
  }
  return result
}

/// Source pixels under each output pixel, with the length of the overlap; each list adds up to `length`.
private func overlaps(length: Int, size: Int) -> [[(source: Int, weight: Int)]] {
  (0..<size).map { o in
    let (low, high) = (o * length, (o + 1) * length)
    return (low / size...(high - 1) / size).map { j in
      (j, min(high, (j + 1) * size) - max(low, j * size))
    }
  }
}
