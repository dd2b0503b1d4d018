// Selectors and names: what matches nothing is an error that says what there is.
import Testing
import Torch
import Transformers

@Suite struct SelectionTests {
    let model: Transformer
    let tokens: Tokens

    init() throws {
        model = try Fixture(name: "gpt-neox-parallel").model()
        tokens = try Tokens([[1, 2, 3, 4], [5, 6, 7]])
    }

    @Test(arguments: [
        (Selector.z.layer(2), "attn.hook_z: layer 2 does not exist; the last is 1."),
        (.z.head(0, 5), "attn.hook_z: head 5 does not exist; the last is 4."),
        (.z.positions([4]), "attn.hook_z: position 4 does not exist; the last is 3."),
        (.residPre.heads([0]), "hook_resid_pre is not split into heads; select layers or positions only."),
        (
            .z.layers([]), "attn.hook_z: an empty list of layers, heads or positions selects nothing."
        ),
        (
            .residMid,
            """
            this gpt_neox model has no hook_resid_mid; it has: hook_embed, blocks.*.hook_resid_pre, \
            blocks.*.ln1.hook_scale, blocks.*.ln1.hook_normalized, blocks.*.attn.hook_q, blocks.*.attn.hook_k, \
            blocks.*.attn.hook_v, blocks.*.attn.hook_rot_q, blocks.*.attn.hook_rot_k, blocks.*.attn.hook_attn_scores, \
            blocks.*.attn.hook_pattern, blocks.*.attn.hook_z, blocks.*.attn.hook_result, blocks.*.hook_attn_out, \
            blocks.*.ln2.hook_scale, blocks.*.ln2.hook_normalized, blocks.*.mlp.hook_pre, blocks.*.mlp.hook_post, \
            blocks.*.hook_mlp_out, blocks.*.hook_resid_post, ln_final.hook_scale, ln_final.hook_normalized, logits.
            """
        ),
    ])
    func aSelectorThatMatchesNothingIsAnError(selector: Selector, message: String) {
        let error = #expect(throws: SelectionError.self) {
            try model.run(tokens, applying: [.zero(selector)])
        }
        #expect(error?.description == message)
    }

    @Test func recordingsKeepWholeSites() {
        let error = #expect(throws: SelectionError.self) { try model.run(tokens, recording: [.z.head(0, 1)]) }
        #expect(
            error?.description
                == "attn.hook_z: a recording keeps all heads and positions; take heads or positions from what it kept."
        )
    }

    @Test func aValueThatDoesNotFitIsAnError() {
        let edit = Intervention.edit(.z.head(0, 1)) { _, value in value.sum(3) }
        let error = #expect(throws: SelectionError.self) { try model.run(tokens, applying: [edit]) }
        #expect(
            error?.description == """
                blocks.0.attn.hook_z: a value of shape [2, 4, 1] does not fit the selected part, which has shape \
                [2, 4, 1, 8].
                """
        )
    }

    @Test func replacingFromARunThatDidNotRecordIsAnError() throws {
        let other = try model.run(tokens, recording: [.z.layer(0)])
        let error = #expect(throws: SelectionError.self) {
            try model.run(tokens, applying: [.replace(.z, from: other)])
        }
        #expect(
            error?.description
                == "blocks.1.attn.hook_z was not recorded; add it to the recording that values are taken from."
        )
    }

    @Test func namesAndPatterns() throws {
        #expect(try model.config.sites(matching: "blocks.*.attn.hook_z").map(\.layer) == [0, 1])
        #expect(try model.config.sites(matching: "logits") == [Site(.logits)])
        #expect(try model.config.sites(matching: "*hook_scale").count == 5)
        #expect(try model.config.sites(matching: "blocks.1.*").count == 19)
        #expect(throws: SelectionError.self) { try model.config.sites(matching: "blocks.*.attn.hook_zz") }
    }

    @Test(arguments: [
        (
            [[1, 2], [3, 61]] as [[Int]],
            "prompt 1, position 1: token id 61 is outside the vocabulary, which ends at 60;"
        ),
        ([[1, -1]], "prompt 0, position 1: token id -1 is outside the vocabulary, which ends at 60;"),
        ([Array(repeating: 1, count: 68)], "prompt 0 has 68 tokens, the model's context is 67;"),
    ])
    func tokensAreChecked(rows: [[Int]], message: String) throws {
        let error = #expect(throws: TokensError.self) { try model.run(Tokens(rows)) }
        #expect(error?.description.hasPrefix(message) == true)
    }

    @Test func emptyPromptsAreErrors() {
        #expect(throws: TokensError.noPrompts) { try Tokens([]) }
        #expect(throws: TokensError.emptyPrompt(1)) { try Tokens([[1], []]) }
    }
}
