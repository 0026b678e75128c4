/// An affine map of the plane: x' = a·x + b·y + c, y' = d·x + e·y + f.
struct AffineMap {
  var a, b, c, d, e, f: Double

  /// Where three points come from, if the map takes `from` to `to`: the inverse of that map.
  ///
  /// - Precondition: the three points of `to` are not on one line.
  static func inverse(from: [(x: Double, y: Double)], to: [(x: Double, y: Double)]) -> AffineMap {
    // With differences as columns, the map is F·T⁻¹ from `to` to `from`.
    let (t1, t2) = ((to[1].x - to[0].x, to[1].y - to[0].y), (to[2].x - to[0].x, to[2].y - to[0].y))
    let (f1, f2) = (
      (from[1].x - from[0].x, from[1].y - from[0].y), (from[2].x - from[0].x, from[2].y - from[0].y)
    )
    let determinant = t1.0 * t2.1 - t2.0 * t1.1
    precondition(determinant != 0, "affine map: three points on one line")
    let a = (f1.0 * t2.1 - f2.0 * t1.1) / determinant
    let b = (f2.0 * t1.0 - f1.0 * t2.0) / determinant
    let d = (f1.1 * t2.1 - f2.1 * t1.1) / determinant
    let e = (f2.1 * t1.0 - f1.1 * t2.0) / determinant
    return AffineMap(
      a: a, b: b, c: from[0].x - a * to[0].x - b * to[0].y, d: d, e: e,
      f: from[0].y - d * to[0].x - e * to[0].y)
  }

  /// A linear map about the middle of a picture, and a shift.
  static func centred(
    on image: PlanarImage, _ a: Double, _ b: Double, _ d: Double, _ e: Double, shiftX: Double = 0,
    shiftY: Double = 0
  ) -> AffineMap {
    let (x, y) = (Double(image.width - 1) / 2, Double(image.height - 1) / 2)
    return AffineMap(a: a, b: b, c: x - a * x - b * y + shiftX, d: d, e: e, f: y - d * x - e * y + shiftY)
  }
}

extension PlanarImage {
  /// The picture whose pixel (x, y) is this one's at the mapped point, bilinear between pixels.
  func warped(by map: AffineMap, border: Border) -> PlanarImage {
    sampled(border: border) { x, y in
      (map.a * x + map.b * y + map.c, map.d * x + map.e * y + map.f)
    }
  }

  /// The picture whose pixel (x, y) is this one's at another point, bilinear between pixels.
  @inline(__always)
  func sampled(border: Border, _ source: (_ x: Double, _ y: Double) -> (Double, Double)) -> PlanarImage {
    var result = pixels
    for y in 0..<height {
      for x in 0..<width {
        let (sx, sy) = source(Double(x), Double(y))
        let (left, top) = (sx.rounded(.down), sy.rounded(.down))
        let (u, v) = (Float(sx - left), Float(sy - top))
        let x0 = border.inside(Int(left), width)
        let x1 = border.inside(Int(left) + 1, width)
        let y0 = border.inside(Int(top), height) * width
        let y1 = border.inside(Int(top) + 1, height) * width
        for c in 0..<channels {
          let base = c * planeCount
          let upper = pixels[base + y0 + x0] * (1 - u) + pixels[base + y0 + x1] * u
          let lower = pixels[base + y1 + x0] * (1 - u) + pixels[base + y1 + x1] * u
          result[base + y * width + x] = upper * (1 - v) + lower * v
        }
      }
    }
    return with(result)
  }
}
