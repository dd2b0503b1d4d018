// Counts, means and centred sums of pairs (x, y): what a least-squares line needs, with groups put together exactly (Chan,
// Golub and LeVeque 1983). Centred sums lose no digits where x is far from 0 and its spread small.

struct Moments {
    private(set) var count = 0.0
    private(set) var x = 0.0  // mean
    private(set) var y = 0.0  // mean
    private(set) var xx = 0.0  // sum of (x - mean)^2
    private(set) var xy = 0.0  // sum of (x - mean) (y - mean)
    private(set) var yy = 0.0  // sum of (y - mean)^2

    mutating func add(_ newX: Double, _ newY: Double) {
        count += 1
        let (dx, dy) = (newX - x, newY - y)
        x += dx / count
        y += dy / count
        xx += dx * (newX - x)
        xy += dx * (newY - y)
        yy += dy * (newY - y)
    }

    func merged(with other: Moments) -> Moments {
        var sum = Moments()
        sum.count = count + other.count
        let share = other.count / sum.count
        let weight = count * share
        let (dx, dy) = (other.x - x, other.y - y)
        sum.x = x + dx * share
        sum.y = y + dy * share
        sum.xx = xx + other.xx + weight * dx * dx
        sum.xy = xy + other.xy + weight * dx * dy
        sum.yy = yy + other.yy + weight * dy * dy
        return sum
    }

    /// Of (x - origin) / unit in the place of x.
    func rescaled(origin: Double, unit: Double = 1) -> Moments {
        var result = self
        result.x = (x - origin) / unit
        result.xx = xx / (unit * unit)
        result.xy = xy / unit
        return result
    }

    /// The same values of y, all at one x.
    func gathered(at place: Double) -> Moments {
        var result = self
        (result.x, result.xx, result.xy) = (place, 0, 0)
        return result
    }

    /// Slope of the least-squares line; 0 where x has no spread.
    var slope: Double { xx > 0 ? xy / xx : 0 }

    /// The line's value at an x.
    func line(at place: Double) -> Double { y + slope * (place - x) }

    /// Sum of squared distances from the line.
    var residual: Double { max(0, yy - slope * xy) }
}
