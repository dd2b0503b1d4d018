// Reads what a figure encodes to, the way another program would: as JSON.

import Figures
import Foundation

/// A JSON value with forgiving access: a missing member is a value that is nil.
struct JSON {
    var value: Any?

    init(_ value: Any?) { self.value = value }

    /// What a figure encodes to.
    init(_ figure: some Figure) throws {
        value = try JSONSerialization.jsonObject(with: figure.spec.json())
    }

    subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }
    subscript(index: Int) -> JSON {
        let list = array
        return list.indices.contains(index) ? list[index] : JSON(nil)
    }

    var array: [JSON] { (value as? [Any])?.map { JSON($0) } ?? [] }
    var string: String? { value as? String }
    var double: Double? { value is NSNull ? nil : (value as? NSNumber)?.doubleValue }
    var flag: Bool? { (value as? NSNumber)?.boolValue }
    var isNull: Bool { value is NSNull }
    var isMissing: Bool { value == nil }
    var keys: Set<String> { Set((value as? [String: Any])?.keys.map { $0 } ?? []) }
    var doubles: [Double] { array.compactMap(\.double) }
    var strings: [String] { array.compactMap(\.string) }

    /// Every string that stands under `key`, at any depth.
    func all(_ key: String) -> [String] {
        if let members = value as? [String: Any] {
            return members.flatMap { name, member in
                (name == key ? [member as? String].compactMap(\.self) : []) + JSON(member).all(key)
            }
        }
        return array.flatMap { $0.all(key) }
    }

    /// Every mark of a kind in the view's layers, at any depth, in drawing order.
    func layers(of kind: String) -> [JSON] {
        (self["mark"]["type"].string == kind ? [self] : [])
            + self["layer"].array.flatMap { $0.layers(of: kind) }
    }

    /// The rows of the names beside a plot of curves.
    var labelRows: [JSON] {
        self["layer"].array.flatMap { $0["data"]["values"].array }.filter { !$0["label"].isMissing }
    }

    /// Whether the mark carries an axis along x.
    var hasShownX: Bool { !self["encoding"]["x"]["axis"]["values"].isMissing }

    /// Every key, at any depth.
    var allKeys: Set<String> {
        if let members = value as? [String: Any] {
            return members.reduce(into: keys) { $0.formUnion(JSON($1.value).allKeys) }
        }
        return array.reduce(into: Set()) { $0.formUnion($1.allKeys) }
    }
}
